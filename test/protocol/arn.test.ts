import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "fast-check"
import { accountIdOf, isAlibabaCaller, isAwsCaller, isPlain, matches } from "../../src/protocol/arn.js"

/** What the pattern says, as an expression of its own: exponential, so for short patterns. */
const expression = (pattern: string): RegExp =>
  new RegExp(
    `^${Array.from(pattern, (one) => (one === "*" ? ".*" : one === "?" ? "." : `\\u{${one.codePointAt(0)?.toString(16)}}`)).join("")}$`,
    "su"
  )

const letters = FastCheck.constantFrom("a", "b", "/", "*", "?", ".", "é", "😀", "\n")
const short = FastCheck.array(letters, { maxLength: 8 }).map((parts) => parts.join(""))

describe("a pattern", () => {
  it("matches like its regular expression", () => {
    FastCheck.assert(
      FastCheck.property(short, short, (pattern, text) => {
        assert.strictEqual(matches(pattern, text), expression(pattern).test(text))
      }),
      { numRuns: 2_000 }
    )
  })

  it("matches a text that was made from it", () => {
    FastCheck.assert(
      FastCheck.property(short, short, short, (one, two, three) => {
        const plain = (text: string) => text.replace(/[*?]/g, "")
        assert.isTrue(matches(`${plain(one)}*${plain(three)}`, plain(one) + two + plain(three)))
      })
    )
  })

  it("of many stars takes bounded time", () => {
    const pattern = `${"*a".repeat(20_000)}b`
    assert.isFalse(matches(pattern, `${"a".repeat(20_000)}c`))
    assert.isTrue(matches(pattern, `${"a".repeat(20_000)}b`))
    assert.isTrue(matches(`${"*".repeat(100_000)}`, ""))
  })

  it("is plain without * and ?", () => {
    assert.deepStrictEqual(["a.b", "a*", "a?"].map(isPlain), [true, false, false])
  })
})

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
