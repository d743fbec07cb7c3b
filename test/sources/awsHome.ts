/** What a home directory and an environment hold where AWS's sources are set up. */
import { createHash } from "node:crypto"
import { join } from "node:path"
import { commandSecret, dpopKey, programFile, secrets } from "./secrets.js"

export const account = "123456789012"

export const arnOf = (role: string): string => `arn:aws:iam::${account}:role/${role}`

export const key = {
  accessKeyId: "AKIA.own",
  secretAccessKey: secrets.accessKeySecret,
  sessionToken: secrets.securityToken
}

export const variables = {
  AWS_ACCESS_KEY_ID: key.accessKeyId,
  AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
  AWS_SESSION_TOKEN: key.sessionToken
}

export const container = {
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/creds",
  AWS_CONTAINER_AUTHORIZATION_TOKEN: secrets.containerToken
}

export const job = {
  ACTIONS_ID_TOKEN_REQUEST_URL: "https://github.test/token?version=2",
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: secrets.jobToken
}

export const configFile = ".aws/config"

export const sections = (...texts: ReadonlyArray<string>): string => `${texts.join("\n\n")}\n`

export const keys = `[default]
aws_access_key_id = ${key.accessKeyId}
aws_secret_access_key = ${key.secretAccessKey}
aws_session_token = ${key.sessionToken}`

export const role = (name: string): string => `role_arn = ${arnOf(name)}`

export const startUrl = "https://corp.awsapps.com/start"

const sha1 = (text: string): string => createHash("sha1").update(text).digest("hex")

export const ssoFile = (name: string): string => `.aws/sso/cache/${sha1(name)}.json`

export const far = "2100-01-01T00:00:00Z"

export const past = "2020-01-01T00:00:00Z"

export const signedIn = (expiresAt: string): string =>
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

export const sso = {
  startUrl,
  region: "us-east-1",
  accountId: account,
  roleName: "reader",
  sessionName: "corp"
}

export const session = "arn:aws:sts::123456789012:assumed-role/Admin/alice"

export const loginFile = `.aws/login/cache/${createHash("sha256").update(session).digest("hex")}.json`

export const loggedIn = (expiresAt: string): string =>
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
export const program = { [programFile]: `cat <<'END'\n${printed}\nEND\n` }

export const command = (home: string): string => `sh ${join(home, programFile)} # ${commandSecret}`

export const webIdentity = {
  AWS_WEB_IDENTITY_TOKEN_FILE: "token",
  AWS_ROLE_ARN: arnOf("web")
}

export const inHome = (home: string, env: Readonly<Record<string, string>>) => ({
  ...env,
  AWS_WEB_IDENTITY_TOKEN_FILE: join(home, "token")
})

export const tokenFile = { token: `${secrets.oidcToken.replaceAll(/\s/g, "")}\n` }
