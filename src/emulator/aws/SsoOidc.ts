/**
 * The token service of IAM Identity Center, as far as it renews tokens.
 *
 * Source: "CreateToken", IAM Identity Center OIDC API Reference.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { type Refusal, refusal } from "../Refusal.js"
import type { Asked, Endpoint, Route } from "../Service.js"
import { failure, success } from "./RestReply.js"
import type { SignedIn, SsoTokens, State } from "./State.js"

const accessSeconds = 3_600
const refreshMillis = Duration.toMillis("90 days")

const invalidGrant = refusal(400, "InvalidGrantException", "Invalid grant provided")
const invalidClient = refusal(401, "InvalidClientException", "Invalid client provided")
const unsupported = refusal(400, "UnsupportedGrantTypeException", "The emulator only renews tokens.")
const invalidRequest = (name: string): Refusal =>
  refusal(400, "InvalidRequestException", `Missing required parameter: ${name}`)

// `InvalidGrantException` is `invalid_grant` to OAuth.
const oauthCode = (code: string): string =>
  code
    .replace(/Exception$/, "")
    .replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`)
    .toLowerCase()

const signedInBy = (
  { refresh }: SsoTokens,
  { now, parameters }: Asked,
  token: string
): Effect.Effect<SignedIn, Refusal> => {
  const { clientId, clientSecret } = parameters
  const found = refresh.find(token, now)
  if (found === undefined || found.expiration <= now) return Effect.fail(invalidGrant)
  const { signIn } = found.value
  return clientId === signIn.clientId && clientSecret === Redacted.value(signIn.clientSecret)
    ? Effect.succeed(found.value)
    : Effect.fail(invalidClient)
}

const answer =
  (state: State): Route["answer"] =>
  (asked) =>
    Effect.gen(function* () {
      const { now, parameters } = asked
      for (const name of ["clientId", "clientSecret", "grantType"]) {
        if (!parameters[name]) return yield* Effect.fail(invalidRequest(name))
      }
      if (parameters["grantType"] !== "refresh_token") return yield* Effect.fail(unsupported)
      const { refreshToken: old } = parameters
      if (!old) return yield* Effect.fail(invalidRequest("refreshToken"))
      const signedIn = yield* signedInBy(state.sso, asked, old)
      const accessToken = `aoaAAAAA${yield* state.generator.text(200)}`
      const refreshToken = `aorAAAAA${yield* state.generator.text(200)}`
      const { access, refresh } = state.sso
      refresh.spend(old, now)
      access.add(accessToken, signedIn, now + accessSeconds * 1_000, now)
      refresh.add(refreshToken, signedIn, now + refreshMillis, now)
      return success(asked, { accessToken, tokenType: "Bearer", expiresIn: accessSeconds, refreshToken })
    })

/** The token service over a state. */
export const make = (state: State): Endpoint => ({
  proof: "authorization",
  route: ({ method, path }) =>
    method === "POST" && path === "/token" ? { operation: "CreateToken", answer: answer(state) } : undefined,
  throttling: { code: "SlowDownException", message: "Rate exceeded" },
  refuse: (refusal, asked) =>
    failure(asked, refusal, { error: oauthCode(refusal.code), error_description: refusal.message })
})
