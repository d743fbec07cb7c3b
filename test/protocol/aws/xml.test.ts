import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import * as FastCheck from "fast-check"
import { XMLParser } from "fast-xml-parser"
import { child, children, type Element, parse } from "../../../src/protocol/aws/xml.js"
import { cpuMillis } from "../../support/time.js"
import { written } from "./xmlArbitraries.js"

const root = (source: string): Element => Result.getOrThrow(parse(source))

const plain = (element: Element): Element => ({
  name: element.name,
  children: element.children.map(plain),
  text: element.text
})

const fault = (source: string) => Result.getOrThrow(Result.flip(parse(source)))

describe("a document", () => {
  it("is its root element", () => {
    assert.deepStrictEqual(plain(root("<a><b>x</b><b/><c>1<d/>2</c></a>")), {
      name: "a",
      text: "",
      children: [
        { name: "b", text: "x", children: [] },
        { name: "b", text: "", children: [] },
        { name: "c", text: "12", children: [{ name: "d", text: "", children: [] }] }
      ]
    })
  })

  it.each([
    ["a mark of its byte order", "\ufeff<a>x</a>"],
    ["a declaration", "<?xml version='1.0' encoding='UTF-8'?>\n<a>x</a>"],
    ["comments and instructions around it", "<!-- one --><?p i?><a>x</a><!---->\n"],
    ["comments and instructions in it", "<a><!-- < & --><?p <b> ?>x</a>"],
    ["attributes", "<a b='1' c:d = \"2 > 1\" e='&lt;'>x</a>"],
    ["namespaces", "<n:a xmlns:n='urn:n'>x</n:a>"],
    ["space in its tags", "<a\n>x</a\t>"],
    ["CDATA", "<a><![CDATA[x]]></a>"],
    ["references", "<a>&#120;</a>"],
    ["references in hexadecimal", "<a>&#x00000078;</a>"]
  ])("may have %s", (_, source) => {
    assert.strictEqual(root(source).name, "a")
    assert.strictEqual(root(source).text, "x")
  })

  it("reads entities once and line ends as line feeds", () => {
    assert.strictEqual(root("<a>&amp;lt;&lt;&gt;&quot;&apos;\r\n\r&#13;</a>").text, "&lt;<>\"'\n\n\r")
    assert.strictEqual(root("<a><![CDATA[&amp;<b>]] >\r\n]]></a>").text, "&amp;<b>]] >\n")
  })

  it.each([
    ["", "no element"],
    ["  \n", "no element"],
    ["<!-- -->", "no element"],
    ["x<a/>", "outside"],
    ["<a/>x", "outside"],
    ["<![CDATA[x]]><a/>", "outside"],
    ["&lt;", "outside"],
    ["<a/><b/>", "second root"],
    ["<a>", "not closed"],
    ["<a><b></b>", "not closed"],
    ["</a>", "no start tag"],
    ["<a></b>", "does not match"],
    ["<a></ab>", "does not match"],
    ["<ab></a>", "does not match"],
    ["<a><b></a></b>", "does not match"],
    ["<n:a></a>", "does not match"],
    ["<a></a x='1'>", "does not match"],
    ["<a></a", "does not match"],
    ["<a", "malformed"],
    ["<a b='1'c='2'/>", "malformed"],
    ["<a b/>", "no value"],
    ["<a b=1/>", "not quoted"],
    ["<a b='1/>", "not closed"],
    ["<a b='1' b='2'/>", "twice"],
    ["<a b='<'/>", "contains <"],
    ["<a b='&x;'/>", "entity"],
    ["<a ='1'/>", "no name"],
    ["< a/>", "no name"],
    ["<1a/>", "no name"],
    ["<a:/>", "no name"],
    ["<>", "no name"],
    ["<", "no name"],
    ["<a>&nbsp;</a>", "entity"],
    ["<a>& </a>", "entity"],
    ["<a>&amp</a>", "entity"],
    ["<a>&;</a>", "entity"],
    ["<a>&#0;</a>", "character reference"],
    ["<a>&#xD800;</a>", "character reference"],
    ["<a>&#x110000;</a>", "character reference"],
    ["<a>&#xFFFE;</a>", "character reference"],
    ["<a>&#X41;</a>", "character reference"],
    ["<a>&constructor;</a>", "entity"],
    ["<a>\0</a>", "character that XML does not allow"],
    ["<a>\u001b</a>", "character that XML does not allow"],
    ["<a>\ufffe</a>", "character that XML does not allow"],
    ["<a>\ud800</a>", "character that XML does not allow"],
    ["<a>]]></a>", "]]>"],
    ["<a><![CDATA[x</a>", "]]> is missing"],
    ["<a><!-- </a>", "not closed"],
    ["<a><!-- -- --></a>", "contains --"],
    ["<a><!-- ---></a>", "contains --"],
    ["<a><?x </a>", "?> is missing"],
    ["<a><? x?></a>", "no target"],
    [" <?xml version='1.0'?><a/>", "declaration"],
    ["<a><?XML x?></a>", "declaration"],
    ["<!DOCTYPE a><a/>", "document type"],
    ["<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "document type"],
    ["<a><!ELEMENT b ANY></a>", "document type"],
    ["<a><![CDATA x]]></a>", "document type"]
  ])("that reads %j is refused: %s", (source, reason) => {
    assert.include(fault(source).reason, reason)
  })

  it("is refused when malformed, without repeating its text", () => {
    assert.deepStrictEqual(fault("<a><key>top-secret</key><b></c></a>"), {
      offset: 27,
      reason: "an end tag does not match its start tag"
    })
  })

  it("is bounded in length and depth", () => {
    const nested = (depth: number) => "<a>".repeat(depth) + "</a>".repeat(depth)
    assert.isTrue(Result.isSuccess(parse(nested(64))))
    assert.include(fault(nested(65)).reason, "too deep")
    assert.include(fault(nested(500_000)).reason, "too deep")
    assert.isTrue(Result.isFailure(parse("<a>123</a>", { length: 9, depth: 64 })))
    assert.isTrue(Result.isSuccess(parse("<a>123</a>", { length: 10, depth: 1 })))
  })

  it("is read in time that grows with its length", () => {
    const half = 1_000_000
    for (const source of [
      `<a>${"&amp;".repeat(half / 5)}</a>`,
      `<a>${"<b/>".repeat(half / 4)}</a>`,
      `<a>${"x<!---->".repeat(half / 8)}</a>`,
      `<a ${Array.from({ length: half / 16 }, (_, index) => `b${index}=''`).join(" ")}/>`,
      `<a>${"&".repeat(half)}</a>`,
      `<a>${"<![CDATA[".repeat(half / 9)}</a>`,
      "<!--".repeat(half / 4),
      "<a ".repeat(half / 3)
    ]) {
      assert.isBelow(
        cpuMillis(() => parse(source)),
        2_000,
        source.slice(0, 12)
      )
    }
  })

  it("finds its elements by name", () => {
    const found = root("<a><b>1</b><c/><b>2</b></a>")
    assert.strictEqual(child(found, "b")?.text, "1")
    assert.deepStrictEqual(
      children(found, "b").map(({ text }) => text),
      ["1", "2"]
    )
    assert.isUndefined(child(found, "d"))
  })
})

const vendors = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  removeNSPrefix: true,
  parseTagValue: false,
  trimValues: false,
  processEntities: true,
  htmlEntities: true
})

type Ordered = Readonly<Record<string, unknown>>

const fromVendors = (nodes: ReadonlyArray<Ordered>): { children: Array<Element>; text: string } => {
  const read: { children: Array<Element>; text: string } = { children: [], text: "" }
  for (const node of nodes) {
    const [name = "", value] = Object.entries(node)[0] ?? []
    if (name === "#text") read.text += String(value)
    else read.children.push({ name, ...fromVendors(value as ReadonlyArray<Ordered>) })
  }
  return read
}

describe("any document", () => {
  it("is read as it was written", () => {
    FastCheck.assert(
      FastCheck.property(written, ({ element, source }) => {
        assert.deepStrictEqual(plain(root(source)), element)
      }),
      { numRuns: 2_000 }
    )
  })

  it("is read as fast-xml-parser reads it", () => {
    FastCheck.assert(
      FastCheck.property(written, ({ source }) => {
        const [theirs] = fromVendors(vendors.parse(source) as ReadonlyArray<Ordered>).children
        assert.deepStrictEqual(plain(root(source)), theirs)
      }),
      { numRuns: 3_000 }
    )
  })

  it("is read or refused, whatever became of it on the way", () => {
    const cut = FastCheck.tuple(
      written,
      FastCheck.nat(),
      FastCheck.nat(20),
      FastCheck.string({ maxLength: 6 })
    ).map(([{ source }, where, many, instead]) => {
      const at = where % (source.length + 1)
      return source.slice(0, at) + instead + source.slice(at + many)
    })
    const markup = FastCheck.stringOf(FastCheck.constantFrom(..."<>/!?-[]CDATA&;#x=\"' ab\0\ud800"), {
      maxLength: 60
    })
    FastCheck.assert(
      FastCheck.property(FastCheck.oneof(cut, markup, FastCheck.fullUnicodeString()), (source) => {
        const read = parse(source)
        if (Result.isFailure(read)) {
          assert.isAtLeast(read.failure.offset, 0)
          assert.isAtMost(read.failure.offset, source.length)
        }
      }),
      { numRuns: 20_000 }
    )
  })

  it("made of random bytes is read or refused", () => {
    FastCheck.assert(
      FastCheck.property(FastCheck.uint8Array({ maxLength: 200 }), (bytes) => {
        assert.isTrue(Result.isResult(parse(new TextDecoder().decode(bytes))))
      }),
      { numRuns: 2_000 }
    )
  })
})
