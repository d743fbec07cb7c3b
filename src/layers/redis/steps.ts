/** The scripts' steps on one purpose's keys, and what their replies say. */
import type { Names } from "../../protocol/redisEntry.js"
import * as Scripts from "../../protocol/redisScripts.js"
import type { Outcome, Step } from "./connection.js"

/** What a look at Redis found. */
export interface Look {
  /** The server's time in milliseconds. */
  readonly now: number
  /** Empty where there is none. */
  readonly entry: string
  /** Of the lease that was granted; empty where none was. */
  readonly fence: string
  /** How long the lease lasts on, or the memory of a failure, in milliseconds. */
  readonly rest: number
  /** `fresh`, `granted`, `held`, `!` and a code, or why Redis could not write. */
  readonly state: string
}

/** What became of an entry that was put. */
export interface Put {
  readonly now: number
  readonly result: "taken" | "refused" | "failed"
  /** The entry that stands, or why Redis could not write. */
  readonly text: string
}

const text = (part: unknown): string => (typeof part === "string" ? part : "")

const integer = (part: unknown): number => (Number.isFinite(Number(part)) ? Number(part) : 0)

/** Reads what a look gave. */
export const lookIn = ([now, entry, fence, rest, state]: ReadonlyArray<unknown>): Look => ({
  now: integer(now),
  entry: text(entry),
  fence: text(fence),
  rest: Math.max(0, integer(rest)),
  state: text(state)
})

/** Reads what putting an entry gave. */
export const putIn = ([now, result, rest]: ReadonlyArray<unknown>): Put => ({
  now: integer(now),
  result: result === 1 ? "taken" : result === 0 ? "refused" : "failed",
  text: text(rest)
})

/** The number that a script gave alone; none where Redis did not answer. */
export const numberIn = (outcome: Outcome): number | undefined =>
  outcome._tag === "Done" ? integer(outcome.reply[0]) : undefined

/** How long a source that failed is left alone, in milliseconds: by who has nothing, and by who finds an entry. */
export interface Silence {
  readonly withNothing: number
  readonly withEntry: number
}

/** The steps on a purpose's keys. */
export const stepsOf = ({ channel, keys }: Names) => {
  const step = (script: Scripts.Script, ...values: ReadonlyArray<string | number>): Step => ({
    script,
    keys,
    values: values.map(String)
  })
  const release = (token: string): Step => step(Scripts.release, token, channel)
  return {
    release,
    // Granted to a look that was given up, a lease would hold up the fleet until it ends.
    look: (token: string, lease: number, rejected: string): Step => ({
      ...step(Scripts.look, token, lease, rejected),
      undo: release(token)
    }),
    extend: (token: string, lease: number): Step => step(Scripts.extend, token, lease),
    put: (token: string, fence: string, endsAt: number, entry: string): Step =>
      step(Scripts.put, token, fence, endsAt, entry, channel),
    fail: (token: string, code: string, { withNothing, withEntry }: Silence): Step =>
      step(Scripts.fail, token, code, Math.ceil(withNothing), Math.ceil(withEntry), channel),
    invalidate: (id: string): Step => step(Scripts.invalidate, id)
  }
}

export type Steps = ReturnType<typeof stepsOf>

/** How many calls of STS a second an account's fleet makes. */
export interface Rate {
  readonly name: string
  readonly perSecond: number
  readonly burst: number
}

/** Books a place for a call. */
export const reserve = ({ burst, name, perSecond }: Rate, longest: number): Step => ({
  script: Scripts.reserve,
  keys: [name],
  values: [1e6 / perSecond, burst, longest].map((value) => String(Math.round(value)))
})
