/**
 * Every source of AWS, each as it is set up where all is well.
 */
import { createHash } from "node:crypto"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Aws from "../../src/aws.js"
import { type CredentialSource, FileCache } from "../../src/index.js"
import { shared } from "../support/fleetNodes.js"
import { commandSecret, dpopKey, programFile, secrets } from "./secrets.js"
import type { Listed, Services, Setup } from "./withSource.js"

type Source = CredentialSource<Aws.Credentials>

const account = "123456789012"
const arnOf = (role: string): string => `arn:aws:iam::${account}:role/${role}`

const listed = (
  name: string,
  id: string,
  setup: (home: string) => Setup,
  more: Partial<Listed> = {}
): Listed => ({ name, cloud: "aws", id, configured: true, setup, ...more })

/** What nobody has configured, and is there. */
const discovered = { configured: false }

const key = {
  accessKeyId: "AKIA.own",
  secretAccessKey: secrets.accessKeySecret,
  sessionToken: secrets.securityToken
}

const provided = <E, R>(layer: Layer.Layer<Aws.CredentialProvider, E, R>) =>
  Effect.provide(Aws.CredentialProvider, layer)

const own: Effect.Effect<Source> = Effect.orDie(provided(Aws.Static.layer(key)))

const variables = {
  AWS_ACCESS_KEY_ID: key.accessKeyId,
  AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
  AWS_SESSION_TOKEN: key.sessionToken
}

const container = {
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/creds",
  AWS_CONTAINER_AUTHORIZATION_TOKEN: secrets.containerToken
}

const job = {
  ACTIONS_ID_TOKEN_REQUEST_URL: "https://github.test/token?version=2",
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: secrets.jobToken
}

const configFile = ".aws/config"
const inConfig = { place: configFile }
const sections = (...texts: ReadonlyArray<string>): string => `${texts.join("\n\n")}\n`

const keys = `[default]
aws_access_key_id = ${key.accessKeyId}
aws_secret_access_key = ${key.secretAccessKey}
aws_session_token = ${key.sessionToken}`

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

const role = (name: string): string => `role_arn = ${arnOf(name)}`

const startUrl = "https://corp.awsapps.com/start"
const sha1 = (text: string): string => createHash("sha1").update(text).digest("hex")
const ssoFile = (name: string): string => `.aws/sso/cache/${sha1(name)}.json`
const far = "2100-01-01T00:00:00Z"
const past = "2020-01-01T00:00:00Z"

const signedIn = (expiresAt: string): string =>
  JSON.stringify({
    startUrl,
    region: "us-east-1",
    accessToken: secrets.accessToken,
    expiresAt,
    clientId: "client",
    clientSecret: secrets.clientSecret,
    registrationExpiresAt: far,
    refreshToken: secrets.refreshToken
  })

const sso = { startUrl, region: "us-east-1", accountId: account, roleName: "reader", sessionName: "corp" }

const session = "arn:aws:sts::123456789012:assumed-role/Admin/alice"
const loginFile = `.aws/login/cache/${createHash("sha256").update(session).digest("hex")}.json`

const loggedIn = (expiresAt: string): string =>
  JSON.stringify({
    accessToken: {
      accessKeyId: "ASIA.login",
      secretAccessKey: key.secretAccessKey,
      sessionToken: key.sessionToken,
      accountId: account,
      expiresAt
    },
    tokenType: "aws_sigv4",
    clientId: "arn:aws:signin:::devtools/same-device",
    refreshToken: secrets.refreshToken,
    idToken: secrets.accessToken,
    dpopKey
  })

const printed = JSON.stringify({
  Version: 1,
  AccessKeyId: "ASIA.command",
  SecretAccessKey: secrets.issuedSecret,
  SessionToken: secrets.issuedToken,
  Expiration: far
})

/** A program that prints it. */
const program = { [programFile]: `cat <<'END'\n${printed}\nEND\n` }
const command = (home: string): string => `sh ${join(home, programFile)} # ${commandSecret}`

const webIdentity = {
  AWS_WEB_IDENTITY_TOKEN_FILE: "token",
  AWS_ROLE_ARN: arnOf("web")
}

const inHome = (home: string, env: Readonly<Record<string, string>>) => ({
  ...env,
  AWS_WEB_IDENTITY_TOKEN_FILE: join(home, "token")
})

const tokenFile = { token: `${secrets.oidcToken.replaceAll(/\s/g, "")}\n` }

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
