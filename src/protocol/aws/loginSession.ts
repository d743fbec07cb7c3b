/**
 * The sessions of `aws login`, as it keeps them in files and AWS Sign-In renews them, and the proofs that who asks for
 * new credentials holds the key that the old ones were bound to (DPoP).
 *
 * Source: "Login credentials provider", AWS SDKs and Tools Reference Guide; "CreateOAuth2Token", AWS Sign-In API
 * Reference; RFC 9449, "OAuth 2.0 Demonstrating Proof of Possession".
 */
import { createPrivateKey, createPublicKey, sign } from "node:crypto"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { parseInstant } from "../encoding.js"
import * as Json from "../json.js"
import { endsIn, fault, type Renewed, type SessionFault } from "./identityServices.js"

/** What a proof is made of. */
export interface Possession {
  /** A private key of the curve P-256, as PEM. */
  readonly key: Redacted.Redacted
  readonly method: "POST"
  readonly url: string
  /** A value that was never sent before. */
  readonly nonce: string
  /** Milliseconds since 1970. */
  readonly now: number
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url")

const withoutQuery = (text: string): string => {
  const url = new URL(text)
  url.search = ""
  url.hash = ""
  return url.href
}

const signed = ({ key, method, nonce, now, url }: Possession): string | undefined => {
  const privateKey = createPrivateKey(Redacted.value(key))
  const { crv, kty, x, y } = createPublicKey(privateKey).export({ format: "jwk" })
  if (crv !== "P-256") return undefined
  const header = { typ: "dpop+jwt", alg: "ES256", jwk: { kty, crv, x, y } }
  const claims = { jti: nonce, htm: method, htu: withoutQuery(url), iat: Math.floor(now / 1000) }
  const message = `${part(header)}.${part(claims)}`
  const signature = sign("sha256", Buffer.from(message), { key: privateKey, dsaEncoding: "ieee-p1363" })
  return `${message}.${signature.toString("base64url")}`
}

/** The proof for one request, a JWT; none where the key is no private key of the curve P-256. */
export const proof = (possession: Possession): string | undefined => {
  try {
    return signed(possession)
  } catch {
    // The error may quote the key.
    return undefined
  }
}

/** The credentials of a session. */
export interface Keys {
  readonly id: string
  readonly secret: string
  readonly token: string
  readonly accountId: string
  /** As ISO 8601 has it. */
  readonly expiration: string
}

/** A session. */
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

const partIn = (json: Json.JsonObject): Result.Result<Json.JsonObject, SessionFault> =>
  Result.mapBoth(Json.object(json, "accessToken"), {
    onFailure: Json.misfit,
    onSuccess: (part) => part ?? {}
  })

const keyNames = { id: "accessKeyId", secret: "secretAccessKey", token: "sessionToken" } as const

const need = (object: Json.JsonObject, name: string, path = ""): Result.Result<string, SessionFault> =>
  Result.flatMap(
    Result.mapError(Json.text(object, name), (what) => Json.misfit(path + what)),
    (value) => (value === undefined ? fault("Incomplete", `it has no ${path}${name}`) : Result.succeed(value))
  )

const read = (json: Json.JsonObject): Result.Result<LoginSession, SessionFault> =>
  Result.gen(function* () {
    const accessToken = yield* partIn(json)
    const ofAccess = (name: string) => need(accessToken, name, "accessToken.")
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
    const region = yield* Result.mapError(Json.text(json, "signInRegion"), Json.misfit)
    const expiresAt = parseInstant(keys.expiration)
    if (expiresAt === undefined) {
      return yield* fault("Malformed", "its accessToken.expiresAt is no point in time")
    }
    return {
      keys: Redacted.make({ ...keys, expiration: new Date(expiresAt).toISOString() }),
      expiresAt,
      grant: Redacted.make({ clientId, refreshToken, grantType: "refresh_token" } as const),
      dpopKey: Redacted.make(dpopKey),
      region,
      document: Redacted.make(json)
    }
  })

/** Reads a file. */
export const parse = (text: string): Result.Result<LoginSession, SessionFault> => {
  const json = Json.parse(text)
  return json === undefined ? fault("Malformed", "it is no JSON object") : read(json)
}

const lifetime = 900

/**
 * The session that a reply gives in place of another, and what the file then holds: what neither knows, stays.
 */
export const renewed = (
  old: LoginSession,
  reply: string,
  now: number
): Result.Result<Renewed<LoginSession>, SessionFault> => {
  const json = Json.parse(reply) ?? {}
  return Result.gen(function* () {
    const keys = yield* Result.mapError(Json.texts(yield* partIn(json), keyNames), (what) =>
      Json.misfit(`accessToken.${what}`)
    )
    const refreshToken = yield* Result.mapError(Json.text(json, "refreshToken"), Json.misfit)
    const seconds = (yield* Result.mapError(Json.number(json, "expiresIn"), Json.misfit)) ?? lifetime
    if (refreshToken === undefined || Object.values(keys).includes(undefined)) {
      return yield* fault("Unavailable", "the sign-in service gave no new credentials")
    }
    const before = Redacted.value(old.document)
    const issued = {
      [keyNames.id]: keys.id,
      [keyNames.secret]: keys.secret,
      [keyNames.token]: keys.token,
      expiresAt: endsIn(now, seconds)
    }
    const document = {
      ...before,
      accessToken: { ...(yield* partIn(before)), ...issued },
      refreshToken
    }
    return { session: yield* read(document), document }
  })
}
