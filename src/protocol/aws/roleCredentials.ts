/**
 * The credentials that the portal of IAM Identity Center gives for a role.
 *
 * Source: "GetRoleCredentials", IAM Identity Center Portal API Reference.
 *
 * @since 0.1.0
 */
import * as Json from "../jsonObject.js"

/**
 * What a reply holds.
 *
 * @category models
 * @since 0.1.0
 */
export interface RoleCredentials {
  readonly id: string
  readonly secret: string
  readonly token: string
  /** As ISO 8601 has it. */
  readonly expiration: string
}

const largestInstant = 8.64e15

/**
 * Where a role's credentials are.
 *
 * @category encoding
 * @since 0.1.0
 */
export const urlOf = (portal: string, accountId: string, roleName: string): string => {
  const query = new URLSearchParams({ role_name: roleName, account_id: accountId })
  return `${portal}federation/credentials?${query}`
}

/**
 * The credentials in a reply; none where it is not whole.
 *
 * @category decoding
 * @since 0.1.0
 */
export const parse = (body: string): RoleCredentials | undefined => {
  const issued = Json.parse(body)?.["roleCredentials"]
  if (!Json.isObject(issued)) return undefined
  const id = Json.text(issued, "accessKeyId")
  const secret = Json.text(issued, "secretAccessKey")
  const token = Json.text(issued, "sessionToken")
  const millis = Json.number(issued, "expiration")
  return id === undefined ||
    secret === undefined ||
    token === undefined ||
    millis === undefined ||
    Math.abs(millis) > largestInstant
    ? undefined
    : { id, secret, token, expiration: new Date(millis).toISOString() }
}
