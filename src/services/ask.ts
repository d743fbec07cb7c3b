/**
 * The small requests of credential sources, which are not calls of STS: metadata services, portals, token endpoints.
 *
 * @since 0.1.0
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Effect from "effect/Effect"
import type { Cloud, StsResponseError, StsTransportError } from "../schemas/StsError.js"
import { withoutTracing } from "./BufferedClient.js"
import { DirectConnection } from "./DirectConnection.js"
import * as Reply from "./Reply.js"
import * as TransportFault from "./TransportFault.js"
import { timeLimit } from "./timeLimit.js"

/**
 * A request, and how long and how often it is tried.
 *
 * @category models
 * @since 0.1.0
 */
export interface Question {
  readonly cloud: Cloud
  /** How errors call the request, for example `instance metadata`. */
  readonly operation: string
  readonly method: "GET" | "PUT" | "POST"
  readonly url: string
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Its media type is in the headers. */
  readonly body?: string | undefined
  /** Milliseconds for each attempt. */
  readonly timeout: number
  /** Attempts in all; 1 where left out. */
  readonly attempts?: number | undefined
  /** Milliseconds between two attempts; 0 where left out. */
  readonly pause?: number | undefined
  /** Which replies are worth another attempt; 5xx and 429 where left out. */
  readonly worthAnother?: ((status: number) => boolean) | undefined
  /** Whether no proxy may see it. */
  readonly direct?: boolean | undefined
}

const maxReplyBytes = 1024 * 1024

const busy = (status: number): boolean => status >= 500 || status === 429

const requestOf = ({ body, headers = {}, method, url }: Question): HttpClientRequest.HttpClientRequest => {
  const request = HttpClientRequest.make(method)(url).pipe(
    HttpClientRequest.setHeaders({ "user-agent": "effect-sts", ...headers })
  )
  return body === undefined ? request : HttpClientRequest.bodyText(request, body, headers["content-type"])
}

/**
 * Sends a request and gives whatever reply there is in the end, also one that refuses or redirects: no redirect is
 * followed.
 *
 * @category constructors
 * @since 0.1.0
 */
export const ask = (
  client: HttpClient.HttpClient,
  question: Question
): Effect.Effect<Reply.Reply, StsTransportError | StsResponseError> => {
  const { attempts = 1, cloud, direct = false, operation, pause = 0, timeout, worthAnother = busy } = question
  const http = withoutTracing(client)
  const where = { cloud, operation, host: new URL(question.url).host }
  const request = requestOf(question)
  const once = Effect.clockWith((clock) =>
    timeLimit(
      Effect.catchAll(
        Effect.flatMap(http.execute(request), (response) => Reply.read(response, maxReplyBytes)),
        (error) => Effect.fail(TransportFault.fromClient(where, error))
      ),
      clock,
      timeout,
      () => TransportFault.timedOut(where, timeout, "attempt")
    )
  )
  const again = (left: number): typeof once => Effect.zipRight(Effect.sleep(pause), from(left - 1))
  const from = (left: number): typeof once =>
    Effect.matchEffect(once, {
      onFailure: (error) => (left > 1 && error.retryable ? again(left) : Effect.fail(error)),
      onSuccess: (reply) => (left > 1 && worthAnother(reply.status) ? again(left) : Effect.succeed(reply))
    })
  return Effect.provideService(from(attempts), DirectConnection, direct)
}
