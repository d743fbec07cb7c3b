/**
 * The credentials that the portal of IAM Identity Center gives for a role.
 *
 * Source: "GetRoleCredentials", IAM Identity Center Portal API Reference.
 */
import * as Result from "effect/Result"
import * as Json from "../jsonObject.js"
import type { SessionFault } from "./cachedSession.js"

/** What a reply holds. */
export interface RoleCredentials {
  readonly id: string
  readonly secret: string
  readonly token: string
  /** As ISO 8601 has it. */
  readonly expiration: string
}

const names = { id: "accessKeyId", secret: "secretAccessKey", token: "sessionToken" } as const

// The last millisecond of the year 9999: what is later has another form.
const largestInstant = 253_402_300_799_999

/** Where a role's credentials are. */
export const urlOf = (portal: string, accountId: string, roleName: string): string => {
  const query = new URLSearchParams({ role_name: roleName, account_id: accountId })
  return `${portal}federation/credentials?${query}`
}

const notWhole: SessionFault = {
  reason: "Unavailable",
  detail: "the portal's answer holds no whole credentials"
}

const of = (what: string): SessionFault => ({
  reason: "Malformed",
  detail: `of the portal's answer, ${what}`
})

/** The credentials in a reply. A member of another JSON type than the format's is `Malformed`. */
export const parse = (body: string): Result.Result<RoleCredentials, SessionFault> =>
  Result.gen(function* () {
    const issued = yield* Result.mapError(Json.object(Json.parse(body) ?? {}, "roleCredentials"), of)
    if (issued === undefined) return yield* Result.fail(notWhole)
    const { id, secret, token } = yield* Result.mapError(Json.texts(issued, names), of)
    const millis = yield* Result.mapError(Json.number(issued, "expiration"), of)
    if (id === undefined || secret === undefined || token === undefined || millis === undefined) {
      return yield* Result.fail(notWhole)
    }
    return Math.abs(millis) > largestInstant
      ? yield* Result.fail(notWhole)
      : { id, secret, token, expiration: new Date(millis).toISOString() }
  })
