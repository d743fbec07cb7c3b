import { assert, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import { Explanation } from "../../src/schemas/Explanation.js"

const explanation = new Explanation({
  cloud: "aws",
  sources: [
    { source: "environment", outcome: "not configured", detail: "AWS_ACCESS_KEY_ID is not set" },
    { source: "profile", outcome: "used", detail: "profile dev", file: "/home/me/.aws/config", line: 3 },
    { source: "container", outcome: "not reached", detail: "an earlier source was used" }
  ],
  credentials: {
    accessKeyId: "ASIAEXAMPLE",
    source: "profile dev",
    expiration: DateTime.makeUnsafe("2026-01-31T12:00:00Z")
  },
  region: { value: "eu-central-1", from: "AWS_REGION" },
  notes: [{ kind: "shadowed", key: "AWS_DEFAULT_REGION", detail: "AWS_REGION counts instead" }]
})

it("an explanation reads as lines", () => {
  assert.strictEqual(
    explanation.render(),
    `Access key ASIAEXAMPLE from profile dev, until 2026-01-31T12:00:00.000Z.
Region eu-central-1 from AWS_REGION.

Sources, in order:
  - environment: AWS_ACCESS_KEY_ID is not set
  ✓ profile: profile dev (/home/me/.aws/config:3)
  · container: an earlier source was used

Settings to look at:
  shadowed AWS_DEFAULT_REGION: AWS_REGION counts instead`
  )
})

it("an explanation survives JSON", () => {
  const json = JSON.stringify(Schema.encodeSync(Explanation)(explanation))
  assert.strictEqual(Schema.decodeUnknownSync(Explanation)(JSON.parse(json)).render(), explanation.render())
})
