import { assert, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import { Explanation } from "../../src/schemas/Explanation.js"

const config = "/home/me/.aws/config"

const explanation = new Explanation({
  cloud: "aws",
  sources: [
    {
      source: "environment",
      outcome: "not-configured",
      detail: "AWS_ACCESS_KEY_ID is not set",
      settings: []
    },
    {
      source: "profile",
      outcome: "used",
      detail: "it gave credentials",
      settings: [{ key: "AWS_PROFILE" }, { key: "role_arn", file: config, line: 4 }],
      file: config,
      line: 3
    },
    {
      source: "container",
      outcome: "not-reached",
      detail: "an earlier one ended the search",
      hint: "Nothing to do.",
      settings: [{ key: "AWS_CONTAINER_CREDENTIALS_FULL_URI" }]
    }
  ],
  credentials: {
    accessKeyId: "ASIAEXAMPLE",
    source: "profile dev",
    expiration: DateTime.makeUnsafe("2026-01-31T12:00:00Z")
  },
  region: { value: "eu-central-1", from: "AWS_REGION" },
  notes: [
    {
      kind: "unknown",
      key: "externalid",
      detail: "nothing reads it (did you mean external_id?)",
      source: "profile",
      file: config,
      line: 5
    },
    { kind: "shadowed", key: "AWS_DEFAULT_REGION", detail: "AWS_REGION counts instead" }
  ]
})

it("an explanation reads as a tree", () => {
  assert.strictEqual(
    explanation.render(),
    `Access key ASIAEXAMPLE from profile dev, until 2026-01-31T12:00:00.000Z.
├─ ○ environment: AWS_ACCESS_KEY_ID is not set
├─ ✓ profile: it gave credentials (/home/me/.aws/config:3)
│  ├─ read AWS_PROFILE
│  ├─ read role_arn (/home/me/.aws/config:4)
│  └─ unknown externalid (/home/me/.aws/config:5): nothing reads it (did you mean external_id?)
└─ · container: an earlier one ended the search Nothing to do.
   └─ set AWS_CONTAINER_CREDENTIALS_FULL_URI

Region eu-central-1 from AWS_REGION.

Other settings:
└─ shadowed AWS_DEFAULT_REGION: AWS_REGION counts instead`
  )
})

it("an explanation survives JSON", () => {
  const json = JSON.stringify(Schema.encodeSync(Explanation)(explanation))
  assert.strictEqual(Schema.decodeUnknownSync(Explanation)(JSON.parse(json)).render(), explanation.render())
})
