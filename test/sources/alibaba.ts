/**
 * Every source of Alibaba Cloud, each as it is set up where all is well.
 */
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Alibaba from "../../src/alibaba.js"
import { type CredentialSource, FileCache } from "../../src/index.js"
import { shared } from "../support/fleetNodes.js"
import { commandSecret, programFile, secrets } from "./secrets.js"
import type { Listed, Services, Setup } from "./withSource.js"

type Source = CredentialSource<Alibaba.Credentials>

const account = "123456789012"
const arnOf = (role: string): string => `acs:ram::${account}:role/${role}`

const listed = (
  name: string,
  id: string,
  setup: (home: string) => Setup,
  more: Partial<Listed> = {}
): Listed => ({ name, cloud: "alibaba", id, configured: true, setup, ...more })

/** What nobody has configured, and is there. */
const discovered = { configured: false }

const key = {
  accessKeyId: "LTAI.own",
  accessKeySecret: secrets.accessKeySecret,
  securityToken: secrets.securityToken
}

const own: Effect.Effect<Source> = Effect.orDie(
  Effect.provide(Alibaba.CredentialProvider, Alibaba.Static.layer(key))
)

const variables = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: key.accessKeyId,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: key.accessKeySecret,
  ALIBABA_CLOUD_SECURITY_TOKEN: key.securityToken
}

const job = {
  ACTIONS_ID_TOKEN_REQUEST_URL: "https://github.test/token?version=2",
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: secrets.jobToken
}

const uri = `https://uri.test/credentials?token=${secrets.uriToken}`
const provider = `acs:ram::${account}:oidc-provider/ack`
const tokenFile = { token: `${secrets.oidcToken}\n` }

const oidcVariables = (home: string) => ({
  ALIBABA_CLOUD_ROLE_ARN: arnOf("web"),
  ALIBABA_CLOUD_OIDC_PROVIDER_ARN: provider,
  ALIBABA_CLOUD_OIDC_TOKEN_FILE: join(home, "token")
})

const cliFile = ".aliyun/config.json"
const inCliFile = { place: cliFile }
const sharedFile = ".alibabacloud/credentials"
const inSharedFile = { place: sharedFile }
const far = Date.UTC(2100, 0, 1) / 1_000
const past = Date.UTC(2020, 0, 1) / 1_000

const pair = { access_key_id: key.accessKeyId, access_key_secret: key.accessKeySecret }
const role = { ram_role_arn: arnOf("reader"), ram_session_name: "report" }
const command = (home: string): string => `sh ${join(home, programFile)} ${commandSecret}`

/** Profile `dev` of a mode, and the profile that others build upon. */
const cliProfile = (mode: string, settings: object): string =>
  JSON.stringify(
    {
      current: "dev",
      profiles: [
        { name: "dev", mode, ...settings },
        { name: "base", mode: "StsToken", ...pair, sts_token: key.securityToken }
      ]
    },
    null,
    2
  )

const cli = (
  mode: string,
  id: string,
  settings: (home: string) => object,
  files: Setup["files"] = {},
  name = mode
) =>
  listed(
    `CLI profile: ${name}`,
    id,
    (home) => ({
      files: { [cliFile]: cliProfile(mode, settings(home)), ...files },
      source: Alibaba.CliProfile.make()
    }),
    inCliFile
  )

const printed = JSON.stringify({
  mode: "StsToken",
  access_key_id: "STS.command",
  access_key_secret: secrets.issuedSecret,
  sts_token: secrets.issuedToken,
  expiration: "2100-01-01T00:00:00Z"
})

/** A program that prints it. */
const program = { [programFile]: `cat <<'END'\n${printed}\nEND\n` }

const oauth = (expires: number) => ({
  oauth_site_type: "CN",
  oauth_access_token: secrets.accessToken,
  oauth_refresh_token: secrets.refreshToken,
  oauth_access_token_expire: expires
})

const cliProfiles: ReadonlyArray<Listed> = [
  cli("AK", key.accessKeyId, () => pair),
  cli("StsToken", key.accessKeyId, () => ({ ...pair, sts_token: key.securityToken })),
  cli("RamRoleArn", "STS.reader", () => ({ ...pair, ...role })),
  cli("EcsRamRole", "STS.instance", () => ({ ram_role_name: "instance" })),
  cli(
    "OIDC",
    "STS.reader",
    (home) => ({ ...role, oidc_provider_arn: provider, oidc_token_file: join(home, "token") }),
    tokenFile
  ),
  cli("ChainableRamRoleArn", "STS.reader", () => ({ ...role, source_profile: "base" })),
  cli("External", "STS.command", (home) => ({ process_command: command(home) }), program),
  cli("CredentialsURI", "STS.uri", () => ({ credentials_uri: uri })),
  cli("CloudSSO", "STS.cloud-sso", () => ({
    cloud_sso_sign_in_url: "https://signin.test/start",
    cloud_sso_account_id: account,
    cloud_sso_access_config: "ac-1",
    access_token: secrets.accessToken,
    cloud_sso_access_token_expire: far
  })),
  cli("OAuth", "STS.oauth", () => oauth(far)),
  cli("OAuth", "STS.oauth", () => oauth(past), {}, "OAuth, to be renewed")
]

const type = (
  name: string,
  id: string,
  lines: (home: string) => ReadonlyArray<string>,
  files?: Setup["files"]
) =>
  listed(
    `credentials file: ${name}`,
    id,
    (home) => ({
      files: {
        [sharedFile]: ["[default]", `type = ${name}`, ...lines(home), ""].join("\n"),
        ...files
      },
      source: Alibaba.CredentialsFile.make()
    }),
    inSharedFile
  )

const pairLines = [`access_key_id = ${key.accessKeyId}`, `access_key_secret = ${key.accessKeySecret}`]
const roleLines = [`role_arn = ${arnOf("reader")}`, "role_session_name = report"]

const credentialsFiles: ReadonlyArray<Listed> = [
  type("access_key", key.accessKeyId, () => pairLines),
  type("sts", key.accessKeyId, () => [...pairLines, `security_token = ${key.securityToken}`]),
  type("ecs_ram_role", "STS.instance", () => ["role_name = instance"]),
  type("ram_role_arn", "STS.reader", () => [...pairLines, ...roleLines]),
  type(
    "oidc_role_arn",
    "STS.reader",
    (home) => [
      ...roleLines,
      `oidc_provider_arn = ${provider}`,
      `oidc_token_file_path = ${join(home, "token")}`
    ],
    tokenFile
  ),
  type("credentials_uri", "STS.uri", () => [`credentials_uri = ${uri}`])
]

const assumed = (name: string) =>
  Effect.flatMap(own, (base) =>
    Alibaba.RamRoleArn.make(base, { roleArn: arnOf(name), roleSessionName: "report" })
  )

const keyed = Effect.gen(function* () {
  const base = yield* own
  const services = yield* Effect.context<Services>()
  const roles = yield* Effect.provide(Alibaba.RoleCredentialsCache, Alibaba.RoleCredentialsCache.layer)
  const shared = <A, E>(effect: Effect.Effect<A, E, Alibaba.RoleServices>) =>
    effect.pipe(
      Effect.provideService(Alibaba.CredentialProvider, base),
      Effect.provideService(Alibaba.RoleCredentialsCache, roles),
      Effect.provide(services)
    )
  return { shared, options: { roleArn: arnOf("keyed"), roleSessionName: "report" } }
})

const others: ReadonlyArray<Listed> = [
  listed("static", key.accessKeyId, () => ({ source: own })),
  listed("environment", key.accessKeyId, () => ({
    env: variables,
    source: Effect.succeed(Alibaba.Environment.source)
  })),
  listed("OIDC, from the environment", "STS.web", (home) => ({
    env: oidcVariables(home),
    files: tokenFile,
    source: Alibaba.Oidc.fromEnvironment
  })),
  listed("OIDC, with an effect", "STS.web", () => ({
    source: Alibaba.Oidc.make({
      roleArn: arnOf("web"),
      oidcProviderArn: provider,
      token: Effect.succeed(Redacted.make(secrets.oidcToken))
    })
  })),
  listed("OIDC, of a GitHub Actions job", "STS.web", () => ({
    env: job,
    source: Alibaba.Oidc.make({
      roleArn: arnOf("web"),
      oidcProviderArn: provider,
      token: Alibaba.Oidc.githubActions()
    })
  })),
  listed("ECS RAM role", "STS.instance", () => ({ source: Alibaba.EcsRamRole.make() }), discovered),
  listed("credentials URI", "STS.uri", () => ({
    env: { ALIBABA_CLOUD_CREDENTIALS_URI: uri },
    source: Alibaba.CredentialsUri.make()
  })),
  listed("RAM role", "STS.reader", () => ({ source: assumed("reader") })),
  listed("RAM role over an instance", "STS.over", () => ({
    source: Effect.flatMap(Alibaba.EcsRamRole.make(), (base) =>
      Alibaba.RamRoleArn.make(base, { roleArn: arnOf("over"), roleSessionName: "report" })
    )
  })),
  listed("role credentials", "STS.keyed", () => ({
    source: Effect.map(keyed, ({ options, shared }) => ({
      name: "role credentials",
      get: shared(Alibaba.roleCredentials(options))
    }))
  })),
  listed("as a role", "STS.keyed", () => ({
    source: Effect.map(keyed, ({ options, shared }) => ({
      name: "as a role",
      get: shared(Alibaba.asRole(options)(Effect.flatMap(Alibaba.CredentialProvider, ({ get }) => get)))
    }))
  })),
  listed("guard", key.accessKeyId, () => ({
    source: Effect.flatMap(own, Alibaba.expectAccount(account))
  })),
  listed("RAM role in a cache", "STS.cached", (home) => ({
    source: Effect.flatMap(assumed("cached"), (source) =>
      Effect.orDie(
        FileCache.make("alibaba", source, { directory: join(home, "cache"), key: { role: "cached" } })
      )
    )
  })),
  listed("RAM role in a fleet's cache", "STS.cached", () => ({
    source: Effect.flatMap(assumed("cached"), (source) => shared("alibaba", source))
  }))
]

const chain = (
  name: string,
  id: string,
  setup: (home: string) => Omit<Setup, "source">,
  more?: Partial<Listed>
) =>
  listed(
    `default chain: ${name}`,
    id,
    (home) => ({ ...setup(home), source: Alibaba.DefaultChain.make() }),
    more
  )

const chains: ReadonlyArray<Listed> = [
  chain("environment", key.accessKeyId, () => ({ env: variables })),
  chain("OIDC", "STS.web", (home) => ({ env: oidcVariables(home), files: tokenFile })),
  chain(
    "CLI profile",
    "STS.reader",
    () => ({
      files: { [cliFile]: cliProfile("RamRoleArn", { ...pair, ...role }) }
    }),
    inCliFile
  ),
  chain(
    "credentials file",
    "STS.reader",
    () => ({
      files: {
        [sharedFile]: ["[default]", "type = ram_role_arn", ...pairLines, ...roleLines].join("\n")
      }
    }),
    inSharedFile
  ),
  chain("instance", "STS.instance", () => ({}), discovered),
  chain("credentials URI", "STS.uri", () => ({
    env: { ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true", ALIBABA_CLOUD_CREDENTIALS_URI: uri }
  }))
]

/** What answers with a promise, which needs a running program. */
export const alibabaPromises: ReadonlyArray<Listed> = [
  listed("credential of Alibaba Cloud's SDK", key.accessKeyId, () => ({
    source: Effect.succeed(
      Alibaba.fromAlibabaCredential({ getCredential: () => Promise.resolve({ ...key, type: "sts" }) })
    )
  }))
]

export const alibabaSources: ReadonlyArray<Listed> = [
  ...cliProfiles,
  ...credentialsFiles,
  ...others,
  ...chains
]
