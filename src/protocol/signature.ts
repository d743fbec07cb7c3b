/**
 * What the signatures of both clouds are made of: HMAC keys made ready to sign many texts (RFC 2104) and kept as long
 * as the secrets that they come from, and the names of the headers that a signature covers.
 */
import { hash } from "node:crypto"
import * as Redacted from "effect/Redacted"

/** A secret as credentials hold it, or plain. */
export type Secret = string | Redacted.Redacted

const blockLength = 64
const usualLength = 512
const digestLengths = { sha1: 20, sha256: 32 } as const

/**
 * A key. Its HMAC is written out as the two hashes that it consists of, which for texts this short takes half the time
 * of an Hmac object.
 */
export class HmacKey {
  // The key's block, and room for what is hashed after it.
  private inner = Buffer.alloc(blockLength + usualLength, 0x36)
  private readonly outer: Buffer

  constructor(
    private readonly algorithm: keyof typeof digestLengths,
    key: string | Uint8Array
  ) {
    this.outer = Buffer.alloc(blockLength + digestLengths[algorithm], 0x5c)
    const bytes = Buffer.from(key)
    const block = bytes.length > blockLength ? Buffer.from(hash(algorithm, bytes, "hex"), "hex") : bytes
    for (const [index, byte] of block.entries()) {
      this.inner[index] = byte ^ 0x36
      this.outer[index] = byte ^ 0x5c
    }
  }

  /** The signature of a text. */
  sign(text: string, encoding: "hex" | "base64"): string {
    // No character takes more than three bytes for each of its UTF-16 units.
    const longest = blockLength + text.length * 3
    if (longest > this.inner.length) this.inner = Buffer.concat([this.inner], longest)
    const end = blockLength + this.inner.write(text, blockLength)
    const digest = hash(this.algorithm, this.inner.subarray(0, end), "binary")
    this.outer.write(digest, blockLength, "binary")
    return hash(this.algorithm, this.outer, encoding)
  }
}

const mostUses = 8

// By the secret's own object: a key lives as long as the credentials it comes from, and no secret is kept here.
const kept = new WeakMap<Redacted.Redacted, Map<string, HmacKey>>()

/**
 * The key that a secret is for one use, made once for its latest uses. A plain secret's is made anew each time. Throws
 * where the secret has been wiped from memory.
 */
export const hmacKey = (secret: Secret, use: string, make: (plain: string) => HmacKey): HmacKey => {
  if (typeof secret === "string") return make(secret)
  const plain = Redacted.value(secret)
  let keys = kept.get(secret)
  if (keys === undefined) {
    keys = new Map()
    kept.set(secret, keys)
  }
  const known = keys.get(use)
  if (known !== undefined) return known
  const key = make(plain)
  const [oldest] = keys.keys()
  if (oldest !== undefined && keys.size >= mostUses) keys.delete(oldest)
  keys.set(use, key)
  return key
}

/** The names of headers in order, and as the one text that a signature states. */
export interface SignedNames {
  readonly list: ReadonlyArray<string>
  /** Each with a colon after it. */
  readonly prefixes: ReadonlyArray<string>
  readonly text: string
}

const make = (list: ReadonlyArray<string>): SignedNames => ({
  list,
  prefixes: list.map((name) => `${name}:`),
  text: list.join(";")
})

/** Names that somebody else has put in order. */
export const namesOf = (text: string): SignedNames => make(text === "" ? [] : text.split(";"))

interface Known {
  readonly given: ReadonlyArray<string>
  readonly signed: SignedNames
}

const remembered = 8

const isSame = (names: ReadonlyArray<string>, others: ReadonlyArray<string>): boolean => {
  if (names.length !== others.length) return false
  for (let index = 0; index < names.length; index++) if (names[index] !== others[index]) return false
  return true
}

/**
 * The names that a scheme signs of a request's headers. A program's requests have few sets of headers, and sorting one
 * takes as long as hashing it: the latest are remembered.
 */
export const signedNames = (
  isSigned: (name: string) => boolean
): ((headers: Readonly<Record<string, string>>) => SignedNames) => {
  const latest: Array<Known> = []
  return (headers) => {
    const given = Object.keys(headers)
    for (const known of latest) if (isSame(given, known.given)) return known.signed
    const signed = make(given.filter(isSigned).sort())
    latest.unshift({ given, signed })
    latest.length = Math.min(latest.length, remembered)
    return signed
  }
}

/** Headers as canonical requests have them: a line each. */
export const linesOf = (
  { list, prefixes }: SignedNames,
  headers: Readonly<Record<string, string>>,
  trimmed: (value: string) => string
): string => {
  let lines = ""
  // By an index: pairs of entries() would take more memory than the text.
  for (let index = 0; index < list.length; index++) {
    lines += `${prefixes[index]}${trimmed(headers[list[index] as string] ?? "")}\n`
  }
  return lines
}
