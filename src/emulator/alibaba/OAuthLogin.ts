/**
 * Signing in with OAuth from nothing: the page, and tokens for what the browser brings back.
 *
 * Source: RFC 6749, "The OAuth 2.0 Authorization Framework"; "Configure OAuth credentials", Alibaba Cloud CLI User Guide.
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Codes, isLoopback, refusedWith } from "../authorizationCode.js"
import {
  bodyText,
  decodeForm,
  type Endpoint,
  jsonReply,
  mediaType,
  type Refusal,
  type Route,
  refusal
} from "../Service.js"
import { accessSeconds } from "../State.js"
import { oauthService } from "./SignIn.js"
import type { SignedIn, State } from "./State.js"

const invalidGrant = refusal(400, "invalid_grant", "The code is unknown, over, used or another's.")
const invalidRequest = (name: string): Refusal => refusal(400, "invalid_request", `${name} is missing`)

const ports = ["12345", "12346", "12347", "12348", "12349"]

// The whole address is registered, with its port.
const accepts = (target: URL): boolean =>
  isLoopback(target) && target.pathname === "/cli/callback" && ports.includes(target.port)

const signInsOf = ({ accounts }: State, clientId: string): ReadonlyArray<SignedIn> =>
  accounts.flatMap((account) =>
    (account.oauthSignIns ?? []).flatMap((signIn) =>
      signIn.clientId === clientId ? [{ account, signIn }] : []
    )
  )

const codesOf = (state: State) =>
  new Codes<ReadonlyArray<SignedIn>>(state.generator, "S256", ({ parameters }) => {
    const id = parameters["client_id"] ?? ""
    const value = signInsOf(state, id)
    return value.length === 0
      ? undefined
      : { id, users: value.map(({ signIn }) => signIn.userName), accepts, value }
  })

const refreshSeconds = 90 * 24 * 3_600

const grant =
  (state: State, codes: Codes<ReadonlyArray<SignedIn>>): Route["answer"] =>
  ({ now, parameters }) =>
    Effect.gen(function* () {
      for (const name of ["client_id", "code", "redirect_uri", "code_verifier"]) {
        if (!parameters[name]) return yield* Effect.fail(invalidRequest(name))
      }
      const { client_id = "", code = "", code_verifier = "", redirect_uri = "" } = parameters
      const { client, userName } = yield* refusedWith(invalidGrant)(
        codes.redeem(code, client_id, redirect_uri, code_verifier, now)
      )
      const found = client.value.find(({ signIn }) => signIn.userName === userName)
      if (found === undefined) return yield* Effect.fail(invalidGrant)
      const accessToken = yield* state.generator.text(120)
      const refreshToken = yield* state.generator.text(120)
      const signIn = {
        ...found.signIn,
        accessToken: Redacted.make(accessToken),
        refreshToken: Redacted.make(refreshToken)
      }
      const value = { account: found.account, signIn }
      state.oauth.access.add(accessToken, value, now + accessSeconds * 1_000, now)
      state.oauth.refresh.add(refreshToken, value, now + refreshSeconds * 1_000, now)
      return jsonReply(now, 200, {
        access_token: accessToken,
        refresh_token: refreshToken,
        token_type: "Bearer",
        expires_in: accessSeconds
      })
    })

/** The OAuth service over a state, beside the one that renews tokens. */
export const oauthLogin = (state: State): Endpoint => {
  const codes = codesOf(state)
  return {
    ...oauthService(state),
    route: (request) => {
      const { method, path } = request
      if (path === "/oauth2/v1/auth" && (method === "GET" || method === "POST")) {
        return { operation: "OAuthPage", answer: codes.page }
      }
      return method === "POST" &&
        path === "/v1/token" &&
        mediaType(request) === "application/x-www-form-urlencoded" &&
        decodeForm(bodyText(request))["grant_type"] === "authorization_code"
        ? { operation: "OAuthToken", answer: grant(state, codes) }
        : undefined
    }
  }
}
