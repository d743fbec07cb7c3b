/**
 * Properties of effects, each of which has a clock of its own.
 */
import { it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import * as FastCheck from "fast-check"

export const property = <Values extends [unknown, ...Array<unknown>], E>(
  name: string,
  arbitraries: { readonly [I in keyof Values]: FastCheck.Arbitrary<Values[I]> },
  holds: (values: Values) => Effect.Effect<unknown, E, Scope.Scope>,
  numRuns: number,
  timeout?: number
): void =>
  it(
    name,
    () =>
      FastCheck.assert(
        FastCheck.asyncProperty(FastCheck.tuple(...arbitraries) as FastCheck.Arbitrary<Values>, (values) =>
          Effect.runPromise(
            Effect.asVoid(Effect.scoped(holds(values))).pipe(Effect.provide(TestClock.layer()))
          )
        ),
        { numRuns }
      ),
    timeout
  )
