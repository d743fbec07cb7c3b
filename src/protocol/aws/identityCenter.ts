/**
 * IAM Identity Center: its tokens, as `aws sso login` keeps them in files and its token service renews them, and the
 * credentials that its portal gives for a role.
 *
 * Source: "IAM Identity Center credential provider", AWS SDKs and Tools Reference Guide; "CreateToken", IAM Identity
 * Center OIDC API Reference; "GetRoleCredentials", IAM Identity Center Portal API Reference.
 */
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { parseInstant } from "../encoding.js"
import * as Json from "../json.js"
import { endsIn, fault, type Renewed, type SessionFault } from "./identityServices.js"

/** A token that a person got by signing in. */
export interface SsoToken {
  readonly accessToken: Redacted.Redacted
  /** Milliseconds since 1970. */
  readonly expiresAt: number
  /** What asks for the next one, without asking the person; absent where the sign-in gave none. */
  readonly grant: Redacted.Redacted<Grant> | undefined
  /** When the grant ends, where that is known. */
  readonly grantExpiresAt: number | undefined
  /** The whole file. */
  readonly document: Redacted.Redacted<Json.JsonObject>
}

/** The body of the request for a new token. */
export interface Grant {
  readonly clientId: string
  readonly clientSecret: string
  readonly grantType: "refresh_token"
  readonly refreshToken: string
}

// The token becomes a header.
const headerValue = /^[\x21-\x7e]+$/

const names = {
  accessToken: "accessToken",
  expiresAt: "expiresAt",
  clientId: "clientId",
  clientSecret: "clientSecret",
  refreshToken: "refreshToken",
  registrationExpiresAt: "registrationExpiresAt"
} as const

type Members = { readonly [_ in keyof typeof names]: string | undefined }

const grantIn = ({ clientId, clientSecret, refreshToken }: Members): Redacted.Redacted<Grant> | undefined =>
  clientId === undefined || clientSecret === undefined || refreshToken === undefined
    ? undefined
    : Redacted.make({ clientId, clientSecret, grantType: "refresh_token", refreshToken })

const read = (json: Json.JsonObject): Result.Result<SsoToken, SessionFault> =>
  Result.gen(function* () {
    const members = yield* Result.mapError(Json.texts(json, names), Json.misfit)
    const { accessToken, expiresAt, registrationExpiresAt } = members
    if (accessToken === undefined) return yield* fault("Incomplete", "it has no accessToken")
    if (!headerValue.test(accessToken)) {
      return yield* fault("Malformed", "its accessToken holds a character that no token has")
    }
    const end = expiresAt === undefined ? undefined : parseInstant(expiresAt)
    if (end === undefined) return yield* fault("Malformed", "its expiresAt is missing or no point in time")
    return {
      accessToken: Redacted.make(accessToken),
      expiresAt: end,
      grant: grantIn(members),
      grantExpiresAt: registrationExpiresAt === undefined ? undefined : parseInstant(registrationExpiresAt),
      document: Redacted.make(json)
    }
  })

/** Reads a file. */
export const parse = (text: string): Result.Result<SsoToken, SessionFault> => {
  const json = Json.parse(text)
  return json === undefined ? fault("Malformed", "it is no JSON object") : read(json)
}

/**
 * The token that a reply gives in place of another, and what the file then holds: what neither knows, stays.
 */
export const renewed = (
  old: SsoToken,
  reply: string,
  now: number
): Result.Result<Renewed<SsoToken>, SessionFault> => {
  const json = Json.parse(reply) ?? {}
  return Result.gen(function* () {
    const issued = yield* Result.mapError(
      Json.texts(json, { accessToken: names.accessToken, refreshToken: names.refreshToken }),
      Json.misfit
    )
    const expiresIn = yield* Result.mapError(Json.number(json, "expiresIn"), Json.misfit)
    if (issued.accessToken === undefined || expiresIn === undefined) {
      return yield* fault("Unavailable", "the token service gave no new token")
    }
    const before = Redacted.value(old.document)
    const document = {
      ...before,
      accessToken: issued.accessToken,
      expiresAt: endsIn(now, expiresIn),
      refreshToken: issued.refreshToken ?? before["refreshToken"]
    }
    return { session: yield* read(document), document }
  })
}

/** What a reply holds. */
export interface RoleCredentials {
  readonly id: string
  readonly secret: string
  readonly token: string
  /** As ISO 8601 has it. */
  readonly expiration: string
}

const credentialNames = { id: "accessKeyId", secret: "secretAccessKey", token: "sessionToken" } as const

// The last millisecond of the year 9999: what is later has another form.
const largestInstant = 253_402_300_799_999

/** Where a role's credentials are. */
export const roleCredentialsUrl = (portal: string, accountId: string, roleName: string): string => {
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
export const roleCredentialsIn = (body: string): Result.Result<RoleCredentials, SessionFault> =>
  Result.gen(function* () {
    const issued = yield* Result.mapError(Json.object(Json.parse(body) ?? {}, "roleCredentials"), of)
    if (issued === undefined) return yield* Result.fail(notWhole)
    const { id, secret, token } = yield* Result.mapError(Json.texts(issued, credentialNames), of)
    const millis = yield* Result.mapError(Json.number(issued, "expiration"), of)
    if (id === undefined || secret === undefined || token === undefined || millis === undefined) {
      return yield* Result.fail(notWhole)
    }
    return Math.abs(millis) > largestInstant
      ? yield* Result.fail(notWhole)
      : { id, secret, token, expiration: new Date(millis).toISOString() }
  })
