/**
 * Logging in: what `aws login` keeps in a file when somebody did, and the service that renews it for who proves to
 * have the key.
 *
 * Source: "Login credentials provider", AWS SDKs and Tools Reference Guide; RFC 9449, "OAuth 2.0 Demonstrating Proof
 * of Possession", and RFC 7638, "JSON Web Key Thumbprint".
 */

import { createHash, createPublicKey, generateKeyPairSync, verify } from "node:crypto"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { formatTimestamp } from "../../protocol/encoding.js"
import { type Asked, type Endpoint, mediaType, type Refusal, type Route, refusal } from "../Service.js"
import type { Token } from "../State.js"
import type { Account } from "./Account.js"
import { jsonFailure, jsonSuccess } from "./IdentityCenter.js"
import { arnOfIdentity, type Identity, type Login, type Session, type State } from "./State.js"

const Header = Schema.Struct({
  typ: Schema.Literal("dpop+jwt"),
  alg: Schema.Literal("ES256"),
  jwk: Schema.Struct({
    kty: Schema.Literal("EC"),
    crv: Schema.Literal("P-256"),
    x: Schema.String,
    y: Schema.String,
    d: Schema.optional(Schema.Never)
  })
})

const Claims = Schema.Struct({
  jti: Schema.NonEmptyString,
  htm: Schema.String,
  htu: Schema.String,
  iat: Schema.Number
})

type Jwk = (typeof Header.Type)["jwk"]

const windowMillis = Duration.toMillis("5 minutes")

/** What a proof has to be for. */
interface Expected {
  readonly method: string
  /** With its port, where that is not the usual one. */
  readonly host: string
  readonly path: string
  /** Milliseconds since 1970. */
  readonly now: number
}

/** A proof that holds. */
interface Proof {
  /** Names the key that signed it. */
  readonly thumbprint: string
  /** Its own name, which no other proof may have. */
  readonly id: string
}

/** The name of a public key of the curve P-256. */
const thumbprintOf = ({ crv, kty, x, y }: Jwk): string =>
  createHash("sha256").update(JSON.stringify({ crv, kty, x, y })).digest("base64url")

const decoded = <A, I>(schema: Schema.Codec<A, I>, part: string) =>
  Result.mapError(
    Schema.decodeUnknownResult(Schema.fromJsonString(schema))(
      Buffer.from(part, "base64url").toString("utf8")
    ),
    () => "it is not a DPoP proof"
  )

const isSigned = (jwk: Jwk, message: string, signature: string): boolean => {
  try {
    const { crv, kty, x, y } = jwk
    const key = createPublicKey({ key: { crv, kty, x, y }, format: "jwk" })
    const bytes = Buffer.from(signature, "base64url")
    return verify("sha256", Buffer.from(message), { key, dsaEncoding: "ieee-p1363" }, bytes)
  } catch {
    return false
  }
}

const isFor = (htu: string, { host, path }: Expected): boolean => {
  if (!URL.canParse(htu)) return false
  const url = new URL(htu)
  return url.host === host && url.pathname === path && url.search === ""
}

/** Verifies a proof, or tells what is wrong with it. */
const checkProof = (proof: string, expected: Expected): Result.Result<Proof, string> =>
  Result.gen(function* () {
    const [head = "", body = "", signature = ""] = proof.split(".")
    const { jwk } = yield* decoded(Header, head)
    const { htm, htu, iat, jti } = yield* decoded(Claims, body)
    if (!isSigned(jwk, `${head}.${body}`, signature)) return yield* Result.fail("its signature is wrong")
    if (htm !== expected.method || !isFor(htu, expected)) {
      return yield* Result.fail("it is for another request")
    }
    if (Math.abs(iat * 1_000 - expected.now) > windowMillis)
      return yield* Result.fail("its time is too far from now")
    return { thumbprint: thumbprintOf(jwk), id: jti }
  })

/** How long credentials of a login last, in seconds. */
export const loginSeconds = 900

/** The programs that the service knows. */
export const clientId = /^arn:aws:signin:::devtools\/(cross|same)-device$/

const invalid = (detail: string): Refusal => refusal(400, "INVALID_REQUEST", detail)
const expired = refusal(401, "TOKEN_EXPIRED", "The refresh token has expired.")
const changed = refusal(403, "USER_CREDENTIALS_CHANGED", "The refresh token is no longer known.")
const anothers = refusal(403, "INSUFFICIENT_PERMISSIONS", "The refresh token is bound to another key.")

const denials = new Set([
  "TOKEN_EXPIRED",
  "AUTHCODE_EXPIRED",
  "USER_CREDENTIALS_CHANGED",
  "INSUFFICIENT_PERMISSIONS"
])

// Its errors have two names: OAuth's, which tells more, and the exception's.
const exceptionOf = ({ code, status }: Refusal): string => {
  if (denials.has(code)) return "AccessDeniedException"
  if (status >= 500) return "InternalServerException"
  return status === 429 ? "TooManyRequestsError" : "ValidationException"
}

/** The proof of a request, which was not used before. */
export const proofOf = (state: State, { now, request }: Asked): Result.Result<Proof, Refusal> => {
  const { headers, method, path } = request
  const { dpop, host = "" } = headers
  if (dpop === undefined) return Result.fail(invalid("Request is missing the header DPoP"))
  return Result.flatMap(
    Result.mapError(checkProof(dpop, { method, host, path, now }), (detail) =>
      invalid(`The DPoP proof is not valid: ${detail}`)
    ),
    (proof) => {
      if (state.proofs.get(proof.id, now) !== undefined) {
        return Result.fail(invalid("The DPoP proof is not valid: it was used before"))
      }
      state.proofs.set(proof.id, true, now)
      return Result.succeed(proof)
    }
  )
}

const tokenOf = ({ parameters }: Asked): Result.Result<string, Refusal> => {
  if (!clientId.test(parameters["clientId"] ?? "")) return Result.fail(invalid("Invalid clientId"))
  if (parameters["grantType"] !== "refresh_token") {
    return Result.fail(invalid("The emulator only renews: grantType must be refresh_token"))
  }
  return parameters["refreshToken"]
    ? Result.succeed(parameters["refreshToken"])
    : Result.fail(invalid("Request is missing refreshToken"))
}

const check = (state: State, asked: Asked) =>
  Result.gen(function* () {
    const token = yield* tokenOf(asked)
    const { thumbprint } = yield* proofOf(state, asked)
    const login = yield* Result.fromNullishOr(state.logins.find(token, asked.now), () => changed)
    if (login.expiration <= asked.now) return yield* Result.fail(expired)
    if (login.value.thumbprint !== thumbprint) return yield* Result.fail(anothers)
    return { token, login }
  })

/** A refresh token, good for one use. */
export const issueRefreshToken = (
  state: State,
  { expiration, value }: Token<Login>,
  now: number
): Effect.Effect<string> =>
  Effect.tap(state.generator.text(300), (token) =>
    Effect.sync(() => state.logins.add(token, value, expiration, now))
  )

/** The credentials of a session, as this service tells them. */
export const accessTokenOf = ({ accessKeyId, secretAccessKey, sessionToken }: Session) => ({
  accessKeyId,
  secretAccessKey: Redacted.value(secretAccessKey),
  sessionToken: Redacted.value(sessionToken)
})

const answer =
  (state: State): Route["answer"] =>
  (asked) =>
    Effect.gen(function* () {
      const { login, token } = yield* Effect.fromResult(check(state, asked))
      const { now } = asked
      state.logins.spend(token, now)
      const session = yield* state.issue(login.value.identity, loginSeconds, now)
      return jsonSuccess(asked, {
        accessToken: accessTokenOf(session),
        tokenType: "aws_sigv4",
        expiresIn: loginSeconds,
        refreshToken: yield* issueRefreshToken(state, login, now)
      })
    })

/** The service over a state. */
export const signInService = (state: State): Endpoint => ({
  proof: "dpop",
  throttling: { code: "INVALID_REQUEST", message: "Rate exceeded" },
  // Alibaba Cloud has an endpoint of this path too, for forms.
  route: (request) =>
    request.method === "POST" && request.path === "/v1/token" && mediaType(request) === "application/json"
      ? { operation: "CreateOAuth2Token", answer: answer(state) }
      : undefined,
  refuse: (refusal, asked) =>
    jsonFailure(
      asked,
      { ...refusal, code: exceptionOf(refusal) },
      { error: refusal.code, message: refusal.message }
    )
})

/** Options of a login. */
export interface LoginOptions {
  /** The name of a user. Default: the first user. */
  readonly userName?: string | undefined
  /** How long until the next login is needed. Default: 12 hours. */
  readonly expiresIn?: Duration.Input | undefined
}

/** A login. */
export interface LoginFile {
  /** The ARN for a profile's `login_session`. */
  readonly loginSession: string
  /** The file's name, in `~/.aws/login/cache`. */
  readonly fileName: string
  /** The file's text, in JSON: credentials, refresh token and key. */
  readonly content: Redacted.Redacted
}

/** No account has such a user. */
export class NoSuchUserError extends Data.TaggedError("NoSuchUserError")<{
  /** The name that no user has. */
  readonly userName: string
}> {
  override get message(): string {
    return `No account has a user ${this.userName}.`
  }
}

const userOf = (accounts: ReadonlyArray<Account>, name: string | undefined): Identity | undefined =>
  accounts
    .flatMap((account) => account.users.map((user): Identity => ({ _tag: "User", account, user })))
    .find((identity) => identity._tag === "User" && (name === undefined || identity.user.name === name))

const makeKey = () => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" })
  const { x = "", y = "" } = publicKey.export({ format: "jwk" })
  return {
    pem: privateKey.export({ type: "sec1", format: "pem" }).toString(),
    thumbprint: thumbprintOf({ kty: "EC", crv: "P-256", x, y })
  }
}

/** Logs a user in. */
export const login = (
  state: State,
  options: LoginOptions,
  now: number
): Effect.Effect<LoginFile, NoSuchUserError> =>
  Effect.gen(function* () {
    const identity = userOf(state.accounts, options.userName)
    if (identity === undefined) {
      return yield* new NoSuchUserError({ userName: options.userName ?? "at all" })
    }
    const { pem, thumbprint } = makeKey()
    const expiration = now + Duration.toMillis(options.expiresIn ?? "12 hours")
    const session = yield* state.issue(identity, loginSeconds, now)
    const refreshToken = yield* issueRefreshToken(state, { value: { identity, thumbprint }, expiration }, now)
    const loginSession = arnOfIdentity(identity)
    const content = {
      accessToken: {
        ...accessTokenOf(session),
        accountId: identity.account.id,
        expiresAt: formatTimestamp(session.expiration, "iso8601")
      },
      tokenType: "aws_sigv4",
      clientId: "arn:aws:signin:::devtools/same-device",
      refreshToken,
      dpopKey: pem
    }
    return {
      loginSession,
      fileName: `${createHash("sha256").update(loginSession).digest("hex")}.json`,
      content: Redacted.make(JSON.stringify(content))
    }
  })
