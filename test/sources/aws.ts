/**
 * Every source of AWS, each as it is set up where all is well.
 */
import { join } from "node:path"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Aws from "../../src/aws.js"
import { type CredentialSource, FileCache } from "../../src/index.js"
import { shared } from "../support/fleetNodes.js"
import {
  account,
  arnOf,
  command,
  configFile,
  container,
  far,
  inHome,
  job,
  key,
  keys,
  loggedIn,
  loginFile,
  past,
  program,
  role,
  sections,
  session,
  signedIn,
  sso,
  ssoFile,
  startUrl,
  tokenFile,
  variables,
  webIdentity
} from "./awsHome.js"
import { secrets } from "./secrets.js"
import type { Listed, Services, Setup } from "./withSource.js"

type Source = CredentialSource<Aws.Credentials>

const listed = (
  name: string,
  id: string,
  setup: (home: string) => Setup,
  more: Partial<Listed> = {}
): Listed => ({ name, cloud: "aws", id, configured: true, setup, ...more })

/** What nobody has configured, and is there. */
const discovered = { configured: false }

const provided = <E, R>(layer: Layer.Layer<Aws.CredentialProvider, E, R>) =>
  Effect.provide(Aws.CredentialProvider, layer)

const own: Effect.Effect<Source> = Effect.orDie(provided(Aws.Static.layer(key)))

const inConfig = { place: configFile }

/** The profile `default` of this content. */
const profile = (name: string, id: string, rest: Omit<Setup, "source">, ...lines: ReadonlyArray<string>) =>
  listed(
    `profile: ${name}`,
    id,
    () => ({
      ...rest,
      files: { [configFile]: sections(`[default]\n${lines.join("\n")}`), ...rest.files },
      source: Aws.Profile.make()
    }),
    inConfig
  )

const assumed = (options: Omit<Aws.AssumedRole.Options, "roleArn"> & { readonly role: string }) => {
  const { role: name, ...rest } = options
  return Effect.flatMap(own, (base) =>
    Aws.AssumedRole.make(base, { roleArn: arnOf(name), roleSessionName: "report", ...rest })
  )
}

/** A role that is had again and again from whom all its users share. */
const keyed = Effect.gen(function* () {
  const base = yield* own
  const services = yield* Effect.context<Services>()
  const roles = yield* Effect.provide(Aws.RoleCredentialsCache, Aws.RoleCredentialsCache.layer)
  const shared = <A, E>(effect: Effect.Effect<A, E, Aws.RoleServices>) =>
    effect.pipe(
      Effect.provideService(Aws.CredentialProvider, base),
      Effect.provideService(Aws.RoleCredentialsCache, roles),
      Effect.provide(services)
    )
  return { shared, options: { roleArn: arnOf("keyed"), roleSessionName: "report" } }
})

const chain = (
  name: string,
  id: string,
  setup: (home: string) => Omit<Setup, "source">,
  more?: Partial<Listed>
) =>
  listed(`default chain: ${name}`, id, (home) => ({ ...setup(home), source: Aws.DefaultChain.make() }), more)

const static_: ReadonlyArray<Listed> = [
  listed("static", key.accessKeyId, () => ({ source: own })),
  listed("environment", key.accessKeyId, () => ({
    env: variables,
    source: Effect.succeed(Aws.Environment.source)
  }))
]

const profiles: ReadonlyArray<Listed> = [
  listed(
    "profile: keys",
    key.accessKeyId,
    () => ({
      files: { ".aws/credentials": sections(keys) },
      source: Aws.Profile.make()
    }),
    { place: ".aws/credentials" }
  ),
  profile(
    "role over source_profile",
    "ASIA.second",
    { files: { ".aws/credentials": sections(keys.replace("default", "base")) } },
    role("second"),
    "source_profile = first",
    "[profile first]",
    role("first"),
    "source_profile = base"
  ),
  profile("Environment", "ASIA.named", { env: variables }, role("named"), "credential_source = Environment"),
  profile(
    "EcsContainer",
    "ASIA.named",
    { env: container },
    role("named"),
    "credential_source = EcsContainer"
  ),
  profile("Ec2InstanceMetadata", "ASIA.named", {}, role("named"), "credential_source = Ec2InstanceMetadata"),
  listed(
    "profile: web identity",
    "ASIA.web",
    (home) => ({
      files: {
        ...tokenFile,
        [configFile]: sections(`[default]\n${role("web")}\nweb_identity_token_file = ${join(home, "token")}`)
      },
      source: Aws.Profile.make()
    }),
    inConfig
  ),
  listed(
    "profile: process",
    "ASIA.command",
    (home) => ({
      files: {
        ...program,
        [configFile]: sections(`[default]
credential_process = ${command(home)}`)
      },
      source: Aws.Profile.make()
    }),
    inConfig
  ),
  profile(
    "SSO",
    "ASIA.sso",
    { files: { [ssoFile("corp")]: signedIn(past) } },
    "sso_session = corp",
    `sso_account_id = ${account}`,
    "sso_role_name = reader",
    "[sso-session corp]",
    `sso_start_url = ${startUrl}`,
    "sso_region = us-east-1"
  ),
  profile(
    "SSO of old",
    "ASIA.sso",
    { files: { [ssoFile(startUrl)]: signedIn(far) } },
    `sso_start_url = ${startUrl}`,
    "sso_region = us-east-1",
    `sso_account_id = ${account}`,
    "sso_role_name = reader"
  ),
  profile("login", "ASIA.login", { files: { [loginFile]: loggedIn(past) } }, `login_session = ${session}`)
]

const sessions: ReadonlyArray<Listed> = [
  listed("SSO", "ASIA.sso", () => ({
    files: { [ssoFile("corp")]: signedIn(far) },
    source: Aws.Sso.make(sso)
  })),
  listed("SSO, to be renewed", "ASIA.sso", () => ({
    files: { [ssoFile("corp")]: signedIn(past) },
    source: Aws.Sso.make(sso)
  })),
  listed("SSO token", "a token", () => ({
    files: { [ssoFile("corp")]: signedIn(past) },
    source: Effect.map(Aws.SsoToken.make(sso), ({ get, name }) => ({
      name,
      get: Effect.map(get, (token) => ({
        ...token,
        accessKeyId: Redacted.value(token.token) === secrets.newAccessToken ? "a token" : "another"
      }))
    }))
  })),
  listed("login", "ASIA.login", () => ({
    files: { [loginFile]: loggedIn(far) },
    source: Aws.Login.make({ loginSession: session })
  })),
  listed("login, to be renewed", "ASIA.login", () => ({
    files: { [loginFile]: loggedIn(past) },
    source: Aws.Login.make({ loginSession: session })
  }))
]

const machines: ReadonlyArray<Listed> = [
  listed("container, relative", "ASIA.container", () => ({ env: container, source: Aws.Container.make() })),
  listed("container, full, with a token file", "ASIA.pod", (home) => ({
    env: {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://169.254.170.23/v1/credentials",
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: join(home, "token")
    },
    files: { token: secrets.containerToken },
    source: Aws.Container.make()
  })),
  listed("instance metadata", "ASIA.instance", () => ({ source: Aws.InstanceMetadata.make() }), discovered),
  listed("process", "ASIA.command", (home) => ({
    files: { ...program },
    source: Aws.Process.make({ command: command(home) })
  }))
]

const roles: ReadonlyArray<Listed> = [
  listed("web identity, from the environment", "ASIA.web", (home) => ({
    env: inHome(home, webIdentity),
    files: tokenFile,
    source: Aws.WebIdentity.fromEnvironment
  })),
  listed("web identity, with an effect", "ASIA.web", () => ({
    source: Aws.WebIdentity.make({
      roleArn: arnOf("web"),
      token: Effect.succeed(Redacted.make(secrets.oidcToken))
    })
  })),
  listed("web identity, of a GitHub Actions job", "ASIA.web", () => ({
    env: job,
    source: Aws.WebIdentity.make({ roleArn: arnOf("web"), token: Aws.WebIdentity.githubActions() })
  })),
  listed("role", "ASIA.reader", () => ({ source: assumed({ role: "reader" }) })),
  listed("role with MFA", "ASIA.admin", () => ({
    source: assumed({ role: "admin", mfaSerial: `arn:aws:iam::${account}:mfa/alice` })
  })),
  listed("role over an instance", "ASIA.over", () => ({
    source: Effect.flatMap(Aws.InstanceMetadata.make(), (base) =>
      Aws.AssumedRole.make(base, { roleArn: arnOf("over"), roleSessionName: "report" })
    )
  })),
  listed("role credentials", "ASIA.keyed", () => ({
    source: Effect.map(keyed, ({ options, shared }) => ({
      name: "role credentials",
      get: shared(Aws.roleCredentials(options))
    }))
  })),
  listed("as a role", "ASIA.keyed", () => ({
    source: Effect.map(keyed, ({ options, shared }) => ({
      name: "as a role",
      get: shared(Aws.asRole(options)(Effect.flatMap(Aws.CredentialProvider, ({ get }) => get)))
    }))
  })),
  listed("guard", key.accessKeyId, () => ({
    source: Effect.flatMap(own, Aws.expectAccount(account))
  })),
  listed(
    "guard of an ARN",
    "ASIA.instance",
    () => ({
      source: Effect.flatMap(Aws.InstanceMetadata.make(), Aws.expectArn(`arn:aws:iam::${account}:user/*`))
    }),
    discovered
  ),
  listed("role in a cache", "ASIA.cached", (home) => ({
    source: Effect.flatMap(assumed({ role: "cached" }), (source) =>
      Effect.orDie(FileCache.make("aws", source, { directory: join(home, "cache"), key: { role: "cached" } }))
    )
  })),
  listed("role in a sealed cache", "ASIA.cached", (home) => ({
    source: Effect.flatMap(assumed({ role: "cached" }), (source) =>
      Effect.orDie(
        FileCache.make("aws", source, {
          directory: join(home, "sealed"),
          key: { role: "cached" },
          encryptionKey: Redacted.make(new Uint8Array(32).fill(7))
        })
      )
    )
  })),
  listed("role in a fleet's cache", "ASIA.cached", () => ({
    source: Effect.flatMap(assumed({ role: "cached" }), (source) => shared("aws", source))
  })),
  listed("role in the AWS CLI's cache", "ASIA.cached", () => ({
    source: Effect.flatMap(assumed({ role: "cached" }), (source) =>
      Aws.CliCache.assumedRole(source, { roleArn: arnOf("cached") })
    )
  }))
]

const chains: ReadonlyArray<Listed> = [
  chain("environment", key.accessKeyId, () => ({ env: variables })),
  chain(
    "profile",
    "ASIA.first",
    () => ({
      files: {
        [configFile]: sections(`[default]\n${role("first")}\nsource_profile = base`),
        ".aws/credentials": sections(keys.replace("default", "base"))
      }
    }),
    inConfig
  ),
  chain("web identity", "ASIA.web", (home) => ({ env: inHome(home, webIdentity), files: tokenFile })),
  chain("container", "ASIA.container", () => ({ env: container })),
  chain("instance", "ASIA.instance", () => ({}), discovered)
]

/** What answers with a promise, which needs a running program. */
export const awsPromises: ReadonlyArray<Listed> = [
  listed("provider of AWS's SDK", key.accessKeyId, () => ({
    source: Effect.succeed(Aws.fromAwsProvider(() => Promise.resolve(key)))
  }))
]

export const awsSources: ReadonlyArray<Listed> = [
  ...static_,
  ...profiles,
  ...sessions,
  ...machines,
  ...roles,
  ...chains
]
