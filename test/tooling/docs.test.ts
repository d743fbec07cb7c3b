/**
 * The documentation check can fail, and looks at what the doors hand out alone.
 */
import { spawnSync } from "node:child_process"
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { newFolder } from "../support/folders.js"

const root = resolve(import.meta.dirname, "../..")
const temporary = newFolder()

const docs = (name: string, files: Readonly<Record<string, string>>) => {
  const tree = join(temporary, name)
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, file)), { recursive: true })
    writeFileSync(join(tree, file), text)
  }
  for (const file of ["package.json", "tsconfig.json", "docgen.json"])
    cpSync(join(root, file), join(tree, file))
  symlinkSync(join(root, "node_modules"), join(tree, "node_modules"))
  const result = spawnSync(process.execPath, [join(root, "scripts/docs.mjs")], {
    cwd: tree,
    encoding: "utf8"
  })
  return { ...result, made: (file: string) => existsSync(join(tree, "site/markdown", `${file}.md`)) }
}

const door = `/**
 * A door.
 *
 * @since 0.1.0
 */

/**
 * What is shown.
 *
 * @since 0.1.0
 */
export * as Shown from "./layers/shown.js"
`

const shown = (description: string, example: string) => `/**
 * What is shown.
 *
 * @since 0.1.0
 */

/**
 * ${description}
 *
 * @example
 * import { Shown } from "effect-sts"
 *
 * ${example}
 *
 * @since 0.1.0
 */
export const three: number = 3
`

const hidden = "export const undocumented = 1\n"

describe("the documentation check", { timeout: 300_000 }, () => {
  it("every public export is described, and its examples run", () => {
    const { made, status, stdout } = docs("sound", {
      "src/index.ts": door,
      "src/layers/shown.ts": shown(
        "Three.",
        "const four: number = Shown.three + 1\n * assert.strictEqual(four, 4)"
      ),
      "src/layers/hidden.ts": hidden,
      "src/cli/main.ts": hidden
    })
    assert.strictEqual(status, 0, stdout)
    assert.isTrue(made("index.ts"))
    assert.isTrue(made("layers/shown.ts"))
    assert.isFalse(made("layers/hidden.ts"))
  })

  it.each([
    ["an export has no description", shown("", "Shown.three"), "Missing"],
    ["an example does not compile", shown("Three.", "const four: string = Shown.three"), "tsc"],
    ["an example does not hold", shown("Three.", "assert.strictEqual(Shown.three, 4)"), "tsx"]
  ])("fails where %s", (name, text, reason) => {
    const { status, stdout } = docs(name.replaceAll(" ", "-"), {
      "src/index.ts": door,
      "src/layers/shown.ts": text
    })
    assert.notStrictEqual(status, 0)
    assert.include(stdout, reason)
  })
})
