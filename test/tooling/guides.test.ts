/**
 * What the guides for contributors name is there: files and commands.
 */
import { existsSync, readFileSync } from "node:fs"
import { resolve } from "node:path"
import { assert, describe, it } from "@effect/vitest"

const root = resolve(import.meta.dirname, "../..")
const read = (file: string): string => readFileSync(resolve(root, file), "utf8")

const generated = /^(?:dist|docs\/modules|effect3\/(?:src|test))$/

describe.each(["AGENTS.md", "CONTRIBUTING.md", "docs/pipeline.md", ".github/workflows/ci.yml"])(
  "%s",
  (guide) => {
    const text = read(guide)

    it("names files that are there", () => {
      const paths = Array.from(
        text.matchAll(/(?<=`|\.\.\/)(?:\.ci|bench|docs|effect3|scripts|src|test)\/[\w./-]+/g),
        ([path]) => path
      )
      assert.deepStrictEqual(
        paths.filter((path) => !generated.test(path) && !existsSync(resolve(root, path))),
        []
      )
    })

    it("names commands that are there", () => {
      const { scripts } = JSON.parse(read("package.json"))
      const named = Array.from(
        text.matchAll(/npm (?:run|test)(?: -s)?(?: ([a-z][\w:-]*))?/g),
        ([, name]) => name
      )
      assert.deepStrictEqual(
        named.filter((name) => name !== undefined && !Object.hasOwn(scripts, name)),
        []
      )
    })
  }
)
