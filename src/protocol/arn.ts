/** ARNs: patterns of them, as the clouds' policies write them, and what a caller's ARN says about its identity. */

/**
 * Whether a text is what a pattern says: `*` stands for any characters, `?` for one. Takes at most as many steps as
 * the product of both lengths, whatever the pattern.
 */
export const matches = (pattern: string, text: string): boolean => {
  const parts = Array.from(pattern)
  const characters = Array.from(text)
  let at = 0
  let part = 0
  // The last `*`, and how far it has been stretched: a later one never needs an earlier one to stretch again.
  let star = -1
  let stretched = 0
  while (at < characters.length) {
    if (parts[part] === "*") {
      star = part++
      stretched = at
    } else if (part < parts.length && (parts[part] === "?" || parts[part] === characters[at])) {
      part++
      at++
    } else if (star >= 0) {
      part = star + 1
      at = ++stretched
    } else {
      return false
    }
  }
  while (parts[part] === "*") part++
  return part === parts.length
}

/** Whether a pattern stands for one text alone. */
export const isPlain = (pattern: string): boolean => !/[*?]/.test(pattern)

/** The account an ARN belongs to; none for one that names no account. */
export const accountIdOf = (arn: string): string | undefined => {
  const [scheme, , , , account] = arn.split(":", 6)
  return scheme === "arn" && account !== "" ? account : undefined
}

const awsSession = /^arn:([^:]+):sts::([^:]+):assumed-role\/([^/]+)\/.+$/
const roleWithPath = /^(arn:[^:]+:iam::[^:]+:role\/).+\/([^/]+)$/

/** The role's ARN as far as its session's tells it: without the role's path. */
const awsRoleOf = (caller: string): string | undefined => {
  const [, partition, account, name] = awsSession.exec(caller) ?? []
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
export const isAwsCaller = (wanted: string, caller: string): boolean => {
  const role = awsRoleOf(caller)
  return matches(wanted, caller) || (role !== undefined && matches(withoutPath(wanted), role))
}

const alibabaSession = /^acs:(?:ram|sts)::([^:]+):assumed-role\/([^/]+)\/.+$/

const alibabaRoleOf = (caller: string): string | undefined => {
  const [, account, name] = alibabaSession.exec(caller) ?? []
  return name === undefined ? undefined : `acs:ram::${account}:role/${name}`
}

/**
 * Whether a caller is the wanted one: an ARN or a pattern of the caller itself, or for a role's session of the role.
 */
export const isAlibabaCaller = (wanted: string, caller: string): boolean => {
  const role = alibabaRoleOf(caller)
  return matches(wanted, caller) || (role !== undefined && matches(wanted, role))
}
