/** Asking a URL that somebody set for credentials. */

import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import { ask } from "../../services/ask.js"
import type { SourceError } from "../../services/CredentialSource.js"
import type { Reply } from "../../services/Reply.js"
import * as answer from "./answer.js"
import * as Destination from "./Destination.js"

/** Who asks, and what may be asked. */
export interface Asker extends Destination.Asking {
  readonly client: HttpClient.HttpClient
  /** How errors call the endpoint. */
  readonly service: string
  readonly allowed: Destination.Allowed
  /** Attempts in all, a second apart. */
  readonly attempts: number
}

/** What came back, and what errors about it need to know. */
export interface Answered {
  readonly asked: answer.Asked
  readonly reply: Reply
}

const pause = 1_000

const secretsOf = (url: URL, token: Redacted.Redacted | undefined): ReadonlyArray<string> => [
  ...(url.pathname === "/" ? [] : [url.pathname]),
  ...url.searchParams.values(),
  ...(token === undefined ? [] : [Redacted.value(token)])
]

/**
 * Asks with `GET`, and with an `Authorization` header where there is a token. Path and query of the URL may be secrets
 * and are not shown.
 */
export const get = (
  asker: Asker,
  stated: Destination.Stated,
  token?: Redacted.Redacted
): Effect.Effect<Answered, SourceError> =>
  Effect.gen(function* () {
    const { allowed, attempts, client, operation, service, source, timeout } = asker
    const { addresses, direct, url } = yield* Destination.find(
      asker,
      stated,
      yield* Effect.fromResult(Destination.parse(stated)),
      allowed
    )
    const asked: answer.Asked = { source, service, secrets: secretsOf(url, token) }
    const authorization = token === undefined ? {} : { authorization: Redacted.value(token) }
    const reply = yield* ask(client, {
      cloud: source.cloud,
      operation,
      method: "GET",
      url: url.href,
      headers: { accept: "application/json", ...authorization },
      timeout,
      attempts,
      pause,
      addresses,
      direct
    }).pipe(Effect.mapError(answer.unanswered(asked)))
    return { asked, reply }
  })
