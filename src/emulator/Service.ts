/** What a cloud is to the emulator: services that recognise requests and answer them, its STS and the endpoints beside it. */
import * as Effect from "effect/Effect"
import type { Parameters } from "../protocol/percentEncoding.js"
import type { Refusal } from "./Refusal.js"
import { bodyText, decodeForm, decodeJson, mediaType, type WireReply, type WireRequest } from "./Wire.js"

/** A reply, and in one word what became of the request: `OK` or an error code. */
export interface Answer {
  readonly reply: WireReply
  readonly verdict: string
}

/** One request in the hands of the cloud that it is for. */
export interface Exchange {
  readonly operation: string | undefined
  /** How the request proves who it is from. */
  readonly form: string
  readonly parameters: Parameters
  /** Answers by the cloud's own rules. `now` is in milliseconds since 1970. */
  readonly answer: (now: number) => Effect.Effect<Answer>
  /** Answers with an error of the cloud's own shape, whatever the request is. */
  readonly refuse: (
    now: number,
    error: { readonly status: number; readonly code: string; readonly message: string }
  ) => Effect.Effect<WireReply>
}

/** A cloud. */
export interface Service {
  readonly name: string
  /** What it says when it is asked too often. */
  readonly throttling: { readonly code: string; readonly message: string }
  /** The names of headers of its replies, in lower case. */
  readonly headers: { readonly requestId: string; readonly retryAfter: string }
  readonly recognises: (request: WireRequest) => boolean
  readonly open: (request: WireRequest) => Exchange
}

/** One request, as an endpoint sees it. */
export interface Asked {
  readonly request: WireRequest
  /** Of the query and the body. */
  readonly parameters: Parameters
  /** Milliseconds since 1970, by the emulator's clock. */
  readonly now: number
  readonly requestId: string
}

/** What a request asks for, and how that is answered. */
export interface Route {
  readonly operation: string
  readonly answer: (asked: Asked) => Effect.Effect<WireReply, Refusal>
}

/** An endpoint. */
export interface Endpoint {
  /** Nothing where the request is for another service. */
  readonly route: (request: WireRequest) => Route | undefined
  /** The header in which a request proves who it is from. */
  readonly proof: string
  /** What it says when it is asked too often, where that is not what the cloud's STS says. */
  readonly throttling?: Service["throttling"]
  readonly refuse: (refusal: Refusal, asked: Asked) => WireReply
}

/** What the services of one cloud have in common. */
export interface Shared extends Pick<Service, "name" | "throttling" | "headers"> {
  readonly requestId: Effect.Effect<string>
}

const parametersOf = (request: WireRequest): Parameters => {
  const query = decodeForm(request.query)
  switch (mediaType(request)) {
    case "application/json":
      return { ...query, ...decodeJson(bodyText(request)) }
    case "application/x-www-form-urlencoded":
      return { ...query, ...decodeForm(bodyText(request)) }
    default:
      return query
  }
}

const open = (shared: Shared, { proof, refuse, route }: Endpoint, request: WireRequest): Exchange => {
  const parameters = parametersOf(request)
  const asked = (now: number): Effect.Effect<Asked> =>
    Effect.map(shared.requestId, (requestId) => ({ request, parameters, now, requestId }))
  const found = route(request)
  const answerTo = (asked: Asked): Effect.Effect<Answer> =>
    found === undefined
      ? Effect.die(new Error("a request for another service"))
      : Effect.match(found.answer(asked), {
          onSuccess: (reply) => ({ reply, verdict: "OK" }),
          onFailure: (refusal) => ({ reply: refuse(refusal, asked), verdict: refusal.code })
        })
  return {
    operation: found?.operation,
    form: request.headers[proof] === undefined ? "anonymous" : "token",
    parameters,
    answer: (now) => Effect.flatMap(asked(now), answerTo),
    refuse: (now, error) => Effect.map(asked(now), (asked) => refuse(error, asked))
  }
}

/** The endpoint as a service. */
export const endpointService = (shared: Shared, endpoint: Endpoint): Service => ({
  name: shared.name,
  headers: shared.headers,
  throttling: endpoint.throttling ?? shared.throttling,
  recognises: (request) => endpoint.route(request) !== undefined,
  open: (request) => open(shared, endpoint, request)
})
