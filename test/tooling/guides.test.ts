/**
 * What the guides name is there: files, commands, and what their links lead to.
 */
import { existsSync, readFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { assert, describe, it } from "@effect/vitest"

import { guides } from "../../scripts/readme.js"

const root = resolve(import.meta.dirname, "../..")
const read = (file: string): string => readFileSync(resolve(root, file), "utf8")

const generated = /^(?:dist|site|effect3\/(?:src|test))$/

describe.each(["AGENTS.md", "CONTRIBUTING.md", "docs/pipeline.md", ".github/workflows/ci.yml"])(
  "%s",
  (guide) => {
    const text = read(guide)

    it("names existing files", () => {
      const paths = Array.from(
        text.matchAll(/(?<=`|\.\.\/)(?:\.ci|bench|docs|effect3|scripts|src|test)\/[\w./-]+/g),
        ([path]) => path
      )
      assert.deepStrictEqual(
        paths.filter((path) => !generated.test(path) && !existsSync(resolve(root, path))),
        []
      )
    })

    it("names existing commands", () => {
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

/** How GitHub and the site call a heading in an address. */
const anchors = (text: string): ReadonlyArray<string> =>
  Array.from(text.matchAll(/^#+ (.+)$/gm), ([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-")
  )

describe.each([...guides, "AGENTS.md", "CONTRIBUTING.md", "SECURITY.md"])("the links of %s", (guide) => {
  it("links lead to existing targets", () => {
    const links = Array.from(read(guide).matchAll(/\]\((?!https?:)([^)\s]*)\)/g), ([, link = ""]) => link)
    const broken = links.filter((link) => {
      const [path = "", anchor] = link.split("#")
      const target = path === "" ? guide : join(dirname(guide), path)
      if (!existsSync(resolve(root, target))) return true
      return anchor !== undefined && !anchors(read(target)).includes(anchor)
    })
    assert.deepStrictEqual(broken, [])
  })
})
