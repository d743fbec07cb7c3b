/**
 * The service's own description of its API: every operation, field, bound, pattern and error code of it is ours too.
 */
import { existsSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { Shape, Structure } from "../../../src/protocol/shape.js"
import { directory, noData, readJson } from "../../conformance/Suite.js"
import { operations } from "./operations.js"

interface ModelShape {
  readonly type: "string" | "integer" | "timestamp" | "list" | "structure"
  readonly min?: number
  readonly max?: number
  readonly pattern?: string
  readonly sensitive?: boolean
  readonly required?: ReadonlyArray<string>
  readonly members?: Readonly<Record<string, { readonly shape: string }>>
  readonly member?: { readonly shape: string }
  readonly error?: { readonly code: string }
}

interface ModelOperation {
  readonly input: { readonly shape: string }
  readonly output: { readonly shape: string }
  readonly errors?: ReadonlyArray<{ readonly shape: string }>
  readonly authtype?: string
}

interface Model {
  readonly metadata: { readonly apiVersion: string; readonly protocol: string }
  readonly operations: Readonly<Record<string, ModelOperation>>
  readonly shapes: Readonly<Record<string, ModelShape>>
}

/** Where this library is stricter than the model, on purpose. */
const stricter: Readonly<Record<string, Partial<ModelShape>>> = {
  // An empty descriptor would be sent as nothing.
  PolicyDescriptorType: { required: ["arn"] },
  ProvidedContext: { required: ["ProviderArn", "ContextAssertion"] },
  // In words only: "up to 10 managed policy ARNs".
  policyDescriptorListType: { max: 10 }
}

/** Secrets that the model does not mark as such. */
const alsoSecret = ["tokenCodeType", "contextAssertionType", "tokenType"]

type Path = ReadonlyArray<string | number>

const fieldOf = (wire: string): string => wire.replace(/^(SAML|.)/, (start) => start.toLowerCase())

const pathText = (path: Path): string =>
  path.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : text === "" ? key : `${text}.${key}`),
    ""
  )

const replaced = (value: unknown, [head, ...rest]: Path, by: unknown): unknown => {
  if (head === undefined) return by
  if (typeof head === "number") {
    return (value as ReadonlyArray<unknown>).map((item, index) =>
      index === head ? replaced(item, rest, by) : item
    )
  }
  const fields = value as Readonly<Record<string, unknown>>
  return { ...fields, [head]: replaced(fields[head], rest, by) }
}

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown>)[key], value)

/** Java's regular expression as one of this language. */
const patternOf = (pattern: string): RegExp =>
  new RegExp(`^(?:${pattern.replace("\\u10000-\\u10FFFF", "\\u{10000}-\\u{10FFFF}")})$`, "u")

const someCharacters = [
  ...Array.from({ length: 0x100 }, (_, code) => String.fromCharCode(code)),
  ..."ĀſŁ中ﬀ√½\u2003\u2028\u3000\uD7FF\uE000\uFFFD\uFFFE\uFFFF😀𠀀",
  "\uD800",
  "\uDFFF"
]

const path = join(directory, "aws/model/service-2.json")

const compare = (model: Model) => {
  const shapeNamed = (name: string): ModelShape => {
    const shape = model.shapes[name]
    if (shape === undefined) throw new Error(`no shape ${name}`)
    return { ...shape, ...stricter[name] }
  }

  const membersOf = (shape: ModelShape) =>
    Object.entries(shape.members ?? {}).map(([wire, member]) => ({ wire, shape: member.shape }))

  const textOf = (name: string, length: number): string =>
    name === "jwtAlgorithmType" && length === 5
      ? "ES384"
      : (shapeNamed(name).pattern === "[\\d]*" ? "1" : "a").repeat(length)

  const listOf = (name: string, length: number): ReadonlyArray<unknown> =>
    Array.from({ length }, (_, index) =>
      name === "tagListType"
        ? { key: `key${index}`, value: "" }
        : sampleOf(shapeNamed(name).member?.shape ?? "")
    )

  const sampleOf = (name: string): unknown => {
    const shape = shapeNamed(name)
    const { min = 0 } = shape
    switch (shape.type) {
      case "string":
        return textOf(name, Math.max(min, 1))
      case "integer":
        return min
      case "timestamp":
        return new Date(1_800_000_000_000)
      case "list":
        return listOf(name, Math.max(min, 1))
      case "structure":
        return Object.fromEntries(
          membersOf(shape).map((member) => [fieldOf(member.wire), sampleOf(member.shape)])
        )
    }
  }

  const sameShape = (ours: Shape, name: string): void => {
    const theirs = shapeNamed(name)
    assert.strictEqual(ours.type, theirs.type, name)
    if (ours.type === "list") sameShape(ours.member, theirs.member?.shape ?? "")
    if (ours.type === "structure") sameStructure(ours, theirs)
  }

  const sameStructure = ({ members }: Structure, theirs: ModelShape): void => {
    assert.sameDeepMembers(
      Object.entries(members).map(([field, { name }]) => [field, name]),
      membersOf(theirs).map(({ wire }) => [fieldOf(wire), wire])
    )
    for (const { shape, wire } of membersOf(theirs)) {
      const ours = members[fieldOf(wire)]
      if (ours !== undefined) sameShape(ours.shape, shape)
    }
  }

  interface Field {
    readonly path: Path
    readonly shape: string
    readonly required: boolean
  }

  const fieldsOf = (name: string, path: Path = []): ReadonlyArray<Field> => {
    const shape = shapeNamed(name)
    if (shape.type === "list") {
      const member = { path: [...path, 0], shape: shape.member?.shape ?? "", required: false }
      return [member, ...fieldsOf(member.shape, member.path)]
    }
    return membersOf(shape).flatMap((member) => {
      const inner = [...path, fieldOf(member.wire)]
      const required = shape.required?.includes(member.wire) ?? false
      return [{ path: inner, shape: member.shape, required }, ...fieldsOf(member.shape, inner)]
    })
  }

  it("has the same operations, version and protocol", () => {
    assert.deepStrictEqual(operations.map(({ name }) => name).sort(), Object.keys(model.operations).sort())
    for (const { version } of operations) assert.strictEqual(version, model.metadata.apiVersion)
    assert.strictEqual(model.metadata.protocol, "query")
  })

  for (const operation of operations) {
    const theirs = model.operations[operation.name]
    if (theirs === undefined) continue

    describe(operation.name, () => {
      const sample = sampleOf(theirs.input.shape)
      const errorOf = (input: unknown) =>
        Result.getOrUndefined(Result.flip(operation.request.validate(input as never)))

      it("is signed or anonymous as the model has it", () => {
        assert.strictEqual(operation.authentication, theirs.authtype === "none" ? "anonymous" : "signed")
      })

      it("has the model's shapes on the wire", () => {
        sameShape(operation.input, theirs.input.shape)
        sameShape(operation.output, theirs.output.shape)
      })

      it("knows the model's error codes", () => {
        const codes = (theirs.errors ?? []).map(({ shape }) => shapeNamed(shape).error?.code)
        assert.deepStrictEqual([...operation.codes], codes.sort())
      })

      it("accepts every field at once", () => assert.isUndefined(errorOf(sample)))

      for (const { path, required, shape } of fieldsOf(theirs.input.shape)) {
        const field = pathText(path)
        const { max, min = 0, pattern, sensitive = false, type } = shapeNamed(shape)
        const accepts = (value: unknown) => {
          const error = errorOf(replaced(sample, path, value))
          if (error !== undefined) assert.isTrue(error.field.startsWith(field), error.message)
          return error === undefined
        }
        const holds = (fits: boolean, value: unknown) =>
          assert.strictEqual(accepts(value), fits, JSON.stringify(value)?.slice(0, 60))

        if (typeof path.at(-1) === "string") {
          it(`${field} is ${required ? "required" : "optional"}`, () => {
            const error = errorOf(replaced(sample, path, undefined))
            if (required || field === "serialNumber" || field === "tokenCode") {
              assert.strictEqual(error?.field, field)
            } else assert.isUndefined(error)
          })
        }

        it(`${field} keeps its bounds`, () => {
          const make = (size: number): unknown =>
            type === "string" ? textOf(shape, size) : type === "list" ? listOf(shape, size) : size
          if (type === "structure") return holds(false, "text")
          if (min > 0 || type === "integer") holds(false, make(min - 1))
          if (min > 0 || shape !== "tradeInTokenType") holds(true, make(min))
          if (max !== undefined) {
            holds(true, make(max))
            holds(false, make(max + 1))
          }
          for (const other of [null, {}, true, type === "list" ? "text" : [make(min)]]) holds(false, other)
          for (const other of type === "integer" ? [min + 0.5, String(min), Number.NaN] : [min + 1]) {
            holds(false, other)
          }
        })

        if (type === "string" && pattern !== undefined) {
          it(`${field} keeps its pattern`, () => {
            for (const character of someCharacters) {
              const text = character + textOf(shape, Math.max(min - 1, 0))
              holds(patternOf(pattern).test(text), text)
            }
            const trailing = `${textOf(shape, Math.max(min - 1, 1))}\n`
            holds(patternOf(pattern).test(trailing), trailing)
          })
        }

        if (type === "string") {
          it(`${field} is ${sensitive ? "a secret" : "kept as the model has it"}`, () => {
            const request = Result.getOrThrow(operation.request.validate(sample as never))
            const secret = sensitive || alsoSecret.includes(shape)
            assert.strictEqual(Redacted.isRedacted(at(request, path)), secret)
          })
        }
      }

      it("answers with every field of the model", () => {
        const result = sampleOf(theirs.output.shape)
        const response = Schema.decodeUnknownSync(operation.response as Schema.Codec<object, unknown>)(result)
        for (const { path, shape } of fieldsOf(theirs.output.shape)) {
          const { sensitive = false, type } = shapeNamed(shape)
          const value = at(response, path)
          const secret = sensitive || alsoSecret.includes(shape)
          assert.strictEqual(Redacted.isRedacted(value), secret, pathText(path))
          const plain = Redacted.isRedacted(value) ? Redacted.value(value) : value
          if (type === "timestamp") {
            assert.deepStrictEqual(DateTime.toDateUtc(plain as DateTime.Utc), at(result, path))
          } else if (shape === "decodedMessageType") {
            assert.strictEqual((plain as { readonly text: string }).text, at(result, path))
          } else if (type !== "structure") {
            assert.strictEqual(plain, at(result, path), pathText(path))
          }
        }
      })
    })
  }
}

if (existsSync(path)) describe("the model", () => compare(readJson<Model>(path)))
else it("the model", ({ skip }) => skip(noData))
