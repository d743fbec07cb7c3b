/** What runs on the emulated AWS from the start, and who is signed in there. */
import * as Redacted from "effect/Redacted"
import type { Container, IdentityCenter, Instance } from "./Hosting.js"
import { accountId, region } from "./SeedNames.js"

/** The instance, whose metadata service answers with a session's token and without. */
export const instance: Instance = { id: "i-0e11a7042eeeeee01", role: "instance" }

/** The container of an ECS task, which asks without a token. */
export const ecsContainer: Container = {
  kind: "ecs",
  path: "/v2/credentials/00000000-0000-4000-8000-000000000001",
  role: "task",
  roleSessionName: "0e11a7042eeeeee0000000000000001"
}

/** What {@link eksContainer} has to show. */
export const containerToken = Redacted.make("emulator-token-of-the-pod-000001")

/** The container of an EKS pod, which shows a token. */
export const eksContainer: Container = {
  kind: "eks",
  path: "/v1/credentials",
  role: "pod",
  roleSessionName: "eks-emulator-app",
  token: containerToken
}

/** The permission set that Alice has, and the account that she has it in. */
export const ssoRole = { userName: "alice", accountId, roleName: "Reader" } as const

/** What Alice's sign-in left behind. */
export const ssoSignIn = {
  userName: ssoRole.userName,
  clientId: "emulator-client",
  clientSecret: Redacted.make("emulator-secret-of-the-client-1"),
  accessToken: Redacted.make("emulator-access-token-of-alice-1"),
  refreshToken: Redacted.make("emulator-refresh-token-of-alice-1")
} as const

/** The instance of IAM Identity Center. */
export const identityCenter: IdentityCenter = {
  startUrl: "https://emulator.awsapps.com/start",
  region,
  assignments: [{ ...ssoRole, role: "AWSReservedSSO_Reader_0000000000000001" }],
  signIns: [ssoSignIn]
}
