import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import * as FastCheck from "fast-check"
import { type Node, parseTree, spotOf, withMembers } from "../../src/protocol/json.js"

const valueOf = (node: Node): unknown => {
  if (node.kind === "plain") return node.value
  if (node.kind === "array") return node.items.map(valueOf)
  return Object.fromEntries([...node.members].map(([name, member]) => [name, valueOf(member.node)]))
}

const read = (text: string): Node => Result.getOrThrow(parseTree(text))

describe("JSON with positions", () => {
  it("agrees with JSON.parse", () => {
    FastCheck.assert(
      FastCheck.property(FastCheck.json(), FastCheck.constantFrom(0, 1, 4, "\t"), (text, indent) => {
        const again = JSON.stringify(JSON.parse(text), null, indent)
        assert.strictEqual(JSON.stringify(valueOf(read(again))), JSON.stringify(JSON.parse(again)))
      })
    )
  })

  it("is refused when JSON.parse refuses it", () => {
    FastCheck.assert(
      FastCheck.property(FastCheck.json(), FastCheck.nat(), FastCheck.string(), (text, at, put) => {
        const offset = at % (text.length + 1)
        const changed = text.slice(0, offset) + put + text.slice(offset)
        let good = true
        try {
          JSON.parse(changed)
        } catch {
          good = false
        }
        assert.strictEqual(Result.isSuccess(parseTree(changed)), good, changed)
      })
    )
  })

  for (const [text, line, column] of [
    ["", 1, 1],
    ["invalid", 1, 1],
    ['{"a": 1,}', 1, 9],
    ['{"a": 1}\n x', 2, 2],
    ['{\r\n  "a": "open\r\n}', 2, 8],
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3],
    ['{"a": 01}', 1, 7],
    ["[1, 2", 1, 6],
    ['{1: "a"}', 1, 2],
    ['{"a" 1}', 1, 6]
  ] as const) {
    it(`stops making sense at ${line}:${column} of ${JSON.stringify(text)}`, () => {
      assert.deepStrictEqual(parseTree(text), Result.fail({ line, column }))
    })
  }

  it("accepts a byte order mark, and limits nesting", () => {
    assert.deepStrictEqual(valueOf(read("\uFEFF[1]")), [1])
    assert.isTrue(Result.isFailure(parseTree("[".repeat(100_000))))
    assert.strictEqual(valueOf(read(`"${"x".repeat(1_000_000)}"`)), "x".repeat(1_000_000))
  })

  it("counts lines by any line ending", () => {
    assert.deepStrictEqual(spotOf("a\nb\r\nc\rd", 7), { line: 4, column: 1 })
  })
})

const objectIn = (text: string) => {
  const node = read(text)
  assert.isTrue(node.kind === "object")
  return node as Extract<Node, { kind: "object" }>
}

describe("changed members", () => {
  it("leave everything else unchanged", () => {
    const text = '{\n\t"b" :  "old",  "big": 12345678901234567890,\n\t"a": [1,\n2]\n}\n'
    assert.strictEqual(
      withMembers(text, objectIn(text), { b: 'n"ew', c: 7, d: "x" }),
      '{\n\t"b" :  "n\\"ew",  "big": 12345678901234567890,\n\t"a": [1,\n2],\n\t"c": 7,\n\t"d": "x"\n}\n'
    )
  })

  it("are added to an object without any", () => {
    assert.strictEqual(withMembers("{ }", objectIn("{ }"), { a: 1, b: 2 }), '{"a": 1,"b": 2 }')
  })

  it("are read back", () => {
    const object = FastCheck.dictionary(FastCheck.string(), FastCheck.jsonValue())
    const changes = FastCheck.dictionary(
      FastCheck.string(),
      FastCheck.oneof(FastCheck.string(), FastCheck.nat())
    )
    FastCheck.assert(
      FastCheck.property(object, changes, FastCheck.constantFrom(0, 2), (before, after, indent) => {
        const text = JSON.stringify(before, null, indent)
        const changed = withMembers(text, objectIn(text), after)
        assert.deepStrictEqual(JSON.parse(changed), JSON.parse(JSON.stringify({ ...before, ...after })))
      })
    )
  })
})
