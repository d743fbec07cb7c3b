import { isDeepStrictEqual } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import * as FastCheck from "fast-check"
import { errorOf, requestIdOf, resultOf, scanReply } from "../../../src/protocol/aws/query.js"
import { parse } from "../../../src/protocol/aws/xml.js"
import type { Shape, Structure } from "../../../src/protocol/shape.js"
import { operations } from "../../schemas/aws/operations.js"

/** The same by the strict reader; none where it would say that the reply is wrong or another. */
const read = (action: string, output: Structure, source: string): unknown => {
  const parsed = parse(source)
  if (Result.isFailure(parsed) || errorOf(parsed.success) !== undefined) return undefined
  const result = resultOf(action, output, parsed.success)
  if (Result.isFailure(result)) return undefined
  return { ...(result.success as object), requestId: requestIdOf(parsed.success) }
}

const texts = [
  "",
  " a\n",
  "eyJ/+=",
  "6",
  "2026-01-31T12:00:00Z",
  "2026-02-30T00:00:00Z",
  "true",
  "é𠀀",
  '{"a":[1]}'
]

const spaces = ["", "", "", "\n  ", "\t", " \r\n", "x", "<!-- -->", "<?p?>", "<Other/>", "<Other>1</Other>"]

const specials = [
  "&amp;",
  "&#233;",
  "&no;",
  "<![CDATA[a]]>",
  "]]>",
  "\u0000",
  "\ufffe",
  "\ud800",
  "\r",
  "<b/>"
]

/** Draws from a list, by choices that run out. */
class Choices {
  constructor(private readonly left: Array<number>) {}
  /** The first where none is left. */
  of<A>(all: readonly [A, ...Array<A>]): A {
    return all[(this.left.pop() ?? 0) % all.length] ?? all[0]
  }
  seldom(): boolean {
    return (this.left.pop() ?? 1) % 20 === 0
  }
}

const list = <A>([first, ...others]: ReadonlyArray<A>): readonly [A, ...Array<A>] => {
  if (first === undefined) throw new Error("there is nothing to choose from")
  return [first, ...others]
}

const element = (name: string, inside: string, choices: Choices): string => {
  const attributes = choices.seldom() ? choices.of([' a="1"', " ", ' a="<"', ' xmlns="urn:a"']) : ""
  if (choices.seldom()) return `<${name}${attributes}/>`
  const whole = `<${name}${attributes}>${inside}</${name}${choices.seldom() ? " " : ""}>`
  return choices.seldom() ? whole + whole : whole
}

const usualText = (shape: Shape): string =>
  shape.type === "timestamp" ? "2026-01-31T12:00:00Z" : shape.type === "integer" ? "6" : "eyJ/+="

const inside = (shape: Shape, choices: Choices): string => {
  if (shape.type !== "structure") {
    const text = choices.seldom() ? choices.of(list(texts)) : usualText(shape)
    return choices.seldom() ? text + choices.of(list(specials)) : text
  }
  const members = Object.values(shape.members).filter(() => !choices.seldom())
  if (choices.seldom()) members.reverse()
  return members
    .map(({ name, shape }) => element(name, inside(shape, choices), choices))
    .map((one) => (choices.seldom() ? choices.of(list(spaces)) : "") + one)
    .join("")
}

const roots = [
  ' xmlns="https://sts.amazonaws.com/doc/2011-06-15/"',
  "",
  " xmlns='urn:a'",
  ' xmlns="urn:a" b="1"',
  ' xmlns="<"',
  ' xmlns="a'
]

const written = (action: string, output: Structure, choices: Choices): string => {
  const attributes = choices.seldom() ? choices.of(list(roots)) : (roots[0] ?? "")
  const result = element(`${action}Result`, inside(output, choices), choices)
  const id = choices.seldom() ? choices.of([" ", " a ", "<b/>"]) : "request-1"
  const head = element("ResponseMetadata", element("RequestId", id, choices), choices)
  const parts = choices.seldom() ? [head, result] : [result, head]
  const between = choices.seldom() ? choices.of(list(spaces)) : ""
  const root = choices.seldom() ? "Other" : `${action}Response`
  return `${between}<${root}${attributes}>${parts.join(between)}</${root}>${between}`
}

/** Cut off, or with a part of it put somewhere else. */
const broken = (source: string, at: number, how: number): string => {
  const place = at % (source.length + 1)
  if (how > 2) return source
  if (how === 0) return source.slice(0, place)
  if (how === 1) return source.slice(0, place) + source.slice(place + 1)
  return source.slice(0, place) + source.slice(at % 7, (at % 7) + 3) + source.slice(place)
}

describe("a usual reply", () => {
  for (const { name, output } of operations) {
    it(`of ${name} is read like by the strict reader`, () => {
      const usual = written(name, output, new Choices([]))
      const fields = scanReply(name, output, usual)
      assert.isDefined(fields)
      assert.deepStrictEqual(fields, read(name, output, usual))
      let scans = 0
      FastCheck.assert(
        FastCheck.property(
          FastCheck.array(FastCheck.nat(999), { minLength: 20, maxLength: 60 }),
          FastCheck.nat(9_999),
          FastCheck.nat(9),
          (choices, at, how) => {
            const source = broken(written(name, output, new Choices([...choices])), at, how)
            const scanned = scanReply(name, output, source)
            if (scanned === undefined) return
            scans++
            assert.isTrue(isDeepStrictEqual(scanned, read(name, output, source)))
          }
        ),
        { numRuns: 10_000 }
      )
      assert.isAbove(scans, 500)
    })
  }

  it("may be spread over lines, in any order, with or without a namespace", () => {
    const [{ name, output }] = list(operations)
    const id = "<ResponseMetadata>\n <RequestId>\n a </RequestId> </ResponseMetadata>"
    const result = `<${name}Result> <SourceIdentity> b </SourceIdentity>\n</${name}Result>`
    for (const attributes of ["", ' xmlns="urn:other"']) {
      for (const parts of [id + result, `\n${result}\t${id} `]) {
        const source = ` <${name}Response${attributes}>${parts}</${name}Response>\n`
        assert.deepStrictEqual(scanReply(name, output, source), { sourceIdentity: " b ", requestId: "a" })
      }
    }
  })

  it("is left to the strict reader when it is too long", () => {
    const [{ name, output }] = list(operations)
    const source = `<${name}Response><${name}Result></${name}Result></${name}Response>`
    assert.isDefined(scanReply(name, output, source))
    assert.isUndefined(scanReply(name, output, source + " ".repeat(4 * 1024 * 1024)))
  })
})
