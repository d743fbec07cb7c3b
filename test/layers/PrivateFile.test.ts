/**
 * What counts as no file, and what as a file that cannot be read, in a real file system.
 */
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { assert, beforeEach, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as PrivateFile from "../../src/layers/PrivateFile.js"
import { newFolder } from "../support/folders.js"

let home = ""
beforeEach(() => {
  home = newFolder()
})

const outcome = (path: string) =>
  Effect.flatMap(PrivateFile.make, ({ readFirst }) => readFirst([join(home, path)], true)).pipe(
    Effect.provide(NodeFileSystem.layer)
  )

const cases: ReadonlyArray<
  readonly [name: string, laid: () => void, path: string, expected: "Read" | "Unreadable" | "Absent"]
> = [
  ["nothing there", () => undefined, "credentials", "Absent"],
  ["no folder", () => undefined, "folder/credentials", "Absent"],
  ["a link to a file", () => link("real", "credentials", "text"), "credentials", "Read"],
  ["a link to nothing", () => link("gone", "credentials"), "credentials", "Unreadable"],
  ["a folder that is a link to nothing", () => link("gone", "folder"), "folder/credentials", "Unreadable"],
  ["a folder that is a link to one without the file", () => linkToFolder(), "folder/credentials", "Absent"],
  ["a link to itself", () => link("credentials", "credentials"), "credentials", "Unreadable"],
  ["a folder in its place", () => mkdirSync(join(home, "credentials")), "credentials", "Unreadable"],
  ["a file in its folder's place", () => write("folder"), "folder/credentials", "Unreadable"]
]

const write = (name: string, text = "") => writeFileSync(join(home, name), text, { mode: 0o600 })
const link = (to: string, name: string, text?: string) => {
  if (text !== undefined) write(to, text)
  symlinkSync(join(home, to), join(home, name))
}
const linkToFolder = () => {
  mkdirSync(join(home, "real"))
  link("real", "folder")
}

describe("a file that holds secrets", () => {
  for (const [name, laid, path, expected] of cases) {
    it.effect(`is ${expected} with ${name}`, () =>
      Effect.gen(function* () {
        laid()
        const found = yield* outcome(path)
        assert.strictEqual(found._tag, expected)
        if (name.includes("link to nothing")) {
          assert.deepInclude(found, { reason: "a symbolic link in its path is broken" })
        }
      })
    )
  }
})
