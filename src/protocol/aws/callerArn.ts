/** What the ARN of a caller says of who it is. */
import { isPlain, matches } from "../wildcard.js"

const session = /^arn:([^:]+):sts::([^:]+):assumed-role\/([^/]+)\/.+$/
const roleWithPath = /^(arn:[^:]+:iam::[^:]+:role\/).+\/([^/]+)$/

/** The role's ARN as far as its session's tells it: without the role's path. */
const roleOf = (caller: string): string | undefined => {
  const [, partition, account, name] = session.exec(caller) ?? []
  return name === undefined ? undefined : `arn:${partition}:iam::${account}:role/${name}`
}

// A role's name is unique in its account, whatever the paths.
const withoutPath = (wanted: string): string => {
  const [, before, name = "*"] = roleWithPath.exec(wanted) ?? []
  return before !== undefined && isPlain(name) ? before + name : wanted
}

/**
 * Whether a caller is the wanted one: an ARN or a pattern of the caller itself, or for a role's session of the role. A
 * role's path is not looked at where the role's name is stated in full, because a session's ARN does not tell it.
 */
export const isCaller = (wanted: string, caller: string): boolean => {
  const role = roleOf(caller)
  return matches(wanted, caller) || (role !== undefined && matches(withoutPath(wanted), role))
}
