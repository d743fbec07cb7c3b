/**
 * What the operations of the emulated service are given.
 *
 * @since 0.1.0
 */
import type { Parameters } from "../../protocol/percentEncoding.js"
import type { Caller } from "./Caller.js"

/**
 * One call, its caller known; anonymous operations have none.
 *
 * @category models
 * @since 0.1.0
 */
export interface Call {
  readonly caller: Caller | undefined
  readonly parameters: Parameters
  /** Milliseconds since 1970, by the emulator's clock. */
  readonly now: number
}
