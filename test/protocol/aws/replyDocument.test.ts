import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import * as FastCheck from "fast-check"
import { errorOf, requestIdOf, resultOf } from "../../../src/protocol/aws/query.js"
import { parse, valueOf } from "../../../src/protocol/aws/xml.js"
import * as shape from "../../../src/protocol/shape.js"
import { written } from "./xmlArbitraries.js"

const root = (source: string) => Result.getOrThrow(parse(source))

const values = shape.structure({
  text: ["Text", shape.string],
  count: ["Count", shape.integer],
  ratio: ["Ratio", shape.double],
  yes: ["Yes", shape.boolean],
  at: ["At", shape.timestamp],
  bytes: ["Bytes", shape.blob],
  list: ["List", shape.list(shape.integer)],
  flat: ["Flat", shape.list(shape.string, { flattened: true })],
  map: ["Map", shape.map(shape.string, shape.integer)],
  inner: ["Inner", shape.structure({ text: ["Text", shape.string] })]
})

const decoded = (inner: string) => Result.getOrThrow(valueOf(values, root(`<v>${inner}</v>`)))

const refused = (inner: string) => Result.getOrThrow(Result.flip(valueOf(values, root(`<v>${inner}</v>`))))

describe("values", () => {
  it("follow their shapes, and are absent without an element", () => {
    assert.deepStrictEqual(decoded(""), {})
    assert.deepStrictEqual(
      decoded(
        "<Text> a </Text><Count> -7 </Count><Ratio>1e-3</Ratio><Yes>true</Yes><At>2011-07-11T19:55:29.611Z</At>" +
          "<Bytes>AP8=</Bytes><List><member>1</member><member>2</member></List><Flat>x</Flat><Flat/>" +
          "<Map><entry><key>a</key><value>1</value></entry></Map><Inner><Text/></Inner><Stranger/>"
      ),
      {
        text: " a ",
        count: -7,
        ratio: 0.001,
        yes: true,
        at: new Date("2011-07-11T19:55:29.611Z"),
        bytes: new Uint8Array([0, 255]),
        list: [1, 2],
        flat: ["x", ""],
        map: { a: 1 },
        inner: { text: "" }
      }
    )
  })

  it("may be empty containers", () => {
    assert.deepStrictEqual(decoded("<Text/><List/><Map/><Inner/><Bytes/>"), {
      text: "",
      list: [],
      map: {},
      inner: {},
      bytes: new Uint8Array()
    })
  })

  it.each([
    ["<Count>1.5</Count>", "v.Count", "is not of type integer"],
    ["<Ratio>0x10</Ratio>", "v.Ratio", "is not of type double"],
    ["<Yes>TRUE</Yes>", "v.Yes", "is not of type boolean"],
    ["<At>yesterday</At>", "v.At", "is not of type timestamp"],
    ["<Bytes>%</Bytes>", "v.Bytes", "is not of type blob"],
    ["<List><member>1</member><member>x</member></List>", "v.List[1]", "is not of type integer"],
    ["<Map><entry><value>1</value></entry></Map>", "v.Map[0]", "has no key"],
    ["<Map><entry><key>a</key><value>x</value></entry></Map>", "v.Map[0].value", "is not of type integer"]
  ])("like %s are refused by their place, not in their own words", (inner, path, reason) => {
    assert.deepStrictEqual(refused(inner), { path, reason })
  })

  it("cannot pollute prototypes", () => {
    const map = decoded("<Map><entry><key>__proto__</key><value>1</value></entry></Map>") as { map: object }
    assert.deepStrictEqual(Object.keys(map.map), ["__proto__"])
  })
})

describe("a result", () => {
  const output = shape.structure({ account: ["Account", shape.string] })
  const identity = (inner: string) => `<GetCallerIdentityResponse>${inner}</GetCallerIdentityResponse>`
  const result = (source: string) => resultOf("GetCallerIdentity", output, root(source))

  it("is unwrapped, with a namespace or without", () => {
    const inner = "<GetCallerIdentityResult><Account>1</Account></GetCallerIdentityResult>"
    for (const source of [
      identity(inner),
      identity(inner).replace(">", " xmlns='https://sts.amazonaws.com/doc/2011-06-15/'>"),
      identity(inner).replace(/(<\/?)/g, "$1n:")
    ]) {
      assert.deepStrictEqual(Result.getOrThrow(result(source)), { account: "1" })
    }
  })

  it("is reported when missing", () => {
    assert.deepStrictEqual(Result.getOrThrow(Result.flip(result(identity("")))), {
      path: "GetCallerIdentityResponse",
      reason: "has no GetCallerIdentityResult"
    })
    assert.deepStrictEqual(Result.getOrThrow(Result.flip(result("<html/>"))), {
      path: "html",
      reason: "is not GetCallerIdentityResponse"
    })
  })
})

describe("a refusal", () => {
  const denied = { code: "AccessDenied", message: "No.", requestId: "r-1" }

  it.each([
    [
      "AWS's",
      "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>No.</Message></Error><RequestId>r-1</RequestId></ErrorResponse>",
      "Sender"
    ],
    [
      "S3's",
      "<Error><Code>AccessDenied</Code><Message>No.</Message><RequestId>r-1</RequestId></Error>",
      undefined
    ],
    [
      "EC2's",
      "<Response><Errors><Error><Code>AccessDenied</Code><Message>No.</Message></Error></Errors><RequestID>r-1</RequestID></Response>",
      undefined
    ]
  ])("is read out of %s documents", (_, source, type) => {
    const { element, ...error } = errorOf(root(source)) ?? {}
    assert.deepStrictEqual(error, { ...denied, type })
    assert.strictEqual(element?.name, "Error")
  })

  it("must have a code", () => {
    for (const source of [
      "<ErrorResponse/>",
      "<ErrorResponse><Error/></ErrorResponse>",
      "<Error><Code> </Code></Error>",
      "<html><body>Error</body></html>"
    ]) {
      assert.isUndefined(errorOf(root(source)))
    }
  })
})

describe("any document", () => {
  it("has an error or not, and a result or not", () => {
    FastCheck.assert(
      FastCheck.property(written, ({ source }) => {
        const read = root(source)
        errorOf(read)
        requestIdOf(read)
        assert.isTrue(Result.isResult(valueOf(values, read)))
      }),
      { numRuns: 500 }
    )
  })
})
