/**
 * JSON that may hold secrets: members of an object by their type, and a text as it stands in a file, with the place of
 * each part of it and how to change a part and leave the rest as it was. What is wrong is told without quoting it.
 *
 * Source: RFC 8259, "The JavaScript Object Notation (JSON) Data Interchange Format".
 */
import * as Predicate from "effect/Predicate"
import * as Record from "effect/Record"
import * as Result from "effect/Result"

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Whether a value is a JSON object. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** The object that a text states; none where it states anything else. */
export const parse = (text: string): JsonObject | undefined => {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/**
 * A member of a JSON type, or in words what it is not. `null` and blank text count as absent, and nothing else does: a
 * time as a number where the format has a text would otherwise be no time at all.
 */
export type Member<A> = Result.Result<A | undefined, string>

const member =
  <A>(is: (value: unknown) => value is A, kind: string) =>
  (object: JsonObject, name: string): Member<A> => {
    const value = Object.hasOwn(object, name) ? object[name] : undefined
    if (value === undefined || value === null) return Result.succeed(undefined)
    if (typeof value === "string" && value.trim() === "") return Result.succeed(undefined)
    return is(value) ? Result.succeed(value) : Result.fail(`${name} is not ${kind}`)
  }

/** A member that is text. */
export const text = member(Predicate.isString, "a string")

/** A member that is a finite number. */
export const number = /* @__PURE__ */ member(
  (value): value is number => typeof value === "number" && Number.isFinite(value),
  "a number"
)

/** A member that is a JSON object. */
export const object = member(isObject, "a JSON object")

/** Members that are texts, by other names; the first that is none is told. */
export const texts = <Key extends string>(
  object: JsonObject,
  names: { readonly [_ in Key]: string }
): Result.Result<{ readonly [_ in Key]: string | undefined }, string> => {
  const members = Record.map(names, (name) => text(object, name))
  const other = Record.values<Key, Member<string>>(members).find(Result.isFailure)
  return other === undefined
    ? Result.succeed(Record.map(members, Result.getOrUndefined))
    : Result.fail(other.failure)
}

/**
 * What is wrong with a document: a member is of another JSON type than the format's (`Malformed`), or one that is needed
 * is not there.
 */
export interface Misfit {
  readonly reason: "Malformed" | "Unavailable"
  readonly detail: string
}

/** A document has a member of another type, as {@link text} and the like tell it. */
export const misfit = (what: string): Misfit => ({ reason: "Malformed", detail: `its ${what}` })

/** A document has no such member. */
export const lacking = (name: string): Misfit => ({ reason: "Unavailable", detail: `it has no ${name}` })

/** A member that is text, of a document that nobody depends on: one that tells of an error, or of a lock. */
export const textIfAny = (object: JsonObject, name: string): string | undefined =>
  Result.getOrUndefined(text(object, name))

/** A value and where it stands: from `start` up to `end`, not included. */
export type Node = { readonly start: number; readonly end: number } & (
  | { readonly kind: "object"; readonly members: ReadonlyMap<string, MemberNode> }
  | { readonly kind: "array"; readonly items: ReadonlyArray<Node> }
  | { readonly kind: "plain"; readonly value: string | number | boolean | null }
)

/** A member of an object, and where its name begins. */
export interface MemberNode {
  readonly start: number
  readonly node: Node
}

/** A place in a text; the first line and column are 1. */
export interface Spot {
  readonly line: number
  readonly column: number
}

const isBlank = (character: string | undefined): boolean =>
  character === " " || character === "\n" || character === "\t" || character === "\r"

const plain = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*|true|false|null/sy

// Deeper than any settings are, and far from the end of the stack.
const deepest = 100

class Reader {
  private at = 0
  constructor(private readonly text: string) {}

  get offset(): number {
    return this.at
  }

  /** The whole text; without a result the offset is where it stops making sense. */
  document(): Node | undefined {
    this.skipBlanks()
    const node = this.value(0)
    if (node === undefined) return undefined
    this.skipBlanks()
    return this.at === this.text.length ? node : undefined
  }

  private skipBlanks(): void {
    while (isBlank(this.text[this.at])) this.at += 1
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at
    const [found = ""] = pattern.exec(this.text) ?? []
    this.at += found.length
    return found
  }

  private take(character: string): boolean {
    if (this.text[this.at] !== character) return false
    this.at += 1
    this.skipBlanks()
    return true
  }

  private value(depth: number): Node | undefined {
    const start = this.at
    if (depth > deepest) return undefined
    if (this.take("{")) return this.object(start, depth)
    if (this.take("[")) return this.array(start, depth)
    const found = this.match(plain)
    try {
      return { kind: "plain", start, end: this.at, value: JSON.parse(found) }
    } catch {
      this.at = start
      return undefined
    }
  }

  private object(start: number, depth: number): Node | undefined {
    const members = new Map<string, MemberNode>()
    const closed = this.listed("}", () => {
      const at = this.at
      const name = this.text[at] === '"' ? this.value(depth + 1) : undefined
      if (name?.kind !== "plain") return false
      this.skipBlanks()
      if (!this.take(":")) return false
      const node = this.value(depth + 1)
      if (node !== undefined) members.set(String(name.value), { start: at, node })
      return node !== undefined
    })
    return closed ? { kind: "object", start, end: this.at, members } : undefined
  }

  private array(start: number, depth: number): Node | undefined {
    const items: Array<Node> = []
    const closed = this.listed("]", () => {
      const item = this.value(depth + 1)
      if (item !== undefined) items.push(item)
      return item !== undefined
    })
    return closed ? { kind: "array", start, end: this.at, items } : undefined
  }

  private listed(close: string, one: () => boolean): boolean {
    if (this.text[this.at] !== close) {
      do {
        if (!one()) return false
        this.skipBlanks()
      } while (this.take(","))
    }
    if (this.text[this.at] !== close) return false
    this.at += 1
    return true
  }
}

const lineFeed = 0x0a
const carriageReturn = 0x0d

/** Finds the places of offsets of a text, each in little time. */
export const spotsOf = (text: string): ((offset: number) => Spot) => {
  const starts = [0]
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === lineFeed || (code === carriageReturn && text.charCodeAt(at + 1) !== lineFeed))
      starts.push(at + 1)
  }
  return (offset) => {
    let first = 0
    let last = starts.length - 1
    while (first < last) {
      const middle = Math.ceil((first + last) / 2)
      if ((starts[middle] ?? 0) <= offset) first = middle
      else last = middle - 1
    }
    return { line: first + 1, column: offset - (starts[first] ?? 0) + 1 }
  }
}

/** The place of an offset. */
export const spotOf = (text: string, offset: number): Spot => spotsOf(text)(offset)

/** Reads a text, or tells where it stops being JSON. Of members with the same name the last counts. */
export const parseTree = (text: string): Result.Result<Node, Spot> => {
  const reader = new Reader(text.replace(/^\uFEFF/, " "))
  const node = reader.document()
  return node === undefined ? Result.fail(spotOf(text, reader.offset)) : Result.succeed(node)
}

/** The text with members of one of its objects changed or added; everything else stays as it stands. */
export const withMembers = (
  text: string,
  object: Extract<Node, { readonly kind: "object" }>,
  changes: Readonly<Record<string, string | number>>
): string => {
  const members = [...object.members.values()]
  const [first] = members
  const last = members.reduce((end, { node }) => Math.max(end, node.end), object.start + 1)
  const before = first === undefined ? "" : text.slice(object.start + 1, first.start)
  const edits: Array<{ readonly start: number; readonly end: number; readonly with: string }> = []
  let comma = first === undefined ? "" : ","
  for (const [name, value] of Object.entries(changes)) {
    const node = object.members.get(name)?.node
    if (node !== undefined) {
      edits.push({ start: node.start, end: node.end, with: JSON.stringify(value) })
      continue
    }
    edits.push({
      start: last,
      end: last,
      with: `${comma}${before}${JSON.stringify(name)}: ${JSON.stringify(value)}`
    })
    comma = ","
  }
  // From the end, so that the places of the others stay right; what is added at one place keeps its order.
  return edits
    .map((edit, index) => ({ ...edit, index }))
    .sort((a, b) => b.start - a.start || b.index - a.index)
    .reduce((rest, edit) => rest.slice(0, edit.start) + edit.with + rest.slice(edit.end), text)
}
