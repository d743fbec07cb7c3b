/**
 * A home directory as somebody has it who signed in to both emulated clouds.
 */
import { createHash } from "node:crypto"
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { AlibabaSeed, AwsSeed } from "../../src/testing.js"
import type { Remote } from "./emulators.js"

export interface SignedInHome {
  readonly path: string
  /** Files that hold tokens. */
  readonly tokens: Readonly<Record<"awsOidc" | "alibabaOidc" | "container", string>>
  readonly remove: () => Promise<void>
}

export interface LoginFile {
  readonly loginSession: string
  readonly fileName: string
  readonly content: string
}

const sso = (name: string) => `[sso-session ${name}]
sso_start_url = ${AwsSeed.identityCenter.startUrl}
sso_region = ${AwsSeed.identityCenter.region}

[profile ${name}]
sso_session = ${name}
sso_account_id = ${AwsSeed.ssoRole.accountId}
sso_role_name = ${AwsSeed.ssoRole.roleName}
`

const config = (loginSession: string, webIdentityFile: string): string => `${sso("fresh")}
${sso("stale")}
[profile login]
login_session = ${loginSession}

[profile web]
role_arn = ${AwsSeed.arns.oidcRole}
web_identity_token_file = ${webIdentityFile}

[profile chained]
role_arn = ${AwsSeed.arns.chainedRole}
source_profile = reader

[profile reader]
role_arn = ${AwsSeed.arns.role}
source_profile = alice

[profile alice]
aws_access_key_id = ${AwsSeed.keys.user.accessKeyId}
aws_secret_access_key = ${Redacted.value(AwsSeed.keys.user.secretAccessKey)}
`

const { accessToken, clientId, clientSecret, refreshToken } = AwsSeed.ssoSignIn

const ssoToken = (expiresAt: number, access: string): string =>
  JSON.stringify({
    startUrl: AwsSeed.identityCenter.startUrl,
    region: AwsSeed.identityCenter.region,
    accessToken: access,
    expiresAt: new Date(expiresAt).toISOString().replace(/\.\d+/, ""),
    clientId,
    clientSecret: Redacted.value(clientSecret),
    registrationExpiresAt: "2100-01-01T00:00:00Z",
    refreshToken: Redacted.value(refreshToken)
  })

const sha1 = (text: string): string => createHash("sha1").update(text).digest("hex")

// The credentials in it are about to end, so that they have to be renewed.
const endingSoon = (content: string, now: number): string => {
  const file = JSON.parse(content)
  const expiresAt = new Date(now + 60_000).toISOString()
  return JSON.stringify({ ...file, accessToken: { ...file.accessToken, expiresAt } })
}

const hour = 3_600

const profiles = (signInUrl: string, oidcFile: string, millis: number): ReadonlyArray<object> => {
  const { cloudSsoAccess, cloudSsoToken, keys, oauth } = AlibabaSeed
  const now = Math.floor(millis / 1_000)
  return [
    { name: "ecs", mode: "EcsRamRole", ram_role_name: "instance" },
    {
      name: "oauth",
      mode: "OAuth",
      oauth_site_type: "CN",
      oauth_access_token: Redacted.value(oauth.cn.accessToken),
      oauth_access_token_expire: now + 60,
      oauth_refresh_token: Redacted.value(oauth.cn.refreshToken)
    },
    {
      name: "cloud-sso",
      mode: "CloudSSO",
      cloud_sso_sign_in_url: signInUrl,
      cloud_sso_account_id: cloudSsoAccess.accountId,
      cloud_sso_access_config: cloudSsoAccess.accessConfigurationId,
      access_token: Redacted.value(cloudSsoToken),
      cloud_sso_access_token_expire: now + hour
    },
    {
      name: "reader",
      mode: "RamRoleArn",
      access_key_id: keys.user.accessKeyId,
      access_key_secret: Redacted.value(keys.user.accessKeySecret),
      ram_role_arn: AlibabaSeed.arns.role,
      ram_session_name: "laptop",
      expired_seconds: hour
    },
    {
      name: "chained",
      mode: "ChainableRamRoleArn",
      source_profile: "reader",
      ram_role_arn: AlibabaSeed.arns.chainedRole,
      ram_session_name: "laptop",
      expired_seconds: hour
    },
    {
      name: "oidc",
      mode: "OIDC",
      oidc_token_file: oidcFile,
      oidc_provider_arn: AlibabaSeed.arns.oidcProvider,
      ram_role_arn: AlibabaSeed.arns.oidcRole,
      ram_session_name: "laptop"
    }
  ]
}

const tokenFiles = (home: string): SignedInHome["tokens"] => ({
  awsOidc: join(home, "aws-token"),
  alibabaOidc: join(home, "alibaba-token"),
  container: join(home, "container-token")
})

/** What the vendors' tools keep in a home directory, of sessions that are good (`fresh`) or have to be renewed. */
export const homeFiles = (
  home: string,
  login: LoginFile,
  cloudSsoEndpoint: string,
  now: number
): Readonly<Record<string, string>> => {
  const tokens = tokenFiles(home)
  return {
    [join(home, ".aws/config")]: config(login.loginSession, tokens.awsOidc),
    [join(home, ".aws/credentials")]: "",
    [join(home, `.aws/sso/cache/${sha1("fresh")}.json`)]: ssoToken(
      now + hour * 1_000,
      Redacted.value(accessToken)
    ),
    [join(home, `.aws/sso/cache/${sha1("stale")}.json`)]: ssoToken(now - 1_000, "ended"),
    [join(home, ".aws/login/cache", login.fileName)]: endingSoon(login.content, now),
    [join(home, ".aliyun/config.json")]: JSON.stringify({
      current: "ecs",
      profiles: profiles(`${cloudSsoEndpoint}/login`, tokens.alibabaOidc, now)
    })
  }
}

const signIn = async (endpoint: string): Promise<LoginFile> => {
  const reply = await fetch(`${endpoint}/_emulator/aws/logins`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}"
  })
  return (await reply.json()) as LoginFile
}

/** Signs in everywhere, and writes what that leaves behind. */
export const makeSignedInHome = async ({ alibaba, aws, endpoint }: Remote): Promise<SignedInHome> => {
  const home = await mkdtemp(join(tmpdir(), "effect-sts-home-"))
  const tokens = tokenFiles(home)
  const files = {
    ...homeFiles(home, await signIn(endpoint), endpoint, Date.now()),
    [tokens.awsOidc]: Redacted.value(Effect.runSync(aws.mintOidcToken())),
    [tokens.alibabaOidc]: Redacted.value(Effect.runSync(alibaba.mintOidcToken())),
    [tokens.container]: Redacted.value(AwsSeed.containerToken)
  }
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text, { mode: 0o600 })
  }
  return { path: home, tokens, remove: () => rm(home, { recursive: true, force: true }) }
}
