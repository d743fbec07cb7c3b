/**
 * What others wrote, as errors and explanations show it.
 */
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import * as FastCheck from "fast-check"
import { printable, printableIn } from "../../src/protocol/scrub.js"
import { Explanation } from "../../src/schemas/Explanation.js"
import * as Errors from "../../src/schemas/StsError.js"

const steering = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u

/** Escape sequences, line ends, bidirectional overrides, C1, invisible characters, halves of pairs, and long ones. */
const foreign = FastCheck.oneof(
  FastCheck.array(
    FastCheck.constantFrom(
      "\u001b[31m",
      "\u001b]8;;https://x\u0007",
      "\r\n",
      "\n",
      "\u0000",
      "\u0085",
      "\u009b2J",
      "\u2028",
      "\u2029",
      "\u202e",
      "\u2066",
      "\u200b",
      "\ufeff",
      "\u061c",
      "\u{e0041}",
      "\ud800",
      "\udc00",
      "\u007f",
      "a",
      "é",
      "😀",
      " "
    ),
    { minLength: 1, maxLength: 12 }
  ).map((parts) => parts.join("")),
  FastCheck.constantFrom("x".repeat(900_000), "\u001b".repeat(5_000), "😀".repeat(4_000))
)

type Text = FastCheck.Arbitrary<string>

const cloud = FastCheck.constantFrom("alibaba", "aws" as const)
const api = (text: Text) => ({
  cloud,
  operation: text,
  code: text,
  status: FastCheck.constant(400),
  requestId: text,
  detail: text,
  category: FastCheck.constant("other"),
  retryable: FastCheck.boolean(),
  hint: text,
  recommend: text,
  accessDeniedDetail: FastCheck.dictionary(text, text, { maxKeys: 3 })
})

const place = (text: Text) => ({ file: text, line: FastCheck.constant(3) })

const fields: Readonly<
  Record<string, (text: Text) => Readonly<Record<string, FastCheck.Arbitrary<unknown>>>>
> = {
  StsApiError: api,
  StsValidationError: (text) => ({
    cloud,
    operation: text,
    issues: FastCheck.array(FastCheck.record({ field: text, rule: text }), { minLength: 1, maxLength: 3 })
  }),
  StsSignatureError: (text) => ({ cloud, operation: text, detail: text }),
  StsConfigError: (text) => ({ key: text, detail: text, hint: text, ...place(text) }),
  StsTransportError: (text) => ({
    cloud,
    operation: text,
    reason: FastCheck.constantFrom(...Errors.TransportErrorReason.literals),
    host: text,
    code: text,
    detail: text,
    retryable: FastCheck.boolean()
  }),
  StsResponseError: (text) => ({
    cloud,
    operation: text,
    reason: FastCheck.constantFrom(...Errors.ResponseErrorReason.literals),
    status: FastCheck.constant(200),
    contentType: text,
    detail: text,
    excerpt: text,
    retryable: FastCheck.boolean()
  }),
  StsCredentialError: (text) => ({
    cloud,
    source: text,
    reason: FastCheck.constantFrom(...Errors.CredentialErrorReason.literals),
    detail: text,
    ...place(text),
    profile: text,
    key: text,
    hint: text,
    attempts: FastCheck.array(
      FastCheck.record({
        source: text,
        reason: FastCheck.constantFrom(...Errors.CredentialErrorReason.literals),
        detail: text,
        hint: text,
        ...place(text)
      }),
      { maxLength: 2 }
    ),
    cause: FastCheck.record(api(text)).map((one) => new Errors.StsApiError(one as never))
  })
}

const made = Object.entries(fields).map(([name, of]) => {
  const make = (Errors as unknown as Readonly<Record<string, new (fields: unknown) => Error>>)[name]
  return [name, FastCheck.record(of(foreign)), make] as const
})

const textsIn = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") return [value]
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([name, field]) => [name, ...textsIn(field)])
}

describe("what an error shows", () => {
  it.each(made)("contains no control characters and is bounded: %s", (_, arbitrary, make) => {
    assert.isDefined(make)
    FastCheck.assert(
      FastCheck.property(arbitrary, (parts) => {
        const error = new (make as new (fields: unknown) => Error)(parts)
        for (const text of [...textsIn({ ...error }), error.message, String(error)])
          assert.notMatch(text, steering)
        for (const text of textsIn({ ...error })) assert.isAtMost(text.length, 4_096)
        const schema = make as unknown as Schema.Codec<Error, unknown>
        const restored = Schema.decodeUnknownSync(schema)(
          JSON.parse(JSON.stringify(Schema.encodeSync(schema)(error)))
        )
        assert.strictEqual(restored.message, error.message)
      }),
      { numRuns: 30 }
    )
  })

  it("covers each of them", () => {
    const classes = Object.entries(Errors).filter(
      ([, value]) => typeof value === "function" && value.prototype instanceof Error
    )
    assert.sameMembers(
      classes.map(([name]) => name),
      Object.keys(fields)
    )
  })

  it.each(made)("can be asked of its prototype: %s", (_name, _arbitrary, make) => {
    const prototype = make?.prototype as object
    for (const name of Object.keys(Object.getOwnPropertyDescriptors(prototype))) {
      if (name !== "constructor") Reflect.get(prototype, name)
    }
    assert.isString(String(Reflect.get(prototype, "message")))
  })
})

describe("what an explanation shows", () => {
  const text = foreign
  const explained = FastCheck.record({
    cloud,
    sources: FastCheck.array(
      FastCheck.record({
        source: text,
        outcome: FastCheck.constantFrom("used", "not-configured", "failed", "not-reached"),
        detail: text,
        hint: text,
        settings: FastCheck.array(FastCheck.record({ key: text, ...place(text) }), { maxLength: 2 }),
        ...place(text)
      }),
      { maxLength: 2 }
    ),
    credentials: FastCheck.record({
      accessKeyId: text,
      source: text,
      accountId: text,
      expiration: FastCheck.constantFrom(8.64e15, -8.64e15, 0).map((millis) => DateTime.makeUnsafe(millis))
    }),
    region: FastCheck.record({ value: text, from: text }),
    notes: FastCheck.array(
      FastCheck.record({
        kind: FastCheck.constantFrom("shadowed", "unknown", "elsewhere"),
        key: text,
        detail: text,
        ...place(text)
      }),
      { maxLength: 2 }
    )
  })

  it("contains no control characters except line breaks", () => {
    FastCheck.assert(
      FastCheck.property(explained, (parts) => {
        const explanation = new Explanation(parts as never)
        const lines = explanation.render().split("\n")
        for (const line of lines) assert.notMatch(line, steering)
        const settings = explanation.sources.flatMap(({ settings }) => settings)
        const own = explanation.sources.length + settings.length + explanation.notes.length
        // Of no source that was asked.
        assert.lengthOf(lines, 3 + own + (explanation.notes.length === 0 ? 0 : 2))
      }),
      { numRuns: 30 }
    )
  })
})

describe("a text", () => {
  it("replaces control characters with a space", () => {
    assert.strictEqual(printable("a\r\n\u001b[1mb"), "a [1mb")
  })

  it("is cut when too long, idempotently", () => {
    FastCheck.assert(
      FastCheck.property(foreign, (text) => {
        const once = printable(text)
        assert.isAtMost(once.length, 4_096)
        assert.strictEqual(printable(once), once)
      })
    )
  })

  it("within an object of a class is left alone", () => {
    const date = new Date(0)
    assert.deepStrictEqual(printableIn({ date, list: ["a\nb"] }), { date, list: ["a b"] })
  })
})
