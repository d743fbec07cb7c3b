/**
 * Sources that give nothing: which error they have, and what it tells.
 */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { type SourceError, StsCredentialError } from "../../src/index.js"
import { printouts } from "../leaks/printouts.js"

/** The error of a source, which must fail with one of its own. */
export const credentialError = <A, R>(
  get: Effect.Effect<A, SourceError, R>
): Effect.Effect<StsCredentialError, never, R> =>
  Effect.matchEffect(get, {
    onSuccess: () => Effect.die(new Error("it gave credentials")),
    onFailure: (error) =>
      error instanceof StsCredentialError ? Effect.succeed(error) : Effect.die(new Error(error.message))
  })

export interface Expected {
  readonly reason?: StsCredentialError["reason"]
  readonly key?: string
  readonly file?: string
  readonly line?: number
  readonly profile?: string
  readonly says?: ReadonlyArray<RegExp | string>
}

/** That an error is the expected one, and shows no secret however it is printed. */
export const expectError = (
  error: unknown,
  { says = [], ...fields }: Expected,
  otherwise = String(error)
) => {
  assert.instanceOf(error, StsCredentialError, otherwise)
  assert.deepInclude({ ...error }, fields)
  for (const words of says) {
    if (typeof words === "string") assert.include(error.message, words)
    else assert.match(error.message, words)
  }
  for (const [way, text] of printouts(error)) assert.notInclude(text, "PLANTED", way)
}
