import { assert, describe, it } from "@effect/vitest"
import { isAlibabaCaller, isAwsCaller } from "../../src/protocol/arn.js"
import { fileName } from "../../src/protocol/cacheEntry.js"
import { requestKey } from "../../src/protocol/requestKey.js"

describe("AWS's callers", () => {
  const session = "arn:aws:sts::123456789012:assumed-role/reader/report"
  const cases: ReadonlyArray<[wanted: string, caller: string, is: boolean]> = [
    [session, session, true],
    ["arn:aws:iam::123456789012:role/reader", session, true],
    ["arn:aws:iam::123456789012:role/team/blue/reader", session, true],
    ["arn:aws:iam::123456789012:role/*/reader", session, true],
    ["arn:aws:iam::123456789012:role/r*", session, true],
    ["arn:aws:iam::*:role/reader", session, true],
    ["arn:aws:sts::123456789012:assumed-role/reader/*", session, true],
    ["arn:aws:iam::123456789012:role/team/r*", session, false],
    ["arn:aws:iam::123456789012:role/team/*", session, false],
    ["arn:aws:iam::123456789012:role/read", session, false],
    ["arn:aws:iam::123456789012:role/reade?", session, true],
    ["arn:aws:iam::123456789012:role/reader?", session, false],
    ["arn:aws:iam::210987654321:role/reader", session, false],
    ["arn:aws-cn:iam::123456789012:role/reader", session, false],
    ["arn:aws:iam::123456789012:user/a.b", "arn:aws:iam::123456789012:user/axb", false],
    ["arn:aws:iam::123456789012:user/a+b", "arn:aws:iam::123456789012:user/a+b", true],
    ["*", "arn:aws:iam::123456789012:root", true],
    ["", session, false]
  ]
  for (const [wanted, caller, is] of cases) {
    it(`${wanted || "nothing"} is ${is ? "" : "not "}${caller}`, () =>
      assert.strictEqual(isAwsCaller(wanted, caller), is))
  }
})

describe("Alibaba Cloud's callers", () => {
  const session = "acs:ram::123456789012:assumed-role/reader/report"
  const cases: ReadonlyArray<[wanted: string, caller: string, is: boolean]> = [
    [session, session, true],
    ["acs:ram::123456789012:role/reader", session, true],
    ["acs:ram::123456789012:role/reader", "acs:sts::123456789012:assumed-role/reader/report", true],
    ["acs:ram::123456789012:role/re*", session, true],
    ["acs:ram::123456789012:role/writer", session, false],
    ["acs:ram::210987654321:role/reader", session, false],
    ["acs:ram::123456789012:user/*", session, false]
  ]
  for (const [wanted, caller, is] of cases) {
    it(`${wanted} is ${is ? "" : "not "}${caller}`, () =>
      assert.strictEqual(isAlibabaCaller(wanted, caller), is))
  }
})

describe("keys of requests", () => {
  it("are the same for the same", () => {
    const tags = [
      { key: "a", value: "1" },
      { key: "b", value: "2" }
    ]
    assert.strictEqual(
      requestKey({ role: "r", tags, policy: undefined }),
      requestKey({
        tags: [
          { value: "2", key: "b" },
          { value: "1", key: "a" }
        ],
        role: "r"
      })
    )
  })

  it("differ for what differs, and cannot be forged by punctuation", () => {
    const different = [
      {},
      { role: "r" },
      { role: "r", name: "s" },
      { role: `r","name":"s` },
      { role: ["r"] },
      { role: ["r", "s"] },
      { role: ["r,s"] },
      { role: 1 },
      { role: "1" },
      { tags: [{ key: "a", value: "1" }] },
      { tags: [{ key: "1", value: "a" }] }
    ]
    assert.strictEqual(new Set(different.map(requestKey)).size, different.length)
  })

  it("of a file's purpose tell lists in another order apart", () => {
    const way = (...roles: ReadonlyArray<string>) => fileName({ roles, region: "r" }, false)
    assert.notStrictEqual(way("a", "b"), way("b", "a"))
    assert.strictEqual(way("a", "b"), fileName({ region: "r", roles: ["a", "b"] }, false))
  })

  it("tell nothing of what they stand for", () => {
    assert.notInclude(requestKey({ externalId: "tenant-secret" }), "tenant")
  })
})
