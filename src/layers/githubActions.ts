/**
 * Identity tokens of GitHub Actions jobs.
 *
 * Source: "OpenID Connect reference", GitHub Docs.
 *
 * @since 0.1.0
 */

import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Json from "../protocol/json.js"
import { retryOf } from "../protocol/retry.js"
import { type Cloud, type CredentialErrorReason, StsCredentialError } from "../schemas/StsError.js"
import type { Reply } from "../services/Client.js"
import type { SourceError } from "../services/CredentialSource.js"
import { isLoopback } from "../services/Endpoint.js"
import { fromCall, sendRequest } from "../services/SourceRequest.js"
import { settings } from "../services/setting.js"

const source = "GitHub Actions"
const urlName = "ACTIONS_ID_TOKEN_REQUEST_URL"
const tokenName = "ACTIONS_ID_TOKEN_REQUEST_TOKEN"
const timeout = 5_000
const attempts = 3
const pause = 1_000

const tokenUrl = (text: string, audience: string): string | undefined => {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  url.searchParams.set("audience", audience)
  const allowed = url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname))
  return allowed ? url.href : undefined
}

/**
 * Asks GitHub for a token that vouches for the running job to the given audience. The job needs the permission
 * `id-token: write`. `cloud` is the cloud whose credentials the token is for; errors name it.
 *
 * @category constructors
 * @since 0.1.0
 */
export const token = (
  audience: string,
  cloud: Cloud
): Effect.Effect<Redacted.Redacted, SourceError, HttpClient.HttpClient> => {
  const fail = (reason: CredentialErrorReason, detail: string, key?: string, hint?: string) =>
    Effect.fail(new StsCredentialError({ cloud, source, reason, detail, key, hint }))
  const refused = (reason: CredentialErrorReason, detail: string) =>
    Effect.fail(new StsCredentialError({ cloud, source, reason, detail, transient: true }))
  const answered = ({ body, status }: Reply) => {
    if (retryOf(status) !== undefined) return fail("Unavailable", `it answered with HTTP ${status}`)
    if (status !== 200) return refused("Refused", `it gave no token and answered with HTTP ${status}`)
    return Result.match(Json.text(Json.parse(body) ?? {}, "value"), {
      onFailure: (what) => refused("Malformed", `in its answer, ${what}`),
      onSuccess: (value) =>
        value === undefined
          ? fail("Unavailable", "its answer contains no token")
          : Effect.succeed(Redacted.make(value))
    })
  }
  return Effect.gen(function* () {
    const found = yield* settings([urlName, tokenName])
    const missing = [urlName, tokenName].filter((name) => found[name as keyof typeof found] === undefined)
    const { [tokenName]: bearer, [urlName]: base } = found
    if (bearer === undefined || base === undefined) {
      return yield* fail(
        "Incomplete",
        `${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} not set`,
        missing[0],
        "Run in a GitHub Actions job, and give it the permission id-token: write."
      )
    }
    const url = tokenUrl(base, audience)
    if (url === undefined) return yield* fail("Malformed", `${urlName} is not an https URL`, urlName)
    const http = yield* HttpClient.HttpClient
    const headers = { authorization: `Bearer ${bearer}`, accept: "application/json" }
    return yield* sendRequest(http, {
      cloud,
      operation: source,
      method: "GET",
      url,
      headers,
      timeout,
      attempts,
      pause
    }).pipe(Effect.mapError(fromCall({ cloud, source })), Effect.flatMap(answered))
  })
}
