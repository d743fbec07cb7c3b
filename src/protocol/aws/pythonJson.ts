/**
 * JSON as Python's standard library prints it, which the names of the AWS CLI's cache files are made of.
 *
 * Source: "json — JSON encoder and decoder", Python documentation.
 */
import * as Result from "effect/Result"
import { type Node, parse } from "../jsonText.js"

/** What stands between the items of a list, and between a name and its value. */
export type Separators = readonly [item: string, name: string]

/** What stands there where nobody says otherwise, and where no space is wanted. */
export const separators: Readonly<Record<"default" | "minified", Separators>> = {
  default: [", ", ": "],
  minified: [",", ":"]
}

const unicode = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`

const string = (value: string): string => JSON.stringify(value).replace(/[^ -~]/g, unicode)

const exponential = (value: number): string =>
  value.toExponential().replace(/e([+-])(\d)$/, (_, sign: string, digit: string) => `e${sign}0${digit}`)

const real = (value: number): string => {
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity"
  if (Object.is(value, -0)) return "-0.0"
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) return exponential(value)
  return Number.isInteger(value) ? `${value}.0` : String(value)
}

// Whole numbers have no largest one and keep their digits.
const number = (value: number, written: string): string => {
  if (/[.eE]/.test(written)) return real(value)
  return written === "-0" ? "0" : written
}

// By code points, where JavaScript's own order is by UTF-16 units.
const byCodePoints = (a: string, b: string): number => {
  const [left, right] = [Array.from(a), Array.from(b)]
  const at = left.findIndex((character, index) => character !== right[index])
  if (at === -1) return left.length - right.length
  return (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? -1)
}

const printer = (text: string, [item, name]: Separators) => {
  const print = (node: Node): string => {
    if (node.kind === "array") return `[${node.items.map(print).join(item)}]`
    if (node.kind === "object") {
      const members = [...node.members].sort(([a], [b]) => byCodePoints(a, b))
      return `{${members.map(([key, member]) => string(key) + name + print(member.node)).join(item)}}`
    }
    if (typeof node.value === "string") return string(node.value)
    return typeof node.value === "number"
      ? number(node.value, text.slice(node.start, node.end))
      : String(node.value)
  }
  return print
}

/**
 * A JSON text as Python prints it after reading it, the members of objects in order of their names; none where it is
 * no JSON.
 */
export const reprint = (text: string, separators: Separators): string | undefined =>
  Result.match(parse(text), {
    onFailure: () => undefined,
    onSuccess: (node) => printer(text, separators)(node)
  })
