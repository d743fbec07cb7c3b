/** What the operations of the emulated service are given. */
import type { Parameters } from "../../protocol/percentEncoding.js"
import type { Caller } from "./Caller.js"

/** One call, its caller known; anonymous operations have none. */
export interface Call {
  readonly caller: Caller | undefined
  readonly parameters: Parameters
  /** Milliseconds since 1970, by the emulator's clock. */
  readonly now: number
}
