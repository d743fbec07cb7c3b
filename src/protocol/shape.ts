/**
 * The shapes of requests and replies as data: what a field is called on the wire, what it holds, and what the service asks
 * of it. A request is serialised and a reply decoded by the same shapes.
 *
 * Source: "Simple types" and "Aggregate types", Smithy documentation.
 */

/** How a point in time is written. */
export type TimestampFormat = "iso8601" | "unixTimestamp" | "rfc822"

/** Bounds: of a number's value, of a text's length in Unicode code points, of how many are in a list. */
export interface Bounds {
  readonly min?: number
  readonly max?: number
}

/** One value without parts, and what the service asks of it. */
export interface Scalar extends Bounds {
  /** What a text matches from end to end: a class of characters, and how often. */
  readonly pattern?: string
  /** The only texts that there are. */
  readonly values?: ReadonlyArray<string>
  /** Whether no message may repeat it. */
  readonly sensitive?: boolean
  readonly type: "string" | "integer" | "long" | "float" | "double" | "boolean" | "blob"
}

/** A point in time. A query states `iso8601` where nothing else is said. */
export interface Timestamp {
  readonly type: "timestamp"
  readonly format?: TimestampFormat
}

/** Several values in order. A flattened list has no element or name of its own around its members. */
export interface List extends Bounds {
  readonly type: "list"
  readonly member: Shape
  /** A member's name on the wire; `member` if absent. */
  readonly memberName?: string
  readonly flattened?: boolean
}

/** Values by name. A flattened map has no element or name of its own around its entries. */
export interface Map {
  readonly type: "map"
  readonly key: Shape
  readonly value: Shape
  /** The key's name on the wire; `key` if absent. */
  readonly keyName?: string
  /** The value's name on the wire; `value` if absent. */
  readonly valueName?: string
  readonly flattened?: boolean
}

/** One field of a structure. */
export interface Member {
  /** Its name on the wire. */
  readonly name: string
  readonly shape: Shape
  /** Whether the service refuses a structure without it. */
  readonly required?: boolean
}

/** Named fields, by the names that this library gives them. */
export interface Structure {
  /** What sets it apart from other shapes. */
  readonly type: "structure"
  /** Its fields by our names. */
  readonly members: { readonly [field: string]: Member }
}

/** What a value looks like. */
export type Shape = Scalar | Timestamp | List | Map | Structure

/** Text. */
export const string: Scalar = { type: "string" }

/** A 32-bit number. */
export const integer: Scalar = { type: "integer" }

/** A 64-bit number, as exact as a JavaScript number can hold it. */
export const long: Scalar = { type: "long" }

/** A number with a fraction, in single precision. */
export const float: Scalar = { type: "float" }

/** A number with a fraction, in double precision. */
export const double: Scalar = { type: "double" }

/** True or false. */
export const boolean: Scalar = { type: "boolean" }

/** Bytes, which travel in base64. */
export const blob: Scalar = { type: "blob" }

/** A point in time. */
export const timestamp: Timestamp = { type: "timestamp" }

/** A point in time in a format of its own. */
export const timestampAs = (format: TimestampFormat): Timestamp => ({ type: "timestamp", format })

/** Several values in order. */
export const list = (member: Shape, options: Pick<List, "memberName" | "flattened"> = {}): List => ({
  type: "list",
  member,
  ...options
})

/** Values by name. */
export const map = (
  key: Shape,
  value: Shape,
  options: Pick<Map, "keyName" | "valueName" | "flattened"> = {}
): Map => ({ type: "map", key, value, ...options })

/** Named fields: this library's name to the name on the wire and the shape. */
export const structure = (members: {
  readonly [field: string]: readonly [name: string, shape: Shape]
}): Structure => ({
  type: "structure",
  members: Object.fromEntries(
    Object.entries(members).map(([field, [name, shape]]) => [field, { name, shape }])
  )
})
