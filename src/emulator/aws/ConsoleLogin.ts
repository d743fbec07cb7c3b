/**
 * Logging in from nothing, as `aws login` does: the page, and the session for what the browser brings back.
 *
 * Source: "CreateOAuth2Token", AWS Sign-In API Reference; RFC 9449, "OAuth 2.0 Demonstrating Proof of Possession".
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { Codes, isLoopback, refusedWith } from "../authorizationCode.js"
import {
  bodyText,
  decodeJson,
  type Endpoint,
  mediaType,
  type Refusal,
  type Route,
  refusal
} from "../Service.js"
import { jsonSuccess } from "./IdentityCenter.js"
import { accessTokenOf, clientId, issueRefreshToken, loginSeconds, proofOf, signInService } from "./Login.js"
import { arnOfIdentity, type Identity, type State } from "./State.js"

const sessionMillis = Duration.toMillis("12 hours")

const invalid = (detail: string): Refusal => refusal(400, "INVALID_REQUEST", detail)
const unusable = refusal(401, "AUTHCODE_EXPIRED", "The code is unknown, over, used or another's.")

const usersOf = ({ accounts }: State): ReadonlyArray<Identity> =>
  accounts.flatMap((account) => account.users.map((user): Identity => ({ _tag: "User", account, user })))

const nameOf = (identity: Identity): string => (identity._tag === "User" ? identity.user.name : "")

const codesOf = (state: State) =>
  new Codes<undefined>(state.generator, "SHA-256", ({ parameters }) => {
    const id = parameters["client_id"] ?? ""
    if (!clientId.test(id)) return undefined
    const accepts = (target: URL) => isLoopback(target) && target.pathname === "/oauth/callback"
    return { id, users: usersOf(state).map(nameOf), accepts, value: undefined }
  })

const jwtOf = (claims: object): string =>
  [{ alg: "none" }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".")

const answer =
  (state: State, codes: Codes<undefined>): Route["answer"] =>
  (asked) =>
    Effect.gen(function* () {
      const { now, parameters } = asked
      const { thumbprint } = yield* Effect.fromResult(proofOf(state, asked))
      const { clientId: id = "", code, codeVerifier, redirectUri } = parameters
      if (!clientId.test(id)) return yield* Effect.fail(invalid("Invalid clientId"))
      if (!code || !codeVerifier || !redirectUri) {
        return yield* Effect.fail(invalid("Request is missing code, codeVerifier or redirectUri"))
      }
      const { userName } = yield* refusedWith(unusable)(
        codes.redeem(code, id, redirectUri, codeVerifier, now)
      )
      const identity = usersOf(state).find((one) => nameOf(one) === userName)
      if (identity === undefined) return yield* Effect.fail(unusable)
      const session = yield* state.issue(identity, loginSeconds, now)
      const login = { value: { identity, thumbprint }, expiration: now + sessionMillis }
      return jsonSuccess(asked, {
        accessToken: accessTokenOf(session),
        tokenType: "aws_sigv4",
        expiresIn: loginSeconds,
        refreshToken: yield* issueRefreshToken(state, login, now),
        idToken: `${jwtOf({ sub: arnOfIdentity(identity), aud: id, iat: Math.floor(now / 1_000) })}.`
      })
    })

/** The service over a state, beside the one that renews sessions. */
export const consoleLogin = (state: State): Endpoint => {
  const codes = codesOf(state)
  const isGrant = (text: string) => decodeJson(text)?.["grantType"] === "authorization_code"
  return {
    ...signInService(state),
    route: (request) => {
      const { method, path } = request
      if (path === "/v1/authorize" && (method === "GET" || method === "POST")) {
        return { operation: "LoginPage", answer: codes.page }
      }
      return method === "POST" &&
        path === "/v1/token" &&
        mediaType(request) === "application/json" &&
        isGrant(bodyText(request))
        ? { operation: "CreateOAuth2Token", answer: answer(state, codes) }
        : undefined
    }
  }
}
