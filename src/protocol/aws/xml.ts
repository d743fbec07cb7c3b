/**
 * A strict reader for the XML of AWS's replies. It refuses document types, so there is nothing to expand but the five
 * predefined entities and character references, and it is bounded in size and depth.
 *
 * Source: "Extensible Markup Language (XML) 1.0 (Fifth Edition)", W3C Recommendation.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import { illegal, isBlank, isNameCharacter, isNameStart, isSpace, lines, unescape } from "./xmlCharacters.js"
import type { Element } from "./xmlElement.js"

export type { Element } from "./xmlElement.js"

/**
 * Where a document breaks a rule, and which; never the text itself, which may hold a secret.
 *
 * @category models
 * @since 0.1.0
 */
export interface XmlFault {
  /** The index of the character. */
  readonly offset: number
  readonly reason: string
}

/**
 * How large a document may be.
 *
 * @category models
 * @since 0.1.0
 */
export interface Bounds {
  /** In characters. */
  readonly length: number
  readonly depth: number
}

const usualBounds: Bounds = { length: 4 * 1024 * 1024, depth: 64 }

class Open {
  readonly children: Array<Element> = []
  text = ""
  constructor(
    readonly qualified: string,
    readonly name: string
  ) {}
}

const stopped = -1

class Reader {
  fault: XmlFault | undefined
  root: Element | undefined
  private readonly open: Array<Open> = []

  constructor(
    private readonly source: string,
    private readonly depth: number
  ) {}

  read(): Element | undefined {
    const { source } = this
    let at = source.startsWith("\ufeff") ? 1 : 0
    if (source.startsWith("<?xml", at) && isSpace(source.charCodeAt(at + 5))) at = this.pastEnd(at, 5, "?>")
    while (at !== stopped && at < source.length) {
      const next = source.indexOf("<", at)
      const end = next === -1 ? source.length : next
      if (end > at && this.characters(at, end) === stopped) return undefined
      at = next === -1 ? end : this.markup(next)
    }
    if (at === stopped) return undefined
    if (this.open.length > 0) this.stop(source.length, "an element is not closed")
    else if (this.root === undefined) this.stop(source.length, "there is no element")
    return this.fault === undefined ? this.root : undefined
  }

  private stop(offset: number, reason: string): typeof stopped {
    this.fault = { offset, reason }
    return stopped
  }

  private markup(at: number): number {
    const { source } = this
    switch (source[at + 1]) {
      case "/":
        return this.endTag(at)
      case "?":
        return this.instruction(at)
      case "!":
        if (source.startsWith("<!--", at)) return this.comment(at)
        if (source.startsWith("<![CDATA[", at)) return this.cdata(at)
        return this.stop(at, "a document type or other declaration is not read")
      default:
        return this.startTag(at)
    }
  }

  private pastEnd(at: number, from: number, end: string): number {
    const found = this.source.indexOf(end, at + from)
    return found === -1 ? this.stop(at, `${end} is missing`) : found + end.length
  }

  private instruction(at: number): number {
    const target = this.nameEnd(at + 2)
    if (target === at + 2) return this.stop(at, "a processing instruction has no target")
    if (this.source.slice(at + 2, target).toLowerCase() === "xml") {
      return this.stop(at, "an XML declaration stands where none may")
    }
    if (!isSpace(this.source.charCodeAt(target)) && !this.source.startsWith("?>", target)) {
      return this.stop(target, "a processing instruction's target is not a name")
    }
    return this.pastEnd(at, target - at, "?>")
  }

  private comment(at: number): number {
    const end = this.source.indexOf("--", at + 4)
    if (end === -1) return this.stop(at, "a comment is not closed")
    return this.source[end + 2] === ">" ? end + 3 : this.stop(end, "a comment holds --")
  }

  private cdata(at: number): number {
    const element = this.open.at(-1)
    if (element === undefined) return this.stop(at, "text stands outside the root element")
    const end = this.pastEnd(at, 9, "]]>")
    if (end !== stopped) element.text += lines(this.source.slice(at + 9, end - 3))
    return end
  }

  private characters(from: number, to: number): number {
    const text = this.source.slice(from, to)
    const element = this.open.at(-1)
    if (element === undefined) {
      return isBlank(text) ? to : this.stop(from, "text stands outside the root element")
    }
    if (text.includes("]]>")) return this.stop(from, "text holds ]]>")
    const plain = this.unescaped(text, from)
    if (plain === undefined) return stopped
    element.text += plain
    return to
  }

  private unescaped(text: string, from: number): string | undefined {
    const plain = unescape(lines(text))
    if (plain === undefined) this.stop(from, "an entity is unknown or a character reference is not valid")
    return plain
  }

  /** The end of the name that starts at `at`; `at` itself where none does. */
  private nameEnd(at: number): number {
    const { source } = this
    if (!isNameStart(source.charCodeAt(at))) return at
    let end = at + 1
    while (isNameCharacter(source.charCodeAt(end))) end++
    return end
  }

  private spaceEnd(at: number): number {
    let end = at
    while (isSpace(this.source.charCodeAt(end))) end++
    return end
  }

  private startTag(at: number): number {
    const { source } = this
    const nameEnd = this.nameEnd(at + 1)
    const qualified = source.slice(at + 1, nameEnd)
    const name = qualified.slice(qualified.lastIndexOf(":") + 1)
    if (name === "") return this.stop(at, "a tag has no name")
    if (this.open.length === 0 && this.root !== undefined)
      return this.stop(at, "there is a second root element")
    if (this.open.length >= this.depth) return this.stop(at, "elements are nested too deep")
    const end = source[nameEnd] === ">" ? nameEnd : this.attributes(nameEnd)
    if (end === stopped) return stopped
    const element = new Open(qualified, name)
    if (source[end] === ">") {
      this.open.push(element)
      return end + 1
    }
    this.add(element)
    return end + 2
  }

  /** Reads a start tag's attributes; the index of its `>` or `/>`. */
  private attributes(from: number): number {
    const { source } = this
    const names = new Set<string>()
    let at = from
    for (;;) {
      const start = this.spaceEnd(at)
      if (source[start] === ">" || source.startsWith("/>", start)) return start
      if (start === at) return this.stop(at, "a tag is malformed")
      const nameEnd = this.nameEnd(start)
      if (nameEnd === start) return this.stop(start, "an attribute has no name")
      const name = source.slice(start, nameEnd)
      if (names.has(name)) return this.stop(start, "an attribute stands twice")
      names.add(name)
      const equals = this.spaceEnd(nameEnd)
      if (source[equals] !== "=") return this.stop(equals, "an attribute has no value")
      const quote = this.spaceEnd(equals + 1)
      const mark = source[quote]
      if (mark !== '"' && mark !== "'") return this.stop(quote, "an attribute's value is not quoted")
      const end = source.indexOf(mark, quote + 1)
      if (end === -1) return this.stop(quote, "an attribute's value is not closed")
      const value = source.slice(quote + 1, end)
      if (value.includes("<")) return this.stop(quote, "an attribute's value holds <")
      if (this.unescaped(value, quote) === undefined) return stopped
      at = end + 1
    }
  }

  private endTag(at: number): number {
    const element = this.open.pop()
    if (element === undefined) return this.stop(at, "an end tag has no start tag")
    const { qualified } = element
    const nameEnd = at + 2 + qualified.length
    const end = this.spaceEnd(nameEnd)
    if (!this.source.startsWith(qualified, at + 2) || this.source[end] !== ">") {
      return this.stop(at, "an end tag does not match its start tag")
    }
    this.add(element)
    return end + 1
  }

  private add(element: Element): void {
    const parent = this.open.at(-1)
    if (parent === undefined) this.root = element
    else parent.children.push(element)
  }
}

/**
 * The root element of a document, or where and why it is none.
 *
 * @category decoding
 * @since 0.1.0
 */
export const parse = (source: string, bounds: Bounds = usualBounds): Either.Either<Element, XmlFault> => {
  if (source.length > bounds.length) return Either.left({ offset: bounds.length, reason: "it is too long" })
  const offset = source.search(illegal)
  if (offset !== -1) return Either.left({ offset, reason: "it holds a character that XML has not" })
  const reader = new Reader(source, bounds.depth)
  const root = reader.read()
  return root === undefined
    ? Either.left(reader.fault ?? { offset: source.length, reason: "it is not whole" })
    : Either.right(root)
}
