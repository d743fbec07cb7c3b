/**
 * Sessions of the roles that AWS itself assumes for what runs on it.
 *
 * Source: "Terms and concepts for IAM roles", IAM User Guide.
 */
import * as Duration from "effect/Duration"
import type { Account } from "./Account.js"
import type { AssumedRole } from "./Identity.js"
import * as Policy from "./Policy.js"

/** How long the credentials of an instance or a container last, in seconds. */
export const hostedSeconds = 21_600

/** How long before their end there are new ones, in milliseconds. */
export const hostedMargin = Duration.toMillis("5 minutes")

/** An account's role under the name of a session. */
export const sessionOf = (account: Account, roleName: string, name: string): AssumedRole | undefined => {
  const role = account.roles.find((role) => role.name === roleName)
  return role === undefined
    ? undefined
    : {
        _tag: "AssumedRole",
        account,
        role,
        name,
        policies: undefined,
        sourceIdentity: undefined,
        tags: {},
        transitiveTagKeys: []
      }
}

/** The same, where the role trusts the service that assumes it. */
export const assumedBy = (
  service: string,
  account: Account,
  roleName: string,
  name: string
): AssumedRole | undefined => {
  const session = sessionOf(account, roleName, name)
  const principal = { kind: "Service", names: [service] } as const
  const isTrusted =
    session !== undefined &&
    Policy.decide([session.role.trustPolicy], { action: "sts:AssumeRole", context: {}, principal }) ===
      "Allow"
  return isTrusted ? session : undefined
}
