/** What an operation of the emulated service is, and what it is given. */
import type * as Effect from "effect/Effect"
import type { Structure } from "../../protocol/aws/query.js"
import type { Refusal } from "../Service.js"
import type { Caller } from "./Identity.js"
import type { State } from "./State.js"

/** One call. */
export interface Call {
  /** As the operation's shape reads them, not checked yet. */
  readonly fields: Readonly<Record<string, unknown>>
  readonly host: string
  /** Milliseconds since 1970, by the emulator's clock. */
  readonly now: number
}

/** One call of somebody who is known. */
export interface SignedCall extends Call {
  readonly caller: Caller
}

/** An operation on the wire. */
export interface Wire {
  readonly name: string
  readonly globalEndpoint: boolean
  readonly input: Structure
  readonly output: Structure
}

type Run<C extends Call> = (state: State, call: C) => Effect.Effect<object, Refusal>

/** An operation: how it stands on the wire and what it answers, by this library's names. */
export type Operation =
  | { readonly _tag: "Signed"; readonly wire: Wire; readonly run: Run<SignedCall> }
  | { readonly _tag: "Anonymous"; readonly wire: Wire; readonly run: Run<Call> }

/** An operation that only those who are known may call. */
export const signed = (wire: Wire, run: Run<SignedCall>): Operation => ({ _tag: "Signed", wire, run })

/** An operation that anybody may call. */
export const anonymous = (wire: Wire, run: Run<Call>): Operation => ({ _tag: "Anonymous", wire, run })
