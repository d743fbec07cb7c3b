/**
 * What the signatures of both clouds are made of: HMAC keys made ready to sign many texts (RFC 2104) and kept as long as
 * the secrets that they come from, whether a header can carry what is signed with, the names of the headers that a
 * signature covers, and where a signed request goes, written so that what is sent and what is signed cannot be read
 * differently.
 *
 * Source: "Create a signed AWS API request", IAM User Guide; for S3 "Authenticating Requests (AWS Signature Version 4)",
 * Amazon S3 API Reference.
 */

import { hash } from "node:crypto"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { type Cloud, StsSignatureError } from "../schemas/StsError.js"
import { encodePairs, type Pairs, percentEncode } from "./encoding.js"

/** A secret as credentials hold it, or plain. */
export type Secret = string | Redacted.Redacted

const headerText = /^[\x21-\x7e]*$/

const parts: Readonly<Record<Cloud, ReadonlyArray<string>>> = {
  alibaba: ["accessKeyId", "accessKeySecret", "securityToken"],
  aws: ["accessKeyId", "secretAccessKey", "sessionToken"]
}

// A session token is long, and comes with every request.
const fit = new WeakSet<Redacted.Redacted<unknown>>()

const faultOf = (part: unknown): string | undefined => {
  const hidden = Redacted.isRedacted(part)
  let plain: unknown
  try {
    plain = hidden ? Redacted.value(part) : part
  } catch {
    return "has been wiped from memory"
  }
  if (hidden && fit.has(part)) return undefined
  if (!headerText.test(String(plain))) return "contains a space or a control character"
  if (hidden) fit.add(part)
  return undefined
}

/**
 * Why credentials cannot be signed with, if so: a secret has been wiped from memory, or a part holds a character that no
 * header can carry.
 */
export const headerFault = (
  cloud: Cloud,
  operation: string,
  credentials: object
): StsSignatureError | undefined => {
  for (const name of parts[cloud]) {
    const part = (credentials as Readonly<Record<string, unknown>>)[name]
    const fault = part === undefined ? undefined : faultOf(part)
    if (fault !== undefined) {
      return new StsSignatureError({ cloud, operation, detail: `${name} ${fault}` })
    }
  }
  return undefined
}

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
  // So much of it as the last text filled. A key's texts are mostly of one length.
  private whole = this.inner
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
    if (longest > this.inner.length) this.whole = this.inner = Buffer.concat([this.inner], longest)
    const end = blockLength + this.inner.write(text, blockLength)
    if (this.whole.length !== end) this.whole = this.inner.subarray(0, end)
    const digest = hash(this.algorithm, this.whole, "binary")
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

/**
 * A signed form as it goes out. Like all that signing leaves behind, it is no literal: V8 counts which literals' objects
 * live long, and what was signed while the program started, or waited, would be made old from then on, to be collected
 * late and with everything it holds.
 */
export class SignedForm {
  constructor(
    readonly headers: Readonly<Record<string, string>>,
    readonly body: string,
    readonly stringToSign: string
  ) {}
}

/** The names of headers in order, and as the one text that a signature states. */
export interface SignedNames {
  readonly list: ReadonlyArray<string>
  /** What stands before each value in a request's canonical form: the end of the line before, the name and a colon. */
  readonly prefixes: ReadonlyArray<string>
  readonly text: string
}

const make = (list: ReadonlyArray<string>): SignedNames => ({
  list,
  prefixes: list.map((name, index) => `${index === 0 ? "" : "\n"}${name}:`),
  text: list.join(";")
})

/** Names that somebody else has put in order. */
export const namesOf = (text: string): SignedNames => make(text === "" ? [] : text.split(";"))

interface Known {
  readonly given: ReadonlyArray<string>
  readonly signed: SignedNames
}

const remembered = 8

/** Whether an object has these names in this order; asked without a list of its own. */
const hasNames = (headers: Readonly<Record<string, string>>, names: ReadonlyArray<string>): boolean => {
  let count = 0
  for (const name in headers) if (names[count++] !== name) return false
  return count === names.length
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
    for (const known of latest) if (hasNames(headers, known.given)) return known.signed
    const given = Object.keys(headers)
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
    lines += `${prefixes[index]}${trimmed(headers[list[index] as string] ?? "")}`
  }
  return list.length === 0 ? "" : `${lines}\n`
}

/** A URL taken apart for signing. */
export interface Target {
  /** To be sent to, as it stands. */
  readonly url: string
  /** With the port, where it is not the scheme's own. */
  readonly host: string
  readonly secure: boolean
  /** What the signature's canonical form encodes once: the path as it goes out, or for S3 as it is meant. */
  readonly path: string
  readonly query: Pairs
}

const decoded = (path: string): string | undefined => {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

const encoded = (segments: ReadonlyArray<string>): string => segments.map(percentEncode).join("/")

/** The path as it goes out, and as the signer wants it. */
const paths = (path: string, likeS3: boolean): readonly [sent: string, signed: string] | undefined => {
  const whole = decoded(path)
  if (whole === undefined) return undefined
  // An object's key has no segments: its slashes are characters like others.
  if (likeS3) return [encoded(whole.split("/")), whole]
  const sent = encoded(path.split("/").map((segment) => decoded(segment) ?? segment))
  return [sent, sent]
}

const undecodable = (part: "path" | "query") =>
  Result.fail(`the URL's ${part} has a % that does not begin a UTF-8 character`)

/**
 * Takes a URL apart, or says why a request to it cannot be signed. Characters that a URL may hold plain or
 * percent-encoded, such as a colon, go out encoded, and a space in the query as `%20`: so nobody on the way can take
 * them for something else than was signed.
 */
export const targetOf = (url: URL, likeS3 = false): Result.Result<Target, string> => {
  const secure = url.protocol === "https:"
  if (!secure && url.protocol !== "http:") return Result.fail("only http: and https: URLs can be signed")
  if (url.username !== "" || url.password !== "")
    return Result.fail("a URL with a user name cannot be signed")
  const path = paths(url.pathname, likeS3)
  if (path === undefined) return undecodable("path")
  // A lone % stands for itself there, by the URL Standard.
  if (decoded(url.search.replace(/%(?![\da-f]{2})/gi, "%25")) === undefined) return undecodable("query")
  const [sent, signed] = path
  const query: Pairs = [...url.searchParams]
  const search = query.length === 0 ? "" : `?${encodePairs(query)}`
  return Result.succeed({
    url: `${url.protocol}//${url.host}${sent}${search}`,
    host: url.host,
    secure,
    path: signed,
    query
  })
}
