import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "fast-check"
import { encodeSorted, percentEncode } from "../../src/protocol/encoding.js"
import { pairs, text } from "./arbitraries.js"

/** Byte by byte, as RFC 3986 has it. */
const naive = (value: string): string =>
  Array.from(Buffer.from(value, "utf8"), (byte) => {
    const character = String.fromCharCode(byte)
    return /[A-Za-z0-9\-._~]/.test(character)
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`
  }).join("")

const anyUnits = FastCheck.string16bits()

describe("percent-encoding", () => {
  it("is that of the RFC, byte by byte", () => {
    FastCheck.assert(
      FastCheck.property(FastCheck.oneof(text, anyUnits), (value) => {
        assert.strictEqual(percentEncode(value), naive(value))
      }),
      { numRuns: 1_000 }
    )
  })

  it("covers every ASCII character", () => {
    const ascii = String.fromCharCode(...Array.from({ length: 128 }, (_, code) => code))
    assert.strictEqual(percentEncode(ascii), naive(ascii))
  })

  it("is undone by decoding", () => {
    FastCheck.assert(
      FastCheck.property(text, (value) => {
        assert.strictEqual(decodeURIComponent(percentEncode(value)), value)
      })
    )
  })

  it.each([
    ["\uD800", "%EF%BF%BD"],
    ["a\uDC00b", "a%EF%BF%BDb"],
    ["\uD83D\uDE00\uD83D", "%F0%9F%98%80%EF%BF%BD"],
    ["\uDE00\uD83D", "%EF%BF%BD%EF%BF%BD"]
  ])("replaces a lone surrogate: %j", (value, encoded) => {
    assert.strictEqual(percentEncode(value), encoded)
  })

  it("sorts a form by the code units of its names", () => {
    assert.strictEqual(
      encodeSorted({ b: "2", a: "1", B: "", "a b": "*", ａ: "é", "😀": "" }),
      "B=&a=1&a%20b=%2A&b=2&%F0%9F%98%80=&%EF%BD%81=%C3%A9"
    )
  })

  it("loses no name or value of a form", () => {
    FastCheck.assert(
      FastCheck.property(pairs(text), (parameters) => {
        const decoded = encodeSorted(parameters)
          .split("&")
          .filter((pair) => pair !== "")
          .map((pair) => pair.split("=").map(decodeURIComponent))
        assert.deepStrictEqual(Object.fromEntries(decoded), parameters)
      })
    )
  })
})
