/**
 * Runs the tests of the cases alone and prints one line for each case: `A1 right`, or `A1 wrong: ` and why. A case's
 * tests are those whose group is called by its name, such as `A1: a default file that nobody named`.
 */
import { resolve } from "node:path"
import { startVitest, type TestCase, type TestModule } from "vitest/node"

const numbered = (letter: string, last: number): ReadonlyArray<string> =>
  Array.from({ length: last }, (_, index) => `${letter}${index + 1}`)

const names = [...numbered("A", 21), ...numbered("B", 18), "B2b"]

const nameOf = (test: TestCase): string | undefined => /^([AB]\d+b?): /.exec(test.fullName)?.[1]

/** What is wrong with a test, if anything: one that did not run proves nothing. */
const faultOf = (test: TestCase): string | undefined => {
  const { errors, state } = test.result()
  if (state === "passed") return undefined
  const why = errors?.[0]?.message?.split("\n")[0] ?? `it was ${state}`
  return `${test.name}: ${why}`
}

const withoutReport = { onTestModuleCollected: () => undefined }

const vitest = await startVitest("test", ["test/cases/"], {
  root: resolve(import.meta.dirname, "../.."),
  watch: false,
  typecheck: { enabled: false },
  reporters: [withoutReport]
})
const modules: ReadonlyArray<TestModule> = vitest.state.getTestModules()
await vitest.close()

const tests = modules.flatMap(({ children }) => [...children.allTests()])
const faults = modules.flatMap((module) =>
  module.errors().map(({ message }) => `${module.moduleId}: ${message}`)
)

const wrong = names.flatMap((name) => {
  const own = tests.filter((test) => nameOf(test) === name)
  const why = own.length === 0 ? "it has no test" : own.map(faultOf).find((fault) => fault !== undefined)
  console.log(why === undefined ? `${name} right` : `${name} wrong: ${why}`)
  return why === undefined ? [] : [name]
})

for (const fault of faults) console.error(fault)
const strays = tests.filter((test) => !names.includes(nameOf(test) ?? ""))
for (const { fullName } of strays) console.error(`no case is called so: ${fullName}`)

console.log(`${names.length - wrong.length} passed, ${wrong.length} failed`)
process.exitCode = wrong.length + faults.length + strays.length === 0 ? 0 : 1
