/**
 * The sessions of `aws login`, as it keeps them in files and AWS Sign-In renews them.
 *
 * Source: "Login credentials provider", AWS SDKs and Tools Reference Guide; "CreateOAuth2Token", AWS Sign-In API
 * Reference.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"
import * as Json from "../jsonObject.js"
import { endsIn, fault, instant, type Renewed, type SessionFault } from "./cachedSession.js"

/**
 * The credentials of a session.
 *
 * @category models
 * @since 0.1.0
 */
export interface Keys {
  readonly id: string
  readonly secret: string
  readonly token: string
  readonly accountId: string
  /** As ISO 8601 has it. */
  readonly expiration: string
}

/**
 * A session.
 *
 * @category models
 * @since 0.1.0
 */
export interface LoginSession {
  readonly keys: Redacted.Redacted<Keys>
  /** Milliseconds since 1970. */
  readonly expiresAt: number
  /** The body of the request for new credentials. */
  readonly grant: Redacted.Redacted<{
    readonly clientId: string
    readonly refreshToken: string
    readonly grantType: "refresh_token"
  }>
  /** The private key that proves possession, as PEM. */
  readonly dpopKey: Redacted.Redacted
  /** The region that the person signed in at, where the file tells it. */
  readonly region: string | undefined
  /** The whole file. */
  readonly document: Redacted.Redacted<Json.JsonObject>
}

const objectIn = (json: Json.JsonObject, name: string): Json.JsonObject => {
  const value = json[name]
  return Json.isObject(value) ? value : {}
}

const keyNames = { id: "accessKeyId", secret: "secretAccessKey", token: "sessionToken" } as const

const read = (json: Json.JsonObject): Either.Either<LoginSession, SessionFault> => {
  const accessToken = objectIn(json, "accessToken")
  const need = (object: Json.JsonObject, name: string, path = name) =>
    Either.fromNullable(
      Json.text(object, name),
      (): SessionFault => ({
        reason: "Incomplete",
        detail: `it has no ${path}`
      })
    )
  const ofAccess = (name: string) => need(accessToken, name, `accessToken.${name}`)
  return Either.gen(function* () {
    const keys = {
      id: yield* ofAccess(keyNames.id),
      secret: yield* ofAccess(keyNames.secret),
      token: yield* ofAccess(keyNames.token),
      accountId: yield* ofAccess("accountId"),
      expiration: yield* ofAccess("expiresAt")
    }
    const clientId = yield* need(json, "clientId")
    const refreshToken = yield* need(json, "refreshToken")
    const dpopKey = yield* need(json, "dpopKey")
    const expiresAt = instant(keys.expiration)
    if (expiresAt === undefined) {
      return yield* fault("Malformed", "its accessToken.expiresAt is no point in time")
    }
    return {
      keys: Redacted.make({ ...keys, expiration: new Date(expiresAt).toISOString() }),
      expiresAt,
      grant: Redacted.make({ clientId, refreshToken, grantType: "refresh_token" } as const),
      dpopKey: Redacted.make(dpopKey),
      region: Json.text(json, "signInRegion"),
      document: Redacted.make(json)
    }
  })
}

/**
 * Reads a file.
 *
 * @category decoding
 * @since 0.1.0
 */
export const parse = (text: string): Either.Either<LoginSession, SessionFault> => {
  const json = Json.parse(text)
  return json === undefined ? fault("Malformed", "it is no JSON object") : read(json)
}

const lifetime = 900

/**
 * The session that a reply gives in place of another, and what the file then holds: what neither knows, stays.
 *
 * @category decoding
 * @since 0.1.0
 */
export const renewed = (
  old: LoginSession,
  reply: string,
  now: number
): Either.Either<Renewed<LoginSession>, SessionFault> => {
  const json = Json.parse(reply) ?? {}
  const issued = objectIn(json, "accessToken")
  const names = Object.values(keyNames)
  const keys = Object.fromEntries(names.map((name) => [name, Json.text(issued, name)]))
  const refreshToken = Json.text(json, "refreshToken")
  if (refreshToken === undefined || names.some((name) => keys[name] === undefined)) {
    return fault("Unavailable", "the sign-in service gave no new credentials")
  }
  const before = Redacted.value(old.document)
  const expiresAt = endsIn(now, Json.number(json, "expiresIn") ?? lifetime)
  const document = {
    ...before,
    accessToken: { ...objectIn(before, "accessToken"), ...keys, expiresAt },
    refreshToken
  }
  return Either.map(read(document), (session) => ({ session, document }))
}
