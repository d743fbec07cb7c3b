import { assert, describe, it } from "@effect/vitest"
import * as Redacted from "effect/Redacted"
import * as FastCheck from "fast-check"
import * as query from "../../../src/protocol/aws/query.js"
import { formatTimestamp, parseTimestamp } from "../../../src/protocol/encoding.js"
import * as shape from "../../../src/protocol/shape.js"
import { text } from "../arbitraries.js"

const tag = shape.structure({ key: ["Key", shape.string], value: ["Value", shape.string] })

const input = shape.structure({
  roleArn: ["RoleArn", shape.string],
  durationSeconds: ["DurationSeconds", shape.integer],
  token: ["WebIdentityToken", shape.string],
  tags: ["Tags", shape.list(tag)],
  names: ["Names", shape.list(shape.string, { flattened: true, memberName: "Name" })],
  labels: ["Labels", shape.map(shape.string, shape.string, { keyName: "K", valueName: "V" })],
  at: ["At", shape.timestamp],
  legacy: ["Legacy", shape.timestampAs("rfc822")],
  blob: ["Blob", shape.blob],
  ratio: ["Ratio", shape.double]
})

const pairsOf = (value: object) =>
  [...new URLSearchParams(query.body("Act", "2011-06-15", input, value))].slice(2)

describe("a request's parameters", () => {
  it("begin with the action and version and follow the shape's order", () => {
    assert.strictEqual(
      query.body("AssumeRole", "2011-06-15", input, {
        durationSeconds: 900,
        roleArn: "arn:aws:iam::1:role/a b"
      }),
      "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fa%20b&DurationSeconds=900"
    )
  })

  it("leave out absent and unknown fields", () => {
    assert.deepStrictEqual(pairsOf({ roleArn: undefined, tags: null, stranger: "x", toString: "y" }), [])
  })

  it("contain plain secrets", () => {
    assert.deepStrictEqual(pairsOf({ token: Redacted.make("eyJ") }), [["WebIdentityToken", "eyJ"]])
  })

  it("number the members of lists and maps from 1", () => {
    assert.deepStrictEqual(
      pairsOf({
        tags: [
          { key: "a", value: "" },
          { key: "b", value: "2" }
        ],
        names: ["x", "y"],
        labels: { z: "26" }
      }),
      [
        ["Tags.member.1.Key", "a"],
        ["Tags.member.1.Value", ""],
        ["Tags.member.2.Key", "b"],
        ["Tags.member.2.Value", "2"],
        ["Names.1", "x"],
        ["Names.2", "y"],
        ["Labels.entry.1.K", "z"],
        ["Labels.entry.1.V", "26"]
      ]
    )
  })

  it("distinguish empty lists from absent ones, and leave out empty maps", () => {
    assert.deepStrictEqual(pairsOf({ tags: [], names: [], labels: {} }), [
      ["Tags", ""],
      ["Names", ""]
    ])
  })

  it("encode times, bytes and numbers", () => {
    const at = Date.UTC(2015, 7, 30, 12, 36, 0, 250)
    assert.deepStrictEqual(
      pairsOf({
        at: new Date(at),
        legacy: at,
        blob: new Uint8Array([0, 255]),
        ratio: Number.NEGATIVE_INFINITY
      }),
      [
        ["At", "2015-08-30T12:36:00.250Z"],
        ["Legacy", "Sun, 30 Aug 2015 12:36:00 GMT"],
        ["Blob", "AP8="],
        ["Ratio", "-Infinity"]
      ]
    )
  })

  it("survive any text", () => {
    FastCheck.assert(
      FastCheck.property(text, (value) => {
        const form = new URLSearchParams(query.body("Act", "1", input, { roleArn: value }))
        assert.deepStrictEqual(
          [...form],
          [
            ["Action", "Act"],
            ["Version", "1"],
            ["RoleArn", value]
          ]
        )
      })
    )
  })
})

describe("timestamps", () => {
  const at = Date.UTC(2011, 6, 11, 19, 55, 29)

  it.each([
    ["2011-07-11T19:55:29Z", 0],
    ["2011-07-11T19:55:29.611Z", 611],
    ["2011-07-11T19:55:29.6Z", 600],
    ["2011-07-11T19:55:29.611999999Z", 611],
    ["2011-07-11T21:55:29+02:00", 0],
    ["2011-07-11T14:25:29.5-0530", 500],
    ["2011-07-11t19:55:29z", 0],
    ["1310414129", 0],
    ["1310414129.25", 250],
    ["1.310414129E9", 0],
    ["Mon, 11 Jul 2011 19:55:29 GMT", 0],
    ["Mon, 11 Jul 2011 19:55:29.75 GMT", 750]
  ])("%s is read", (written, fraction) => {
    assert.strictEqual(parseTimestamp(written), at + fraction)
  })

  it.each([
    "",
    "tomorrow",
    "2011-07-11",
    "2011-07-11T19:55:29",
    "2011-02-30T00:00:00Z",
    "2011-13-01T00:00:00Z",
    "2011-07-11T25:00:00Z",
    "99999999999999",
    "1e99",
    "Mon, 31 Feb 2011 19:55:29 GMT",
    "Mon, 11 Jul 2011 19:55:29 CET"
  ])("%s is not", (written) => {
    assert.isUndefined(parseTimestamp(written))
  })

  it("are read in their own format only", () => {
    assert.isUndefined(parseTimestamp("1310414129", "iso8601"))
    const millis = FastCheck.integer({ min: Date.UTC(1900, 0), max: Date.UTC(2200, 0) })
    FastCheck.assert(
      FastCheck.property(millis, (time) => {
        assert.strictEqual(parseTimestamp(formatTimestamp(time, "iso8601"), "iso8601"), time)
        assert.strictEqual(parseTimestamp(formatTimestamp(time, "unixTimestamp"), "unixTimestamp"), time)
        const seconds = Math.floor(time / 1000) * 1000
        assert.strictEqual(parseTimestamp(formatTimestamp(seconds, "rfc822"), "rfc822"), seconds)
      })
    )
  })
})
