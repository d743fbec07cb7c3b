/**
 * Names of requests by what they say.
 *
 * @since 0.1.0
 */
import { createHash } from "node:crypto"

/**
 * A value as JSON that is the same for values that say the same.
 *
 * @category encoding
 * @since 0.1.0
 */
export const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).sort().join()}]`
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? ""
  const fields = Object.entries(value).filter(([, content]) => content !== undefined)
  return `{${fields
    .map(([name, content]) => `${JSON.stringify(name)}:${canonical(content)}`)
    .sort()
    .join()}}`
}

/**
 * A key that is the same for requests that say the same, and tells nothing of what they say. Neither the order of
 * fields matters nor that of a list's members: the lists of requests are sets.
 *
 * @category constructors
 * @since 0.1.0
 */
export const requestKey = (request: object): string =>
  createHash("sha256").update(canonical(request)).digest("base64url")
