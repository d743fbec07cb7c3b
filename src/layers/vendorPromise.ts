/** The way between effects and the promises that the vendors' packages speak. */

import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { retryOf } from "../protocol/retry.js"
import { type Cloud, type CredentialErrorReason, StsCredentialError } from "../schemas/StsError.js"
import { runPromiseExit } from "../services/fiber.js"
import { isBlocking } from "./blocking/scheduler.js"

/** Runs effects as promises. */
export type Run = <A, E>(effect: Effect.Effect<A, E>) => Promise<A>

/**
 * What runs effects with the clock, tracer, loggers and settings of the program that asks for it. A promise is rejected
 * with the effect's own error.
 */
export const running: Effect.Effect<Run> = Effect.map(runPromiseExit, (run) => async (effect) => {
  const exit = await run(effect)
  if (Exit.isSuccess(exit)) return exit.value
  throw Cause.squash(exit.cause)
})

/** Who is asked. */
export interface Vendor {
  readonly cloud: Cloud
  readonly source: string
}

// The text of a foreign error may hold anything; only what looks like a name is taken from it.
const name = /^[A-Za-z][A-Za-z0-9_.]{0,63}$/

const fieldOf = (value: unknown, field: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, field) : undefined

const nameIn = (error: unknown, field: string): string | undefined => {
  const value = fieldOf(error, field)
  return typeof value === "string" && name.test(value) ? value : undefined
}

const forGood = /denied|authorized|forbidden|permission/i

const isRefusal = (error: unknown): boolean => {
  const status = fieldOf(fieldOf(error, "$metadata"), "httpStatusCode") ?? fieldOf(error, "statusCode")
  return typeof status === "number" && status >= 400 && retryOf(status) === undefined
}

/** The error for a rejected promise. It contains the foreign error's name and code, and nothing else of it. */
export const rejected =
  ({ cloud, source }: Vendor) =>
  (error: unknown): StsCredentialError => {
    const code = nameIn(error, "code")
    const called = nameIn(error, "name") ?? "an error"
    const reason: CredentialErrorReason = isRefusal(error) ? "Refused" : "Unavailable"
    const detail = `its provider failed with ${called}${code === undefined || code === called ? "" : ` (${code})`}`
    const hint = "Call the provider directly to see the full error."
    // What it refused once, for a token that had ended for example, it may give the next time.
    const transient = (reason === "Refused" && !forGood.test(`${called} ${code}`)) || undefined
    return new StsCredentialError({ cloud, source, reason, detail, hint, transient })
  }

/** Whether a vendor's error says that the next provider may be asked. */
export const saysTryNext = (error: unknown): boolean => fieldOf(error, "tryNextLink") === true

/** Waits for a vendor's promise. Under `Effect.runSync` nothing could, so that is an error at once. */
export const waitFor = <A>(
  { cloud, source }: Vendor,
  begin: () => Promise<A>,
  onRejected: (error: unknown) => StsCredentialError
): Effect.Effect<A, StsCredentialError> =>
  Effect.withFiber((fiber) =>
    !isBlocking(fiber)
      ? Effect.tryPromise({ try: begin, catch: onRejected })
      : Effect.fail(
          new StsCredentialError({
            cloud,
            source,
            reason: "Unsupported",
            detail: "it returns a promise, which Effect.runSync cannot wait for",
            hint: "Run the program with Effect.runPromise, or use a source of this package."
          })
        )
  )

/** A part of what a vendor gave, as text; `Malformed` where it is something else. */
export const textIn =
  ({ cloud, source }: Vendor, given: unknown) =>
  (key: string): Effect.Effect<string | undefined, StsCredentialError> => {
    const value = fieldOf(given, key)
    if (value === undefined || value === null || typeof value === "string") {
      return Effect.succeed(value ?? undefined)
    }
    return Effect.fail(
      new StsCredentialError({
        cloud,
        source,
        reason: "Malformed",
        detail: `${key} is not a string`,
        key
      })
    )
  }
