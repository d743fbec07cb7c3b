/**
 * One table of settings: nobody reads a variable that is not in it, and it holds none that nobody reads. Types say so too
 * of every reader; this holds where somebody goes round them.
 */
import { readdirSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { alibaba, aws, common, type SettingRow } from "../../src/protocol/settingTable.js"

const root = resolve(import.meta.dirname, "../../src")
const table: ReadonlyArray<SettingRow> = [...common, ...aws, ...alibaba]
const variables = table.flatMap(({ variable }) => variable ?? [])

/** The table itself, and what names settings to tell of them. */
const telling = /^protocol\/(settingTable|(aws|alibaba)\/settingNotes)\.ts$/

const code = readdirSync(root, { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => path.endsWith(".ts") && !telling.test(path) && !/^(emulator|cli)\//.test(path))
  .map((path) => ({
    path,
    text: readFileSync(join(root, path), "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "")
  }))

const filesWith = (pattern: RegExp): ReadonlyArray<string> =>
  code.flatMap(({ path, text }) => (pattern.test(text) ? [path] : []))

/** Capital letters in code that are no variable's name: codes of errors, and the beginning of names. */
const others = /^(ERR|EAI|UND_ERR)_|^INSUFFICIENT_PERMISSIONS$|^EFFECT_STS$/

describe("the table of settings", { timeout: 300_000 }, () => {
  const named = new Set(
    code.flatMap(({ text }) =>
      Array.from(text.matchAll(/["'`]([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)["'`]/g), ([, name = ""]) => name)
    )
  )

  it("has every variable named in code", () => {
    assert.deepStrictEqual(
      [...named].filter((name) => !variables.includes(name) && !others.test(name)),
      []
    )
  })

  it("has no unused and no repeated variable", () => {
    const isNamed = (variable: string) => code.some(({ text }) => text.includes(`"${variable}"`))
    assert.deepStrictEqual(
      variables.filter((variable) => !isNamed(variable)),
      []
    )
    assert.strictEqual(new Set(variables).size, variables.length)
  })

  it("is the only place that readers take names from", () => {
    assert.deepStrictEqual(filesWith(/import \{[^}]*\btextOf\b[^}]*\} from "[^"]*fiber\.js"/), [
      "services/setting.ts"
    ])
    // A type reads nothing, and a layerConfig what the program names.
    const reader = /\.load\(\[|import (?!type )[^"]*from "effect\/Config"/
    assert.sameMembers([...filesWith(reader)], ["layers/layerConfig.ts", "services/fiber.ts"])
    // What a command inherits, and which of it is a secret.
    assert.sameMembers(
      [...filesWith(/process\.env/)],
      ["layers/blocking/spawning.ts", "layers/runCommand.ts"]
    )
  })

  it("is the only place that profile readers take keys from", () => {
    const keys = new Set(table.flatMap(({ iniKey, key }) => [key, iniKey]))
    const read = code
      .filter(({ path }) => /^(protocol|layers|services)\/(aws|alibaba)\//.test(path))
      .flatMap(({ text }) =>
        Array.from(text.matchAll(/settings\.(?:get|has)\("(\w+)"\)/g), ([, key = ""]) => key)
      )
    assert.isAbove(read.length, 5)
    assert.deepStrictEqual(
      read.filter((key) => !keys.has(key)),
      []
    )
  })
})
