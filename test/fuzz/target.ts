/** A parser that is given random input. */
import * as Result from "effect/Result"
import { hardJson } from "./hardInputs.js"

export interface Target {
  readonly name: string
  /** Sound documents. */
  readonly sound: ReadonlyArray<string>
  /** Gives what a caller is told where the input is wrong; whatever it throws is a fault. */
  readonly told: (input: string) => unknown
  /** Inputs of about so many characters that are as hard to read as they come. */
  readonly hard: ReadonlyArray<(length: number) => string>
}

export const left = (result: Result.Result<unknown, unknown>): unknown =>
  Result.isFailure(result) ? result.failure : undefined

export const json = (
  name: string,
  sound: ReadonlyArray<object>,
  told: (input: string) => unknown
): Target => ({
  name,
  sound: sound.map((one) => JSON.stringify(one, undefined, 1)),
  told,
  hard: hardJson
})
