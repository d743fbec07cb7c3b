/** Names of requests by what they say. */
import { createHash } from "node:crypto"

type Order = (members: ReadonlyArray<string>) => ReadonlyArray<string>

const written = (value: unknown, order: Order): string => {
  if (Array.isArray(value)) return `[${order(value.map((member) => written(member, order))).join()}]`
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? ""
  const fields = Object.entries(value).filter(([, content]) => content !== undefined)
  return `{${fields
    .map(([name, content]) => `${JSON.stringify(name)}:${written(content, order)}`)
    .sort()
    .join()}}`
}

/**
 * A value as JSON that is the same for values that say the same. The order of a list's members matters: roles in
 * another order are another way.
 */
export const canonical = (value: unknown): string => written(value, (members) => members)

/**
 * Whether a value that anybody may have written says the same as one of ours, both as JSON has them. It is looked into no
 * deeper than ours goes.
 */
export const same = (found: unknown, ours: unknown): boolean => {
  if (typeof ours !== "object" || ours === null) return found === ours
  if (typeof found !== "object" || found === null || Array.isArray(found) !== Array.isArray(ours))
    return false
  const members = Object.entries(ours)
  const others = new Map(Object.entries(found))
  return (
    others.size === members.length &&
    members.every(([name, member]) => others.has(name) && same(others.get(name), member))
  )
}

const asSet: Order = (members) => [...members].sort()

/**
 * A key that is the same for requests that say the same, and tells nothing of what they say. Neither the order of
 * fields matters nor that of a list's members: the lists of requests are sets.
 */
export const requestKey = (request: object): string =>
  createHash("sha256").update(written(request, asSet)).digest("base64url")
