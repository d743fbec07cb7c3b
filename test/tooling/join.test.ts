/**
 * What Node loads of the package is the same as what bundlers do, in few files.
 */
import { rmSync } from "node:fs"
import { join, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { afterAll, assert, describe, it } from "@effect/vitest"
import { joinDoors } from "../../scripts/join.mjs"

const root = resolve(import.meta.dirname, "../..")
// From here the packages are found that are not joined.
const folder = join(root, "node_modules/.joined")
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const namesIn = async (file: string): Promise<ReadonlyArray<string>> =>
  Object.keys(await import(pathToFileURL(file).href)).sort()

describe("the joined doors", { timeout: 300_000 }, () => {
  it("export the same as the doors, in few files", async () => {
    const { doors, files } = await joinDoors(root, "src", "ts", folder)
    assert.includeMembers(doors, ["index", "aws", "alibaba", "node", "function", "blocking", "testing"])
    for (const door of doors) {
      const joined = await namesIn(join(folder, `${door}.js`))
      assert.isNotEmpty(joined)
      assert.deepStrictEqual(joined, await namesIn(join(root, `src/${door}.ts`)))
    }
    // Ten doors, and what some of them share.
    assert.isAtMost(files, 48)
  })
})
