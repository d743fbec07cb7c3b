/**
 * The small requests of credential sources, which are not calls of STS: metadata services, portals, token endpoints.
 */

import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type { Cloud, StsResponseError, StsTransportError } from "../schemas/StsError.js"
import { DirectConnection } from "./DirectConnection.js"
import type * as Reply from "./Reply.js"
import { send } from "./send.js"
import * as TransportFault from "./TransportFault.js"
import { timeLimit } from "./timeLimit.js"

/** A request, and how long and how often it is tried. */
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
  /** Attempts where nobody answers, not even to cut the connection; as many as `attempts` where left out. */
  readonly silentAttempts?: number | undefined
  /** Milliseconds between two attempts; 0 where left out. */
  readonly pause?: number | undefined
  /** Which replies are worth another attempt; 429 and 5xx, but not 501, where left out. */
  readonly worthAnother?: ((status: number) => boolean) | undefined
  /** Whether no proxy may see it. */
  readonly direct?: boolean | undefined
  /** Addresses of the host, to connect to in turn instead of resolving its name again. For plain HTTP only. */
  readonly addresses?: ReadonlyArray<string> | undefined
}

const maxReplyBytes = 1024 * 1024

const busy = (status: number): boolean => (status >= 500 && status !== 501) || status === 429

type Answered = Effect.Effect<Reply.Reply, StsTransportError | StsResponseError>

const at = (url: string, address: string): string => {
  const moved = new URL(url)
  moved.hostname = address.includes(":") ? `[${address}]` : address
  return moved.href
}

const attempt = (http: HttpClient.HttpClient, question: Question, address: string | undefined): Answered => {
  const { body, cloud, headers = {}, method, operation, timeout, url } = question
  const { host } = new URL(url)
  const where = { cloud, operation, host }
  const parts =
    address === undefined
      ? { method, url, headers, body }
      : { method, url: at(url, address), headers: { host, ...headers }, body }
  return timeLimit(
    Effect.mapBoth(send(http, parts, maxReplyBytes), {
      onSuccess: ({ reply }) => reply,
      onFailure: (failure) => TransportFault.fromClient(where, failure)
    }),
    timeout,
    () => TransportFault.timedOut(where, timeout, "attempt")
  )
}

/** One attempt: the first address that can be connected to gives the answer. */
const inTurn = (http: HttpClient.HttpClient, question: Question): Answered => {
  const [first, ...others] = question.addresses ?? [undefined]
  return others.reduce<Answered>(
    (before, address) =>
      Effect.catchIf(
        before,
        (error) => error._tag === "StsTransportError",
        () => attempt(http, question, address)
      ),
    attempt(http, question, first)
  )
}

/**
 * Sends a request and gives whatever reply there is in the end, also one that refuses or redirects: no redirect is
 * followed.
 */
export const ask = (client: HttpClient.HttpClient, question: Question): Answered => {
  const { attempts = 1, direct = false, pause = 0, worthAnother = busy } = question
  const { silentAttempts = attempts } = question
  const once = inTurn(client, question)
  const again = (made: number): Answered => Effect.andThen(Effect.sleep(pause), after(made))
  const most = ({ reason }: StsTransportError | StsResponseError) =>
    reason === "Reset" ? attempts : silentAttempts
  const after = (made: number): Answered =>
    Effect.matchEffect(once, {
      onFailure: (error) =>
        made + 1 < most(error) && error.retryable ? again(made + 1) : Effect.fail(error),
      onSuccess: (reply) =>
        made + 1 < attempts && worthAnother(reply.status) ? again(made + 1) : Effect.succeed(reply)
    })
  return Effect.provideService(after(0), DirectConnection, direct)
}
