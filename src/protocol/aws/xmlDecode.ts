/**
 * Values out of the elements of a reply, by their shape.
 *
 * Source: "AWS Query protocol" and "XML bindings", Smithy documentation.
 */
import * as Result from "effect/Result"
import { parseTimestamp } from "../timestamp.js"
import type { List, Map, Scalar, Shape, Structure, Timestamp } from "./query.js"
import { child, children, type Element } from "./xml.js"

/**
 * The value that is not what its shape says, by the names on the wire, and what it should be; never the value.
 */
export interface DecodeFault {
  readonly path: string
  readonly reason: string
}

const integer = /^[+-]?\d{1,20}$/
const decimal = /^([+-]?(\d+(\.\d*)?|\.\d+)([Ee][+-]?\d+)?|NaN|-?Infinity)$/
const base64 = /^[A-Za-z0-9+/]*={0,2}$/

const matching =
  (pattern: RegExp) =>
  (text: string): number | undefined =>
    pattern.test(text.trim()) ? Number(text) : undefined

const scalars: Readonly<Record<Scalar["type"], (text: string) => unknown>> = {
  string: (text) => text,
  integer: matching(integer),
  long: matching(integer),
  float: matching(decimal),
  double: matching(decimal),
  boolean: (text) => (text.trim() === "true" ? true : text.trim() === "false" ? false : undefined),
  blob: (text) => {
    const packed = text.replace(/\s+/g, "")
    return base64.test(packed) ? new Uint8Array(Buffer.from(packed, "base64")) : undefined
  }
}

/** The value that a text states; none where it is no such value. */
export const scalar = (shape: Scalar | Timestamp, text: string): unknown => {
  if (shape.type !== "timestamp") return scalars[shape.type](text)
  const millis = parseTimestamp(text.trim(), shape.format)
  return millis === undefined ? undefined : new Date(millis)
}

const isVoid = ({ type }: Scalar | Timestamp, { children, text }: Element): boolean =>
  type !== "string" && type !== "blob" && children.length === 0 && text.trim() === ""

class Decoder {
  /** The first that was found. */
  fault: DecodeFault | undefined

  value(shape: Shape, element: Element, path: string): unknown {
    switch (shape.type) {
      case "structure":
        return this.structure(shape, element, path)
      case "list":
        return this.list(shape, children(element, shape.memberName ?? "member"), path)
      case "map":
        return this.map(shape, children(element, "entry"), path)
      default: {
        // An empty element of what cannot be empty says no more than one that is absent.
        if (isVoid(shape, element)) return undefined
        // A structure where a text is expected is another document, and no text that is empty.
        const value = element.children.length === 0 ? scalar(shape, element.text) : undefined
        if (value === undefined) this.fault ??= { path, reason: `is no ${shape.type}` }
        return value
      }
    }
  }

  private structure({ members }: Structure, element: Element, path: string): object {
    const value: { [field: string]: unknown } = {}
    for (const field of Object.keys(members)) {
      const member = members[field]
      if (member === undefined) continue
      const found = this.member(member.shape, element, member.name, path)
      if (found !== undefined) value[field] = found
    }
    return value
  }

  private member(shape: Shape, element: Element, name: string, parent: string): unknown {
    const path = `${parent}.${name}`
    if ((shape.type === "list" || shape.type === "map") && shape.flattened === true) {
      const elements = children(element, name)
      if (elements.length === 0) return undefined
      return shape.type === "list" ? this.list(shape, elements, path) : this.map(shape, elements, path)
    }
    const found = child(element, name)
    return found === undefined ? undefined : this.value(shape, found, path)
  }

  private list({ member }: List, elements: ReadonlyArray<Element>, path: string): ReadonlyArray<unknown> {
    return elements.map((element, index) => this.value(member, element, `${path}[${index}]`))
  }

  private map(shape: Map, entries: ReadonlyArray<Element>, path: string): object {
    const { key, keyName = "key", value, valueName = "value" } = shape
    return Object.fromEntries(
      entries.map((entry, index) => {
        const place = `${path}[${index}]`
        const part = (shape: Shape, wanted: string) => {
          const found = this.member(shape, entry, wanted, place)
          if (found === undefined) this.fault ??= { path: place, reason: `has no ${wanted}` }
          return found
        }
        return [String(part(key, keyName)), part(value, valueName)] as const
      })
    )
  }
}

/**
 * The value of an element. Elements that the shape does not know are ignored, fields that the element does not have
 * are absent; a timestamp becomes a `Date`, a blob bytes.
 */
export const decode = (shape: Shape, element: Element): Result.Result<unknown, DecodeFault> => {
  const decoder = new Decoder()
  const value = decoder.value(shape, element, element.name)
  return decoder.fault === undefined ? Result.succeed(value) : Result.fail(decoder.fault)
}
