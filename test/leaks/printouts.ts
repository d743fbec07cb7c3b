/**
 * Every way in which a value becomes text.
 */
import { format, inspect } from "node:util"
import * as Cause from "effect/Cause"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"

const deep = {
  depth: null,
  showHidden: true,
  getters: true,
  maxArrayLength: null,
  maxStringLength: null
} as const

const attempt = (print: () => unknown): string => {
  try {
    return String(print())
  } catch (error) {
    return inspect(error, deep)
  }
}

const property = (name: string) => (value: unknown) =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined

const encoded = (value: unknown): unknown => {
  const schema = typeof value === "object" && value !== null ? value.constructor : undefined
  return Schema.isSchema(schema)
    ? Result.map(Schema.encodeUnknownResult(schema as unknown as Schema.Codec<unknown>)(value), (json) =>
        inspect(json, deep)
      )
    : ""
}

const printers: Readonly<Record<string, (value: unknown) => unknown>> = {
  String: (value) => String(value),
  message: property("message"),
  stack: property("stack"),
  toJSON: (value) => {
    const toJSON = property("toJSON")(value)
    return typeof toJSON === "function" ? inspect(toJSON.call(value), deep) : ""
  },
  "JSON.stringify": (value) => JSON.stringify(value),
  "util.inspect": (value) => inspect(value, deep),
  "util.inspect without the value's own": (value) => inspect(value, { ...deep, customInspect: false }),
  "util.format": (value) => format("%s %o %O %j", value, value, value, value),
  structuredClone: (value) => inspect(structuredClone(value), deep),
  "Cause.pretty": (value) => Cause.pretty(Cause.fail(value)),
  "the text of a cause": (value) => `${Cause.fail(value)} ${JSON.stringify(Cause.fail(value))}`,
  "Schema.encode": encoded,
  "own properties": (value) =>
    typeof value === "object" && value !== null
      ? inspect(
          Reflect.ownKeys(value).map((key) => Reflect.get(value, key)),
          deep
        )
      : ""
}

/** What a value is printed as, by the way it is printed. A way that fails prints its error. */
export const printouts = (value: unknown): ReadonlyArray<readonly [string, string]> =>
  Object.entries(printers).map(([name, print]) => [name, attempt(() => print(value))])
