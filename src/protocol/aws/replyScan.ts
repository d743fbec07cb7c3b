/**
 * The usual reply of an action, read in one pass into its fields: elements that the shapes know, each of them once and in
 * any order, with neither attribute nor comment nor reference. About whatever else a document holds nothing is said here;
 * it is left to the strict reader in `xml.ts`.
 *
 * @since 0.1.0
 */
import { type Member, type Structure, string, structure } from "./shape.js"
import { usualBounds } from "./xml.js"
import { isSpace } from "./xmlCharacters.js"
import { scalar } from "./xmlDecode.js"

/**
 * The fields of a result, by this library's names, with the id of the request beside them.
 *
 * @category models
 * @since 0.1.0
 */
export interface ReplyFields {
  [field: string]: unknown
  requestId?: string | undefined
}

// References, the end of a CDATA section, carriage returns, halves of characters, and what XML has not.
const unusual = /[^\t\n -%'-\\^-\ud7ff\ue000-\ufffd]/

const namespace = 'Response xmlns="'

const metadata = structure({ requestId: ["RequestId", string] })

class Scan {
  private at = 0
  constructor(private readonly source: string) {}

  reply(action: string, output: Structure): ReplyFields | undefined {
    this.space()
    if (!this.begins(action, "Response") && !this.beginsNamed(action)) return undefined
    let result: ReplyFields | undefined
    let head: ReplyFields | undefined
    while (!this.ends(action, "Response")) {
      if (result === undefined && this.begins(action, "Result")) {
        result = this.structure(output, action, "Result")
        if (result === undefined) return undefined
      } else if (head === undefined && this.begins("ResponseMetadata")) {
        head = this.structure(metadata, "ResponseMetadata")
        if (head === undefined) return undefined
      } else return undefined
    }
    this.space()
    if (result === undefined || this.at !== this.source.length) return undefined
    // A blank id is none.
    result.requestId = head?.requestId?.trim() || undefined
    return result
  }

  private structure({ members }: Structure, name: string, ending?: string): ReplyFields | undefined {
    const fields: ReplyFields = {}
    while (!this.ends(name, ending)) {
      const field = this.member(members)
      const member = field === undefined ? undefined : members[field]
      if (field === undefined || member === undefined || fields[field] !== undefined) return undefined
      const value = this.value(member)
      if (value === undefined) return undefined
      fields[field] = value
    }
    return fields
  }

  /** The field whose element begins here. */
  private member(members: Structure["members"]): string | undefined {
    for (const field in members) if (this.begins(members[field]?.name ?? "")) return field
    return undefined
  }

  private value({ name, shape }: Member): unknown {
    if (shape.type === "structure") return this.structure(shape, name)
    if (shape.type === "list" || shape.type === "map") return undefined
    const from = this.at
    const to = this.source.indexOf("<", from)
    if (to === -1) return undefined
    this.at = to
    return this.ends(name) ? scalar(shape, this.source.slice(from, to)) : undefined
  }

  private begins(name: string, ending?: string): boolean {
    return this.source.charCodeAt(this.at) === 0x3c && this.tag(1, name, ending)
  }

  /** The root's start tag may name a namespace. */
  private beginsNamed(action: string): boolean {
    const { at, source } = this
    const name = at + 1 + action.length
    const value = name + namespace.length
    if (!source.startsWith(action, at + 1) || !source.startsWith(namespace, name)) return false
    const end = source.indexOf('"', value)
    if (source.charCodeAt(end + 1) !== 0x3e || source.lastIndexOf("<", end) !== at) return false
    this.at = end + 2
    return true
  }

  private ends(name: string, ending?: string): boolean {
    this.space()
    return this.source.startsWith("</", this.at) && this.tag(2, name, ending)
  }

  private tag(skip: number, name: string, ending = ""): boolean {
    const { at, source } = this
    const end = at + skip + name.length + ending.length
    if (source.charCodeAt(end) !== 0x3e) return false
    if (!source.startsWith(name, at + skip) || !source.startsWith(ending, end - ending.length)) return false
    this.at = end + 1
    return true
  }

  private space(): void {
    while (isSpace(this.source.charCodeAt(this.at))) this.at++
  }
}

/**
 * What an action's usual reply states; none where the reply is another or unusual.
 *
 * @category decoding
 * @since 0.1.0
 */
export const scanReply = (action: string, output: Structure, source: string): ReplyFields | undefined =>
  source.length > usualBounds.length || unusual.test(source)
    ? undefined
    : new Scan(source).reply(action, output)
