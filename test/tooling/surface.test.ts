/**
 * What the doors hand out is what was recorded: an export, a member or a type that comes, goes or changes is a line of
 * surface.txt, to be read with the change that makes it. What holds for every public name is checked there too.
 */
import { readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { path, surface } from "../../scripts/surface.js"

const recorded = readFileSync(path, "utf8")

/** The names of each door and of each namespace within it. */
const scopesOf = (text: string): ReadonlyMap<string, ReadonlySet<string>> => {
  const scopes = new Map<string, Set<string>>()
  for (const [door = "", ...lines] of text.split(/^# /m).map((part) => part.split("\n"))) {
    for (const line of lines) {
      const [, within = "", name] =
        /^(?:namespace|interface|type|const|class) ([\w.]+\.)?(\w+)/.exec(line) ?? []
      if (name === undefined) continue
      const scope = `${door} ${within}`
      scopes.set(scope, (scopes.get(scope) ?? new Set()).add(name))
    }
  }
  scopes.delete("without a name at any door ")
  return scopes
}

describe("what the doors hand out", { timeout: 300_000 }, () => {
  it("exports match the recorded surface", { timeout: 300_000 }, () => {
    const found = surface()
    assert.include(found, "# effect-sts/testing\n")
    assert.strictEqual(found, recorded, "where it is meant to be so: npm run surface")
  })

  const caseAlone = (text: string): ReadonlyArray<string> =>
    [...scopesOf(text)].flatMap(([scope, names]) => {
      const lower = [...names].map((name) => name.toLowerCase())
      return [...names]
        .filter((_, index) => lower.indexOf(lower[index] ?? "") < index)
        .map((name) => scope + name)
    })

  it("has no two names that differ by case alone", () => {
    assert.deepStrictEqual(caseAlone("# a\nconst Role: x\nconst role: y\nconst In.role: z"), ["a role"])
    assert.deepStrictEqual(caseAlone(recorded), [])
  })

  // A type that no door has is nobody's to give.
  const internal = (text: string): ReadonlyArray<string> => {
    const [told = "", hidden = ""] = text.split("# without a name at any door")
    const declared = (lines: string) =>
      Array.from(lines.matchAll(/^(?:interface|type|class) (?:\w+\.)*(\w+)/gm), ([, name = ""]) => name)
    const known = new Set(declared(told))
    const names = declared(hidden).filter((name) => !known.has(name))
    return told.split("\n").flatMap((line) => {
      const [, , given] =
        /^((?:\w+\.)*\w*(?:Options|Endpoint|Input)\.\w+\??): (.*)/.exec(line) ??
        /^const ((?:\w+\.)*(?:make|layer|sources)\w*): (\(.*\)) => /.exec(line) ??
        []
      return names.some((name) => new RegExp(`\\b${name}\\b`).test(given ?? "")) ? [line] : []
    })
  }

  it("asks in options for nothing that is internal", () => {
    const text = "X.Options.where?: Source\nconst X.make: (options: Y, memory?: Memory) => Z"
    const hidden = "\n# without a name at any door\nclass Memory\ninterface Source"
    assert.deepStrictEqual(internal(text + hidden), text.split("\n"))
    assert.deepStrictEqual(internal(recorded), [])
  })

  const oddLayers = (text: string): ReadonlyArray<string> => {
    const scopes = new Map<string, Map<string, string>>()
    for (const [door = "", ...lines] of text.split(/^# /m).map((part) => part.split("\n"))) {
      for (const line of lines) {
        const [, within = "", name = "", type = ""] =
          /^(?:const )?((?:\w+\.)*)(layer|layerWith): (.*)/.exec(line) ?? []
        const scope = `${door} ${within}`
        if (name !== "") scopes.set(scope, (scopes.get(scope) ?? new Map()).set(name, type))
      }
    }
    return [...scopes].flatMap(([scope, layers]) => {
      const isConstant = /^Layer</.test(layers.get("layer") ?? "")
      const isOdd = /^\(options\?/.test(layers.get("layer") ?? "") || (layers.has("layerWith") && !isConstant)
      return isOdd ? [scope] : []
    })
  }

  it("has a layer that is a constant, or takes options that are needed", () => {
    const text = [
      "# a",
      "const A.layer: (options?: Options) => Layer<A>",
      "const B.layer: (options: Options) => Layer<A>",
      "const C.layerWith: (options: Options) => Layer<A>",
      "const D.layer: Layer<A>"
    ]
    assert.deepStrictEqual(oddLayers(text.join("\n")), ["a A.", "a C."])
    assert.deepStrictEqual(oddLayers(recorded), [])
  })

  const unconfigurable = (text: string): ReadonlyArray<string> => {
    const named = (pattern: RegExp) => Array.from(text.matchAll(pattern), ([, namespace = ""]) => namespace)
    const configurable = named(/^const (\w+)\.layerConfig: /gm)
    return named(/^const (\w+)\.layer: (?:<[^(]*>)?\(options: Options/gm).filter(
      (namespace) => !configurable.includes(namespace)
    )
  }

  it("has a layerConfig beside each layer that takes options", () => {
    const text = [
      "const A.layer: (options: Options) => Layer<A>",
      "const B.layer: <R>(options: Options<R>) => Layer<A>",
      "const B.layerConfig: (options: Configured) => Layer<A>",
      "const C.layer: Layer<A>"
    ]
    assert.deepStrictEqual(unconfigurable(text.join("\n")), ["A"])
    assert.deepStrictEqual(unconfigurable(recorded), [])
  })
})
