/**
 * Signing in as a person: IAM Identity Center's tokens, as `aws sso login` keeps them in files and its token service
 * renews them, with the credentials that its portal gives for a role; and the sessions of `aws login`, as it keeps them
 * and AWS Sign-In renews them, with the proofs that who asks holds the key that the old credentials were bound to (DPoP).
 *
 * Source: "IAM Identity Center credential provider" and "Login credentials provider", AWS SDKs and Tools Reference
 * Guide; "CreateToken", IAM Identity Center OIDC API Reference; "GetRoleCredentials", IAM Identity Center Portal API
 * Reference; "CreateOAuth2Token", AWS Sign-In API Reference; RFC 9449, "OAuth 2.0 Demonstrating Proof of Possession".
 */

import { createPrivateKey, createPublicKey, sign } from "node:crypto"
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

const readSsoToken = (json: Json.JsonObject): Result.Result<SsoToken, SessionFault> =>
  Result.gen(function* () {
    const members = yield* Result.mapError(Json.texts(json, names), Json.misfit)
    const { accessToken, expiresAt, registrationExpiresAt } = members
    if (accessToken === undefined) return yield* fault("Incomplete", "it has no accessToken")
    if (!headerValue.test(accessToken)) {
      return yield* fault("Malformed", "its accessToken contains a character that no token has")
    }
    const end = expiresAt === undefined ? undefined : parseInstant(expiresAt)
    if (end === undefined) return yield* fault("Malformed", "its expiresAt is missing or not a date and time")
    return {
      accessToken: Redacted.make(accessToken),
      expiresAt: end,
      grant: grantIn(members),
      grantExpiresAt: registrationExpiresAt === undefined ? undefined : parseInstant(registrationExpiresAt),
      document: Redacted.make(json)
    }
  })

/** Reads a file. */
export const parseSsoToken = (text: string): Result.Result<SsoToken, SessionFault> => {
  const json = Json.parse(text)
  return json === undefined ? fault("Malformed", "it is not a JSON object") : readSsoToken(json)
}

/**
 * The token that a reply gives in place of another, and what the file then holds: what neither knows, stays.
 */
export const renewedSsoToken = (
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
    return { session: yield* readSsoToken(document), document }
  })
}

/** What a reply holds. */
interface RoleCredentials {
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
  detail: "the portal's answer has no complete credentials"
}

const of = (what: string): SessionFault => ({
  reason: "Malformed",
  detail: `in the portal's answer, ${what}`
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

/** What a proof is made of. */
interface Possession {
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
interface Keys {
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

const readLoginSession = (json: Json.JsonObject): Result.Result<LoginSession, SessionFault> =>
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
      return yield* fault("Malformed", "its accessToken.expiresAt is not a date and time")
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
export const parseLoginSession = (text: string): Result.Result<LoginSession, SessionFault> => {
  const json = Json.parse(text)
  return json === undefined ? fault("Malformed", "it is not a JSON object") : readLoginSession(json)
}

const lifetime = 900

/**
 * The session that a reply gives in place of another, and what the file then holds: what neither knows, stays.
 */
export const renewedLoginSession = (
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
    return { session: yield* readLoginSession(document), document }
  })
}
