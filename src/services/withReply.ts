/**
 * The reply behind a response, for who asks.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { scrubber } from "../protocol/scrub.js"
import type { Cloud } from "../schemas/StsError.js"
import type { Reply } from "./HttpReply.js"
import { secretHeaders } from "./HttpRequest.js"

/**
 * What a service's reply says beside its document.
 *
 * @category models
 * @since 0.1.0
 */
export interface ReplyOutline {
  /** The HTTP status; 0 where no call was made. */
  readonly status: number
  /**
   * Names in lower case. What the reply echoes of the request's secrets is taken out, and headers that are secrets
   * themselves, such as `set-cookie`, print as redacted.
   */
  readonly headers: Readonly<Record<string, string>>
  /** The service's own id of the request, as its headers tell it. */
  readonly requestId: string | undefined
  /** Requests that the call took, this reply's included. */
  readonly attempts: number
}

/**
 * A response and the reply that it was read from.
 *
 * @category models
 * @since 0.1.0
 */
export interface WithReply<A> {
  /** What the operation answers. */
  readonly response: A
  /** What came beside it. */
  readonly reply: ReplyOutline
}

/**
 * Who wants to hear of a cloud's replies.
 *
 * @category models
 * @since 0.1.0
 */
export type Listener = (reply: Reply, attempts: number, secrets: () => ReadonlyArray<string>) => void

/**
 * Those who listen around a call.
 *
 * @category tags
 * @since 0.1.0
 */
export const Listeners = Context.Reference("effect-sts/ReplyListeners", {
  defaultValue: (): { readonly [_ in Cloud]?: Listener } => ({})
})

const requestIdNames: Record<Cloud, ReadonlyArray<string>> = {
  alibaba: ["x-acs-request-id"],
  aws: ["x-amzn-requestid", "x-amz-request-id"]
}

const none: ReplyOutline = {
  status: 0,
  headers: /* @__PURE__ */ secretHeaders(),
  requestId: undefined,
  attempts: 0
}

const outlineOf = (
  cloud: Cloud,
  { headers, status }: Reply,
  attempts: number,
  secrets: ReadonlyArray<string>
): ReplyOutline => {
  const scrub = scrubber(() => secrets)
  const shown = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, scrub(String(value))])
  )
  const name = requestIdNames[cloud].find((one) => shown[one] !== undefined)
  return {
    status,
    headers: secretHeaders(shown),
    requestId: name === undefined ? undefined : shown[name],
    attempts
  }
}

const statedIn = (response: unknown): string | undefined => {
  if (typeof response !== "object" || response === null || !("requestId" in response)) return undefined
  return typeof response.requestId === "string" ? response.requestId : undefined
}

/**
 * Runs an operation, or anything that calls some, and gives the last reply of the cloud's along with what comes of it.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make =
  (cloud: Cloud) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<WithReply<A>, E, R> =>
    Effect.flatMap(Listeners, (others) => {
      let last: (() => ReplyOutline) | undefined
      const listener: Listener = (reply, attempts, secrets) => {
        last = () => outlineOf(cloud, reply, attempts, secrets())
        others[cloud]?.(reply, attempts, secrets)
      }
      return Effect.map(
        Effect.provideService(effect, Listeners, { ...others, [cloud]: listener }),
        (response) => {
          if (last === undefined) return { response, reply: none }
          const outline = last()
          return { response, reply: { ...outline, requestId: statedIn(response) ?? outline.requestId } }
        }
      )
    })
