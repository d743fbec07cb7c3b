/**
 * One list of changes gives both lines their versions.
 */
import { execFileSync } from "node:child_process"
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { delimiter, join, resolve } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { newFolder } from "../support/folders.js"

const root = resolve(import.meta.dirname, "../..")
const copy = newFolder()

const manifests = ["package.json", "effect3/package.json"]

const versions = () =>
  manifests.map((file) => JSON.parse(readFileSync(join(copy, file), "utf8")).version as string)

const change = (kind: string, words: string) => {
  writeFileSync(join(copy, ".changeset/one.md"), `---\n"effect-sts": ${kind}\n---\n\n${words}\n`)
  execFileSync(process.execPath, ["scripts/version.mjs"], {
    cwd: copy,
    env: {
      ...process.env,
      PATH: [join(root, "node_modules/.bin"), process.env["PATH"]].join(delimiter)
    },
    stdio: "pipe"
  })
}

describe("the versions of both lines", { timeout: 120_000 }, () => {
  it("come from one list and differ only in the major", () => {
    for (const folder of ["effect3", ".changeset"]) mkdirSync(join(copy, folder))
    for (const file of [...manifests, ".changeset/config.json", "scripts/version.mjs", "package-lock.json"])
      cpSync(join(root, file), join(copy, file))
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"))
    execFileSync("git", ["init", "-q"], { cwd: copy })
    const [before = ""] = versions()
    const minor = Number(before.split(".")[1]) + 1
    change("minor", "A way to do it.")
    assert.deepStrictEqual(versions(), [`4.${minor}.0`, `3.${minor}.0`])
    change("patch", "It is done right.")
    assert.deepStrictEqual(versions(), [`4.${minor}.1`, `3.${minor}.1`])
    const told = readFileSync(join(copy, "CHANGELOG.md"), "utf8")
    assert.match(
      told,
      new RegExp(`## 4\\.${minor}\\.1 and 3\\.${minor}\\.1[^]*It is done right[^]*## 4\\.${minor}\\.0 and`)
    )
  })
})
