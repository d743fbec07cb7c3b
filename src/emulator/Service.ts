/**
 * What a cloud is to the emulator: requests and replies, whether they came over a socket or not, refusals, and
 * services that recognise requests and answer them, its STS and the endpoints beside it.
 */
import * as Effect from "effect/Effect"
import type { Parameters } from "../protocol/encoding.js"
import type { Operation, Plain } from "../schemas/Operation.js"
import type { Authentication } from "../schemas/Request.js"
import type { Decision, Note } from "./Policy.js"

/** One request. */
export interface WireRequest {
  /** The HTTP method, in upper case. */
  readonly method: string
  /** The URL's path, as it was sent. */
  readonly path: string
  /** The query as it was sent, without its question mark. */
  readonly query: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The body. Empty if there is none. */
  readonly body: Uint8Array
}

/** One reply. `content-length` is added when it is sent. */
export interface WireReply {
  /** The HTTP status. */
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The body, as text. */
  readonly body: string
}

const utf8 = new TextDecoder()

/** The body as UTF-8. */
export const bodyText = (request: WireRequest): string => utf8.decode(request.body)

/** Names and values of a query or form; of a name that comes twice, the last. */
export const decodeForm = (text: string): Parameters => Object.fromEntries(new URLSearchParams(text))

/** The type of the body, without its parameters, in lower case. */
export const mediaType = ({ headers }: WireRequest): string =>
  (headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? ""

const isScalar = (entry: [string, unknown]): entry is [string, string | number | boolean] =>
  ["string", "number", "boolean"].includes(typeof entry[1])

/** The texts, numbers and booleans of a JSON object; nothing if the text is not one. */
export const decodeJson = (text: string): Parameters | undefined => {
  try {
    const entries: Array<[string, unknown]> = Object.entries(JSON.parse(text))
    return Object.fromEntries(entries.filter(isScalar).map(([name, value]) => [name, String(value)]))
  } catch {
    return undefined
  }
}

/** A reply in JSON, at a time in milliseconds since 1970. */
export const jsonReply = (
  now: number,
  status: number,
  content: object,
  headers: WireReply["headers"] = {}
): WireReply =>
  textReply(now, status, JSON.stringify(content), { "content-type": "application/json", ...headers })

/** A reply in plain text, at a time in milliseconds since 1970. */
export const textReply = (
  now: number,
  status: number,
  body: string,
  headers: WireReply["headers"] = {}
): WireReply => ({
  status,
  headers: { "content-type": "text/plain", date: new Date(now).toUTCString(), ...headers },
  body
})

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }

/** A text as it stands in XML or HTML, within an element or an attribute. */
export const escapeMarkup = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => entities[character] ?? "")

/** A refusal. */
export interface Refusal {
  readonly status: number
  readonly code: string
  readonly message: string
}

/** A refusal with a status, a code and what it says. */
export const refusal = (status: number, code: string, message: string): Refusal => ({ status, code, message })

/** Refusals with the same status and code. */
export const refusing =
  (status: number, code: string) =>
  (message: string): Refusal => ({ status, code, message })

/** A reply, and in one word what became of the request: `OK` or an error code. */
export interface Answer {
  readonly reply: WireReply
  readonly verdict: string
  /** Why it was refused, in the service's words. */
  readonly message?: string
  /** What policies decided on the way. */
  readonly decisions?: ReadonlyArray<Decision>
}

/** The answer to a request that succeeded or was refused, by something that may note decisions. */
export const answered = <A>(
  run: (note: Note) => Effect.Effect<A, Refusal>,
  success: (result: A) => WireReply,
  failure: (refusal: Refusal) => WireReply
): Effect.Effect<Answer> =>
  Effect.suspend(() => {
    const decisions: Array<Decision> = []
    return Effect.match(
      run((decision) => decisions.push(decision)),
      {
        onSuccess: (result) => ({ reply: success(result), verdict: "OK", decisions }),
        onFailure: (refusal) => {
          const { code, message } = refusal
          return { reply: failure(refusal), verdict: code, message, decisions }
        }
      }
    )
  })

/** One call of an operation. */
export interface Call<Fields, Caller> {
  /** By this library's names, and as the service wants them. */
  readonly fields: Fields
  readonly caller: Caller
  /** Milliseconds since 1970, by the emulator's clock. */
  readonly now: number
  /** Takes what policies decide about it. */
  readonly note: Note
}

/** What an operation answers, given what its cloud knows. */
export interface Answering<State> {
  run(state: State, call: Call<unknown, unknown>): Effect.Effect<object, Refusal>
}

/** How the declared operations of a cloud are answered. Nobody known calls an anonymous one. */
export const operations =
  <State, Caller>() =>
  <
    Auth extends Authentication,
    Request extends object,
    Input,
    Response,
    Code extends string,
    O extends object
  >(
    declared: O & Operation<Auth, Request, Input, Response, Code>,
    run: (
      state: State,
      call: Call<Plain<Input>, Auth extends "signed" ? Caller : undefined>
    ) => Effect.Effect<object, Refusal>
  ): O & Answering<State> => ({ ...declared, run })

/** One request in the hands of the cloud that it is for. */
export interface Exchange {
  readonly operation: string | undefined
  /** How the request proves who it is from. */
  readonly form: string
  readonly parameters: Parameters
  /** Answers by the cloud's own rules. `now` is in milliseconds since 1970. */
  readonly answer: (now: number) => Effect.Effect<Answer>
  /** Answers with an error of the cloud's own shape, whatever the request is. */
  readonly refuse: (now: number, error: Refusal) => Effect.Effect<WireReply>
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
  readonly answer: (asked: Asked, note: Note) => Effect.Effect<WireReply, Refusal>
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
      : answered(
          (note) => found.answer(asked, note),
          (reply) => reply,
          (refusal) => refuse(refusal, asked)
        )
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
