/**
 * The sign-in service behind `aws login`: the page, credentials for what the browser brings back or for a refresh token, and
 * the file in which the program keeps them.
 *
 * Source: "CreateOAuth2Token", AWS Sign-In API Reference; "Login credentials provider", AWS SDKs and Tools Reference Guide.
 */
import { createHash } from "node:crypto"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { formatTimestamp } from "../../protocol/encoding.js"
import {
  type Asked,
  type Endpoint,
  mediaType,
  type Refusal,
  type Route,
  refusal,
  type WireReply
} from "../Service.js"
import { Codes, isLoopback, notice, originOf, refusedWith } from "../SignIn.js"
import type { Token } from "../State.js"
import { jsonFailure, jsonSuccess } from "./IdentityCenter.js"
import { makeKey, type Proof, verifyProof } from "./ProofOfPossession.js"
import { credentialsOf } from "./Session.js"
import { arnOfIdentity, type Login, type Session, type State } from "./State.js"

// How long credentials of a login last.
const loginSeconds = 900

// The programs that the service knows.
const clientId = /^arn:aws:signin:::devtools\/(cross|same)-device$/

const invalid = (detail: string): Refusal => refusal(400, "INVALID_REQUEST", detail)
const unusable = refusal(401, "AUTHCODE_EXPIRED", "The code is unknown, expired, used or another client's.")
const expired = refusal(401, "TOKEN_EXPIRED", "The refresh token has expired.")
const changed = refusal(403, "USER_CREDENTIALS_CHANGED", "The refresh token is no longer known.")
const anothers = refusal(403, "INSUFFICIENT_PERMISSIONS", "The refresh token is bound to another key.")

const denials = new Set([
  "TOKEN_EXPIRED",
  "AUTHCODE_EXPIRED",
  "USER_CREDENTIALS_CHANGED",
  "INSUFFICIENT_PERMISSIONS"
])

// Its errors have two names: OAuth's, which says more, and the exception's.
const exceptionOf = ({ code, status }: Refusal): string => {
  if (denials.has(code)) return "AccessDeniedException"
  if (status >= 500) return "InternalServerException"
  return status === 429 ? "TooManyRequestsError" : "ValidationException"
}

/** The proof of a request, which was not used before. */
const proofOf = (state: State, { now, request }: Asked): Result.Result<Proof, Refusal> => {
  const { headers, method, path } = request
  const { dpop, host = "" } = headers
  if (dpop === undefined) return Result.fail(invalid("Request is missing the header DPoP"))
  return Result.flatMap(
    Result.mapError(verifyProof(dpop, { method, host, path, now }), (detail) =>
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

const usersOf = ({ accounts }: State) =>
  accounts.flatMap((account) => account.users.map((user) => ({ _tag: "User", account, user }) as const))

// Where a browser on another machine than the program's ends.
const confirmationPath = "/v1/sessions/confirmation"

const codesOf = (state: State) =>
  new Codes<undefined>(state.generator, "SHA-256", ({ parameters, request }) => {
    const id = parameters["client_id"] ?? ""
    const device = clientId.exec(id)?.[1]
    if (device === undefined) return undefined
    const accepts = (target: URL) =>
      device === "cross"
        ? target.href === `${originOf(request)}${confirmationPath}`
        : isLoopback(target) && target.pathname === "/oauth/callback"
    return { id, users: usersOf(state).map(({ user }) => user.name), accepts, value: undefined }
  })

/** Shows what the browser brought, for the person to give to the program. */
const confirmation: Route["answer"] = ({ now, parameters: { code, state } }) => {
  if (code === undefined || state === undefined) {
    return Effect.succeed(notice(now, "Nobody is signed in", "There is nothing to give to the program.", 400))
  }
  const text = Buffer.from(new URLSearchParams({ state, code }).toString()).toString("base64")
  return Effect.succeed(notice(now, "Give this to the program", text))
}

/** A refresh token, good for one use. */
const issueRefreshToken = (
  state: State,
  { expiration, value }: Token<Login>,
  now: number
): Effect.Effect<string> =>
  Effect.tap(state.generator.text(300), (token) =>
    Effect.sync(() => state.logins.add(token, value, expiration, now))
  )

/** The credentials of a session, as this service states them. */
const accessTokenOf = (session: Session) => {
  const { expiration: _, ...accessToken } = credentialsOf(session)
  return accessToken
}

const granted = (state: State, asked: Asked, login: Token<Login>, more: object = {}) =>
  Effect.gen(function* () {
    const session = yield* state.issue(login.value.identity, loginSeconds, asked.now)
    return jsonSuccess(asked, {
      accessToken: accessTokenOf(session),
      tokenType: "aws_sigv4",
      expiresIn: loginSeconds,
      refreshToken: yield* issueRefreshToken(state, login, asked.now),
      ...more
    })
  })

const jwtOf = (claims: object): string =>
  [{ alg: "none" }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".")

const sessionMillis = Duration.toMillis("12 hours")

const redeemCode = (state: State, codes: Codes<undefined>, asked: Asked): Effect.Effect<WireReply, Refusal> =>
  Effect.gen(function* () {
    const { now, parameters } = asked
    const { thumbprint } = yield* Effect.fromResult(proofOf(state, asked))
    const { clientId: id = "", code, codeVerifier, redirectUri } = parameters
    if (!code || !codeVerifier || !redirectUri) {
      return yield* Effect.fail(invalid("Request is missing code, codeVerifier or redirectUri"))
    }
    const { userName } = yield* refusedWith(unusable)(codes.redeem(code, id, redirectUri, codeVerifier, now))
    const identity = usersOf(state).find(({ user }) => user.name === userName)
    if (identity === undefined) return yield* Effect.fail(unusable)
    const claims = { sub: arnOfIdentity(identity), aud: id, iat: Math.floor(now / 1_000) }
    const login = { value: { identity, thumbprint }, expiration: now + sessionMillis }
    return yield* granted(state, asked, login, { idToken: `${jwtOf(claims)}.` })
  })

const renew = (state: State, asked: Asked): Effect.Effect<WireReply, Refusal> =>
  Effect.gen(function* () {
    const { now, parameters } = asked
    const { refreshToken: token } = parameters
    if (!token) return yield* Effect.fail(invalid("Request is missing refreshToken"))
    const { thumbprint } = yield* Effect.fromResult(proofOf(state, asked))
    const login = state.logins.find(token, now)
    if (login === undefined) return yield* Effect.fail(changed)
    if (login.expiration <= now) return yield* Effect.fail(expired)
    if (login.value.thumbprint !== thumbprint) return yield* Effect.fail(anothers)
    state.logins.spend(token, now)
    return yield* granted(state, asked, login)
  })

const createToken =
  (state: State, codes: Codes<undefined>): Route["answer"] =>
  (asked) => {
    const { clientId: id = "", grantType } = asked.parameters
    if (!clientId.test(id)) return Effect.fail(invalid("Invalid clientId"))
    switch (grantType) {
      case "authorization_code":
        return redeemCode(state, codes, asked)
      case "refresh_token":
        return renew(state, asked)
      default:
        return Effect.fail(invalid("grantType must be authorization_code or refresh_token"))
    }
  }

/** The service over a state. */
export const signInService = (state: State): Endpoint => {
  const codes = codesOf(state)
  const page: Route = { operation: "LoginPage", answer: codes.page }
  const routes: Readonly<Record<string, Route>> = {
    "GET /v1/authorize": page,
    "POST /v1/authorize": page,
    [`GET ${confirmationPath}`]: { operation: "LoginConfirmation", answer: confirmation }
  }
  const tokens: Route = { operation: "CreateOAuth2Token", answer: createToken(state, codes) }
  return {
    proof: "dpop",
    throttling: { code: "INVALID_REQUEST", message: "Rate exceeded" },
    route: (request) => {
      const place = `${request.method} ${request.path}`
      if (place !== "POST /v1/token") return routes[place]
      // Alibaba Cloud has an endpoint of this path too, for forms.
      return mediaType(request) === "application/json" ? tokens : undefined
    },
    refuse: (refusal, asked) =>
      jsonFailure(
        asked,
        { ...refusal, code: exceptionOf(refusal) },
        { error: refusal.code, message: refusal.message }
      )
  }
}

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

/** Logs a user in. */
export const login = (
  state: State,
  options: LoginOptions,
  now: number
): Effect.Effect<LoginFile, NoSuchUserError> =>
  Effect.gen(function* () {
    const { userName } = options
    const identity = usersOf(state).find(({ user }) => userName === undefined || user.name === userName)
    if (identity === undefined) {
      return yield* new NoSuchUserError({ userName: userName ?? "at all" })
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
