/** Sessions of roles that somebody else than STS gives out. */
import type { Account } from "./Account.js"
import type { Session } from "./Caller.js"
import { allows } from "./Policy.js"

/** A session to be. */
export type NewSession = Pick<Session, "account" | "name" | "policy" | "role" | "sourceIdentity">

/** How long such a session lasts, in seconds, where nothing else is said. */
export const sessionSeconds = 3_600

/** An account's role under the name of a session. */
export const sessionOf = (account: Account, roleName: string, name: string): NewSession | undefined => {
  const role = account.roles.find((role) => role.name === roleName)
  return role && { account, role, name, policy: undefined, sourceIdentity: undefined }
}

/** The same, where the role trusts the service that assumes it. */
export const assumedBy = (
  service: string,
  account: Account,
  roleName: string,
  name: string
): NewSession | undefined => {
  const session = sessionOf(account, roleName, name)
  const principal = { kind: "Service", names: [service] } as const
  const isTrusted =
    session !== undefined &&
    allows([session.role.trustPolicy], { action: "sts:AssumeRole", context: {}, principal })
  return isTrusted ? session : undefined
}
