import { readFileSync } from "node:fs"
import { assert, it } from "@effect/vitest"
import { picture } from "../../scripts/tour.js"

it("the README's picture shows what the program prints", async () => {
  const file = new URL("../../docs/cli.svg", import.meta.url)
  assert.strictEqual(await picture(), readFileSync(file, "utf8"), "run npm run readme")
})
