/** What a cloud is to the emulator: something that recognises its requests and answers them. */
import type * as Effect from "effect/Effect"
import type { Parameters } from "../protocol/percentEncoding.js"
import type { WireReply, WireRequest } from "./Wire.js"

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
