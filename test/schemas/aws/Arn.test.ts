import { assert, describe, it } from "@effect/vitest"
import { accountIdOf } from "../../../src/schemas/aws/Arn.js"

describe("the account of an ARN", () => {
  it.each([
    ["arn:aws:sts::123456789012:assumed-role/reader/report", "123456789012"],
    ["arn:aws-cn:iam::123456789012:role/a:b:c", "123456789012"],
    ["arn:aws:iam::aws:policy/ReadOnlyAccess", "aws"],
    ["arn:aws:s3:::bucket", undefined],
    ["arn:aws:iam", undefined],
    ["123456789012", undefined],
    ["", undefined]
  ])("%s is of %s", (arn, account) => {
    assert.strictEqual(accountIdOf(arn), account)
  })
})
