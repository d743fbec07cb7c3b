/** What runs on the emulated Alibaba Cloud from the start, and who is signed in there. */
import * as Redacted from "effect/Redacted"
import type { CloudSso, CredentialsUri, Instance, OAuthSignIn } from "./Hosting.js"

/** The seeded account. */
export const accountId = "1234567890123456"

/** The instance, whose metadata service answers with a session's token and without. */
export const instance: Instance = { id: "i-bp1emulator0000000001", role: "instance" }

/** What the URL of {@link credentialsUri} has to tell. */
export const credentialsUriToken = Redacted.make("emulator-token-of-the-uri-000001")

/** The server that gives credentials to who knows its URL. */
export const credentialsUri: CredentialsUri = {
  path: "/credentials",
  token: credentialsUriToken,
  role: "reader",
  roleSessionName: "uri"
}

/** The access configuration that Alice has, and the account that she has it in. */
export const cloudSsoAccess = {
  userName: "alice",
  accountId,
  accessConfigurationId: "ac-00emulator0000001"
} as const

/** The token that Alice's sign-in to CloudSSO left behind. */
export const cloudSsoToken = Redacted.make("emulator-cloudsso-token-of-alice")

/** The CloudSSO directory. */
export const cloudSso: CloudSso = {
  signInUrl: "https://signin-cn-shanghai.alibabacloudsso.com/emulator/login",
  assignments: [{ ...cloudSsoAccess, role: "AliyunReservedSSO-Reader" }],
  signIns: [{ userName: "alice", accessToken: cloudSsoToken }]
}

const signIn = (site: string, clientId: string): OAuthSignIn => ({
  userName: "alice",
  clientId,
  accessToken: Redacted.make(`emulator-oauth-access-token-${site}`),
  refreshToken: Redacted.make(`emulator-oauth-refresh-token-${site}`),
  role: "reader"
})

/** What Alice's sign-ins through OAuth left behind, by site. The clients are those of the CLI. */
export const oauth = {
  cn: signIn("cn", "4038181954557748008"),
  intl: signIn("intl", "4103531455503354461")
} as const
