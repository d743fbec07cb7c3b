import { readFileSync } from "node:fs"
import { assert, it } from "@effect/vitest"
import { documented, seedSchema } from "../../scripts/cliDocs.js"
import { writtenGuide } from "../../scripts/cliGuide.js"
import { documentation } from "../../src/cli/documentation.js"

it("the program's help tells what the declarations tell", () => {
  assert.deepStrictEqual(documentation, documented(), "run npm run readme")
})

it("every operation and field has a line of help", () => {
  for (const operations of Object.values(documented())) {
    for (const { fields, summary } of Object.values(operations)) {
      assert.match(summary, /\.$/)
      for (const text of Object.values(fields)) assert.match(text, /\.$/)
    }
  }
})

it("the guide has every command as it is", async () => {
  const guide = readFileSync(new URL("../../docs/cli.md", import.meta.url), "utf8")
  assert.strictEqual(await writtenGuide(guide), guide, "run npm run readme")
})

it("the schema of the emulator's accounts is published", () => {
  const schema = readFileSync(new URL("../../docs/emulator-seed.schema.json", import.meta.url), "utf8")
  assert.deepStrictEqual(JSON.parse(schema), JSON.parse(seedSchema()), "run npm run readme")
})
