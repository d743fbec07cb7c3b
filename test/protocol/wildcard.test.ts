import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "fast-check"
import { isPlain, matches } from "../../src/protocol/arn.js"

/** What the pattern says, as an expression of its own: exponential, so for short patterns. */
const expression = (pattern: string): RegExp =>
  new RegExp(
    `^${Array.from(pattern, (one) => (one === "*" ? ".*" : one === "?" ? "." : `\\u{${one.codePointAt(0)?.toString(16)}}`)).join("")}$`,
    "su"
  )

const letters = FastCheck.constantFrom("a", "b", "/", "*", "?", ".", "é", "😀", "\n")
const short = FastCheck.array(letters, { maxLength: 8 }).map((parts) => parts.join(""))

describe("a pattern", () => {
  it("matches what its expression does", () => {
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

  it("of many stars takes no more steps than its length and the text's", () => {
    const pattern = `${"*a".repeat(20_000)}b`
    assert.isFalse(matches(pattern, `${"a".repeat(20_000)}c`))
    assert.isTrue(matches(pattern, `${"a".repeat(20_000)}b`))
    assert.isTrue(matches(`${"*".repeat(100_000)}`, ""))
  })

  it("is plain without * and ?", () => {
    assert.deepStrictEqual(["a.b", "a*", "a?"].map(isPlain), [true, false, false])
  })
})
