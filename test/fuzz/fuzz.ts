/**
 * Runs a target over many inputs: nothing but a told fault may come of one, and no secret.
 */
import { inspect } from "node:util"
import * as FastCheck from "fast-check"
import { cpuMillis } from "../support/time.js"
import { inputOf, planted } from "./inputs.js"
import type { Target } from "./target.js"

const deep = { depth: 9, maxStringLength: null, maxArrayLength: null } as const

const messagesIn = (value: unknown): string =>
  value instanceof Error ? value.message : Array.isArray(value) ? value.map(messagesIn).join("\n") : ""

/** No input may hold a thread up for longer. */
const longest = 2_000

/** Throws what is wrong with one input. */
export const check = ({ told }: Target, input: string): void => {
  let said: unknown
  const took = cpuMillis(() => {
    said = told(input)
  })
  if (took > longest) throw new Error(`it took ${Math.round(took)} ms`)
  const text = `${inspect(said, deep)}\n${messagesIn(said)}`
  if (text.includes(planted)) throw new Error("it told a secret")
}

export interface Run {
  readonly count: number
  readonly seed: number
  /** Milliseconds after which no further input is tried. */
  readonly limit?: number | undefined
}

export const fuzz = (target: Target, { count, limit = 600_000, seed }: Run): FastCheck.RunDetails<[string]> =>
  FastCheck.check(
    FastCheck.property(inputOf(target.sound), (input) => check(target, input)),
    { numRuns: count, seed, interruptAfterTimeLimit: limit, markInterruptAsFailure: false }
  )

/** How a run ended, in a line or more. */
export const report = (target: Target, run: Run): { readonly failed: boolean; readonly text: string } => {
  const { counterexample, errorInstance, failed, numRuns } = fuzz(target, run)
  const wrong = failed && counterexample !== null
  return {
    failed: wrong,
    text: wrong
      ? `${target.name}: wrong after ${numRuns} inputs, seed ${run.seed}: ${errorInstance}\n  ${JSON.stringify(counterexample)}`
      : `${target.name}: ${numRuns} inputs`
  }
}
