/**
 * How credentials lie in Redis: under names that tell nothing but to who knows what they are for, and always sealed with
 * AES-256-GCM. What has to be readable there, the times, is a part of what is sealed and so is the name: nothing can be
 * altered, nor put in another's place.
 *
 * Sources: NIST SP 800-38D, "Recommendation for Block Cipher Modes of Operation: Galois/Counter Mode (GCM) and GMAC";
 * RFC 5869, "HMAC-based Extract-and-Expand Key Derivation Function (HKDF)".
 */
import { createHash, hkdfSync } from "node:crypto"
import * as Result from "effect/Result"
import { type Content, canonical, contentIn, keyOf, lengths, open, type Purpose, seal } from "./cacheEntry.js"
import * as Json from "./json.js"

const version = 1

const hash = (...parts: ReadonlyArray<string>): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("base64url")

/** The names of what Redis has for a purpose. */
export interface Names {
  readonly digest: string
  /** The entry, the lease and the fence, in the order of the scripts' KEYS. */
  readonly keys: ReadonlyArray<string>
  readonly channel: string
}

/**
 * The names for a purpose of a cloud. What stands in braces puts all of them on one node of a Redis Cluster. They are not
 * made with the key that seals: another key would be another name, and a rotation would part the fleet.
 */
export const namesOf = (cloud: string, purpose: Purpose): Names => {
  const digest = hash(`${version}`, cloud, canonical(purpose))
  const name = `efsts:${version}:{${digest}}`
  return { digest, keys: [`${name}:e`, `${name}:l`, `${name}:f`], channel: `${name}:w` }
}

/** The name of an account's place in the rate limit. */
export const limitName = (cloud: string, account: string): string =>
  `efsts:${version}:{${hash("rate", cloud, account)}}:r`

/** How an entry is told from another of the same purpose without its key. */
export const entryId = (digest: string, accessKeyId: string): string => hash(digest, accessKeyId).slice(0, 22)

/** What is readable of an entry. Times in milliseconds since 1970, by the server's clock. */
export interface Head {
  /** Decimal digits: it is compared in Redis alone. */
  readonly fence: string
  readonly endsAt: number
  /** From then on somebody renews it. */
  readonly dueAt: number
  readonly issuedAt: number
  readonly id: string
}

/** A key that seals, and the name it goes by in entries. */
interface NamedKey {
  readonly name: string
  readonly key: Uint8Array
}

/** Keys: the first one seals, all of them open. */
export type Keyring = readonly [NamedKey, ...ReadonlyArray<NamedKey>]

const derive = (key: Uint8Array, use: string, length: number): Uint8Array =>
  new Uint8Array(hkdfSync("sha256", key, "", `effect-sts redis ${use}`, length))

// All processes must come to the same key from a passphrase, so its salt is the same too.
const salt = Buffer.from("effect-sts redis")

/** A key of 32 bytes, or of a passphrase, which takes a tenth of a second. */
export const namedKey = (secret: Uint8Array | string): NamedKey => {
  const key = typeof secret === "string" ? keyOf(secret, salt) : secret
  return { name: Buffer.from(derive(key, "name", 6)).toString("base64url"), key: derive(key, "seal", 32) }
}

const headText = ({ dueAt, endsAt, fence, id, issuedAt }: Head): string =>
  `${fence} ${endsAt} ${dueAt} ${issuedAt} ${id}`

const sealedWith = (digest: string, head: Head): string => `${version} ${digest} ${headText(head)}`

/** An entry. A nonce must never be used twice with one key. */
export const encode = (
  [first]: Keyring,
  digest: string,
  head: Head,
  content: Content,
  nonce: Uint8Array
): string => {
  const body = seal(first.key, nonce, sealedWith(digest, head), JSON.stringify(content))
  return `${headText(head)} ${first.name}.${Buffer.concat([nonce, body]).toString("base64url")}`
}

/** What an entry turned out to be. */
export type Decoded =
  | { readonly _tag: "Read"; readonly head: Head; readonly content: Content }
  /** Sealed with a key that others have: it must not be replaced. */
  | { readonly _tag: "Foreign" }
  | { readonly _tag: "Damaged"; readonly id: string }

const form = /^(\d+) (\d{1,16}) (\d{1,16}) (\d{1,16}) (\S+) ([\w-]+)\.([\w-]+)$/

/** Reads an entry. */
export const decode = (keyring: Keyring, digest: string, entry: string): Decoded => {
  const [, fence = "", endsAt, dueAt, issuedAt, id = "-", name, body = ""] = form.exec(entry) ?? []
  if (name === undefined) return { _tag: "Damaged", id: entry.split(" ")[4] ?? "-" }
  const named = keyring.find((one) => one.name === name)
  if (named === undefined) return { _tag: "Foreign" }
  const head = { fence, endsAt: Number(endsAt), dueAt: Number(dueAt), issuedAt: Number(issuedAt), id }
  const bytes = Buffer.from(body, "base64url")
  const text = open(
    named.key,
    bytes.subarray(0, lengths.nonce),
    sealedWith(digest, head),
    bytes.subarray(lengths.nonce)
  )
  const document = text === undefined ? undefined : Json.parse(text)
  const content = document === undefined ? undefined : Result.getOrUndefined(contentIn(document))
  return content === undefined ? { _tag: "Damaged", id } : { _tag: "Read", head, content }
}
