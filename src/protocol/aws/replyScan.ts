/**
 * The usual reply of an action, read in one pass into its fields: elements that the shapes know, each of them once and in
 * any order, with neither attribute nor comment nor reference. About whatever else a document holds nothing is said here;
 * it is left to the strict reader in `xml.ts`.
 */
import { type Member, type Structure, string, structure } from "./query.js"
import { isSpace, usualBounds } from "./xml.js"
import { scalar } from "./xmlDecode.js"

/** The fields of a result, by this library's names, with the id of the request beside them. */
export interface ReplyFields {
  [field: string]: unknown
  requestId?: string | undefined
}

// References, the end of a CDATA section, carriage returns, halves of characters, and what XML has not.
const unusual = /[^\t\n -%'-\\^-\ud7ff\ue000-\ufffd]/

interface Parts {
  readonly result?: ReplyFields
  readonly head?: ReplyFields
}

const head = { name: "ResponseMetadata", shape: structure({ requestId: ["RequestId", string] }) }

class Scan {
  private at = 0
  constructor(private readonly source: string) {}

  /** Passes the start of the document, whose root may name a namespace. */
  root(name: string): boolean {
    this.space()
    if (this.begins(name)) return true
    const { at, source } = this
    const named = `<${name} xmlns="`
    const end = source.indexOf('"', at + named.length)
    if (!source.startsWith(named, at) || source.lastIndexOf("<", end) !== at) return false
    this.at = end + 2
    return source.charCodeAt(end + 1) === 0x3e
  }

  structure({ members }: Pick<Structure, "members">, name: string): ReplyFields | undefined {
    const fields: ReplyFields = {}
    while (!this.ends(name)) {
      const field = this.member(members)
      const member = field === undefined ? undefined : members[field]
      if (field === undefined || member === undefined || fields[field] !== undefined) return undefined
      const value = this.value(member)
      if (value === undefined) return undefined
      fields[field] = value
    }
    return fields
  }

  isAtEnd(): boolean {
    this.space()
    return this.at === this.source.length
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

  private begins(name: string): boolean {
    return this.source.charCodeAt(this.at) === 0x3c && this.tag(this.at + 1, name)
  }

  private ends(name: string): boolean {
    this.space()
    return this.source.startsWith("</", this.at) && this.tag(this.at + 2, name)
  }

  private tag(at: number, name: string): boolean {
    const end = at + name.length
    if (this.source.charCodeAt(end) !== 0x3e || !this.source.startsWith(name, at)) return false
    this.at = end + 1
    return true
  }

  private space(): void {
    while (isSpace(this.source.charCodeAt(this.at))) this.at++
  }
}

/** What an action's usual reply states; none where the reply is another or unusual. */
export const scanReply = (action: string, output: Structure, source: string): ReplyFields | undefined => {
  if (source.length > usualBounds.length || unusual.test(source)) return undefined
  const scan = new Scan(source)
  const root = `${action}Response`
  if (!scan.root(root)) return undefined
  const members = { result: { name: `${action}Result`, shape: output }, head }
  const parts = scan.structure({ members }, root) as Parts | undefined
  if (parts?.result === undefined || !scan.isAtEnd()) return undefined
  // A blank id is none.
  parts.result.requestId = parts.head?.requestId?.trim() || undefined
  return parts.result
}
