/** What the ARN of a caller says of who it is. */
import { matches } from "../wildcard.js"

const session = /^acs:(?:ram|sts)::([^:]+):assumed-role\/([^/]+)\/.+$/

const roleOf = (caller: string): string | undefined => {
  const [, account, name] = session.exec(caller) ?? []
  return name === undefined ? undefined : `acs:ram::${account}:role/${name}`
}

/**
 * Whether a caller is the wanted one: an ARN or a pattern of the caller itself, or for a role's session of the role.
 */
export const isCaller = (wanted: string, caller: string): boolean => {
  const role = roleOf(caller)
  return matches(wanted, caller) || (role !== undefined && matches(wanted, role))
}
