import { assert, describe, it } from "@effect/vitest"
import { meant } from "../../src/protocol/settings.js"

const known = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION"]

describe("a misspelt name", () => {
  it.each([
    ["AWS_ACCES_KEY_ID", "AWS_ACCESS_KEY_ID"],
    ["AWS_ACCESS_KEYID", "AWS_ACCESS_KEY_ID"],
    ["AWS_SECRET_ACCESSS_KEY", "AWS_SECRET_ACCESS_KEY"],
    ["AWS_SESSION_TOEKN", "AWS_SESSION_TOKEN"],
    ["aws_region", "AWS_REGION"],
    ["AWS_REGOINS", "AWS_REGION"]
  ])("%s may be %s", (name, other) => assert.strictEqual(meant(name, known), other))

  it.each(["AWS_EXECUTION_ENV", "AWS", "", "AWS_LAMBDA_FUNCTION_NAME"])("%s is like none", (name) =>
    assert.isUndefined(meant(name, known))
  )
})
