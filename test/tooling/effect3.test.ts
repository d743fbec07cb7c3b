/**
 * The rules that derive the line for Effect 3: each does what its own example says, and what has none is refused.
 */
import { join, resolve } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { declarations, programOf } from "../../scripts/effect3/declarations.mjs"
import { derive } from "../../scripts/effect3/derive.mjs"
import { lastOf } from "../../scripts/effect3/imports.mjs"
import { members } from "../../scripts/effect3/members.mjs"
import { counterpart, modules, names, renamed } from "../../scripts/effect3/names.mjs"
import { allShapes } from "../../scripts/effect3/shapes.mjs"
import { modulesFor } from "../../scripts/effect3/tree.mjs"

interface Example {
  readonly title: string
  readonly from: string
  readonly to: string
}

const root = resolve(import.meta.dirname, "../..")

/** What the examples import under its usual name. */
const common =
  "Chunk Clock ConfigProvider Context DateTime Deferred Effect Fiber Layer Logger ManagedRuntime Metric Option Random References Schema Stream Tracer Console".split(
    " "
  )
const spaces = new Map(
  [...common.map((name) => `effect/${name}`), ...Object.keys(modules), ...Object.keys(names)].map(
    (module) => [lastOf(module), module]
  )
)

const importsOf = (text: string): string => {
  const used = new Set(Array.from(text.matchAll(/\b([A-Z]\w+)\./g), ([, name = ""]) => name))
  const lines = Array.from(used).flatMap((name) => {
    const module = spaces.get(name)
    return module === undefined ? [] : [`import * as ${name} from "${module}"\n`]
  })
  return [...(text.startsWith("it.") ? ['import { it } from "@effect/vitest"\n'] : []), ...lines].join("")
}

const effect4 = declarations(root, root, [...Object.keys(modules), ...Object.keys(names)])

/** A name used, as a value if it is one. */
const use = (module: string, path: string, namespace: string): string =>
  effect4.has(module, path, true) ? `export const used = ${namespace}` : `export type Used = ${namespace}`

const ofNames: ReadonlyArray<Example> = Object.entries(names).flatMap(([module, table]) =>
  Object.keys(table).map((name) => {
    const to = renamed(module, name)
    const namespace = lastOf(to.module) in globalThis ? lastOf(module) : lastOf(to.module)
    return {
      title: `${module}.${name}`,
      from: use(module, name, `${lastOf(module)}.${name}`),
      to: use(module, name, `${namespace}.${to.path}`)
    }
  })
)

const examples: ReadonlyArray<Example> = [
  ...ofNames,
  ...[...members, ...allShapes].map(({ from, to }) => ({ title: from, from, to }))
]

/** Constructs without a rule, and what is said of them. */
const planted: ReadonlyArray<readonly [text: string, line: number, words: string]> = [
  ["Schema.String\nSchema.decodeTo(Schema.Number)", 3, "Effect 3 has no effect/Schema.decodeTo"],
  ["export const union = Schema.Union", 2, "effect/Schema.Union takes its members one by one"],
  ["Context.get(Context.empty(), Clock.Clock)", 3, "effect/Clock.Clock is one of the default services"],
  ["export type Key = Context.Reference<number>", 2, "effect/Context.Reference"],
  ["export const runs = Effect.runForkWith", 2, "Effect 3 has no effect/Effect.runForkWith"],
  [
    'import { Combiner } from "effect/Combiner"\nexport type One = Combiner<number>',
    1,
    "Effect 3 has no effect/Combiner"
  ],
  ["export const made = HttpClientError.HttpClientError", 2, "HttpClientError.HttpClientError"]
]

const pathOf = (kind: string, index: number) => join(root, "src", `${kind}${index}.ts`)
const texts = Object.fromEntries([
  ...examples.map(({ from }, index) => [pathOf("example", index), `${importsOf(from)}${from}\n`]),
  ...planted.map(([text], index) => [pathOf("planted", index), `${importsOf(text)}${text}\n`]),
  ...Object.keys(modules).map((module, index) => [
    pathOf("module", index),
    `import type * as Module from "${module}"\nexport type All = typeof Module\n`
  ])
])

const program = programOf(root, Object.keys(texts), texts)
const files = Object.keys(texts).flatMap((path) => program.getSourceFile(path) ?? [])
const derived = derive(program, files, declarations(root, join(root, "effect3"), modulesFor(files)))

const problemsOf = (path: string): ReadonlyArray<string> =>
  derived.problems
    .filter(({ place }) => place.startsWith(`${path}:`))
    .map(({ message, place }) => `${place.slice(path.length)} ${message}`)
const bodyOf = (path: string): string => (derived.texts.get(path) ?? "").replace(/^import .*\n/gm, "").trim()

describe("a rule", { timeout: 300_000 }, () => {
  it.each(examples.map((example, index) => ({ ...example, index })))("$title", ({ from, index, to }) => {
    const path = pathOf("example", index)
    assert.deepStrictEqual(problemsOf(path), [])
    assert.strictEqual(bodyOf(path), to)
    assert.notStrictEqual(from, to)
  })

  it.each(Object.keys(modules).map((module, index) => ({ module, index })))(
    "$module",
    ({ index, module }) => {
      const path = pathOf("module", index)
      assert.deepStrictEqual(problemsOf(path), [])
      assert.include(derived.texts.get(path), `from "${counterpart(module)}"`)
    }
  )
})

describe("code without a rule", { timeout: 300_000 }, () => {
  it.each(planted.map(([text, line, words], index) => ({ text, line, words, index })))(
    "$text",
    ({ index, line, words }) => {
      const [problem = ""] = problemsOf(pathOf("planted", index))
      assert.isTrue(problem.startsWith(`:${line}:`), problem)
      assert.include(problem, words)
    }
  )
})
