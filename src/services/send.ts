/**
 * One exchange over whatever client a program has, decorated or not: nothing is added after signing, no redirect is
 * followed, no secret is shown, and a reply is one whatever the client thinks of it.
 */

import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import { isBare, type Reply, readReply } from "./HttpReply.js"
import { type Parts, SecretRequest } from "./HttpRequest.js"
import { discreet, Redirected, refusedIn } from "./platformHttp.js"

/** A reply, and what the client has done to the request, in words. */
export interface Answer {
  readonly reply: Reply
  readonly changes: ReadonlyArray<string>
}

/** Why there is no reply. */
export class Failure {
  readonly _tag = "Failure"
  constructor(
    /** What the client failed with, whatever that is. It may hold the request, so it is not for showing. */
    readonly error: unknown,
    readonly changes: ReadonlyArray<string>,
    /** Whether it broke rather than failed. */
    readonly broken: boolean
  ) {}
}

type Response = HttpClientResponse.HttpClientResponse

const wireOf = (error: unknown): HttpClientRequest.HttpClientRequest | undefined =>
  typeof error === "object" && error !== null && "request" in error
    ? (error.request as HttpClientRequest.HttpClientRequest)
    : undefined

// A client over fetch that somebody else made may follow redirects and tell nobody.
const wasRedirected = (response: Response): boolean => {
  const { original, source } = response as { original?: { source?: unknown }; source?: unknown }
  const found = source ?? original?.source
  return typeof found === "object" && found !== null && "redirected" in found && found.redirected === true
}

/** Sends a request through a client and reads the reply, of at most `maxBytes`. */
export const send = (
  client: HttpClient.HttpClient,
  parts: Parts,
  maxBytes: number
): Effect.Effect<Answer, Failure> => {
  const secret = new SecretRequest(parts)
  const changesOf = (error: unknown) => {
    const wire = wireOf(error)
    return wire === undefined ? [] : secret.changes(wire)
  }
  const read = (response: Response): Effect.Effect<Answer, Failure> => {
    const changes = secret.changes(response.request)
    if (wasRedirected(response)) return Effect.fail(new Failure(new Redirected(), changes, false))
    return Effect.mapBoth(readReply(response, maxBytes), {
      onSuccess: (reply) => ({ reply, changes }),
      onFailure: (error) => new Failure(error, changes, false)
    })
  }
  if (isBare(client)) {
    return Effect.matchEffect(client.execute(secret.request), {
      onSuccess: read,
      onFailure: (error) => Effect.fail(new Failure(error, [], false))
    })
  }
  const recovered = (cause: Cause.Cause<unknown>): Effect.Effect<Answer, Failure> => {
    const error = Cause.squash(cause)
    const response = refusedIn(error)
    return response === undefined
      ? Effect.fail(new Failure(error, changesOf(error), !Cause.hasFails(cause)))
      : read(response)
  }
  const whole = HttpClient.mapRequest(client, (mapped) => secret.complete(mapped))
  return discreet(
    Effect.suspend(() => whole.execute(secret.outline)).pipe(
      Effect.matchCauseEffect({ onSuccess: read, onFailure: recovered }),
      // What it gave for a response was none.
      Effect.catchDefect((defect) => Effect.fail(new Failure(defect, [], true)))
    ),
    false,
    (request) => secret.follows(request)
  )
}
