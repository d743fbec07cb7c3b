/**
 * Runs every suite and prints a line for each, or with `--json` the same as JSON. Exits with 1 if a case fails.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { type Case, casesOf, hasData, noData, type Suite } from "./Suite.js"
import { suites } from "./suites.js"

const asJson = process.argv.includes("--json")

const failureOf = ({ check, name }: Case) =>
  Effect.map(
    Effect.exit(check),
    Exit.match({ onFailure: (cause) => [{ name, cause: Cause.pretty(cause) }], onSuccess: () => [] })
  )

const run = (suite: Suite) => {
  const cases = casesOf(suite)
  return Effect.map(Effect.forEach(cases, failureOf), (failures) => ({
    name: suite.name,
    total: cases.length,
    failures: failures.flat()
  }))
}

const program = Effect.gen(function* () {
  const results = yield* Effect.forEach(suites, run)
  if (asJson) {
    const summary = results.map(({ failures, name, total }) => ({
      name,
      passed: total - failures.length,
      total,
      failed: failures.map((failure) => failure.name)
    }))
    console.log(JSON.stringify(summary, undefined, 2))
  } else {
    for (const { failures, name, total } of results) {
      console.log(`${name} ${total - failures.length}/${total}`)
      for (const failure of failures) console.error(`  ${failure.name}\n    ${failure.cause}`)
    }
  }
  if (results.some(({ failures }) => failures.length > 0)) process.exitCode = 1
})

if (hasData) await Effect.runPromise(program)
else console.log(asJson ? "[]" : noData)
