/**
 * The entries of the credential cache: names of requests by what they say, and the files, which tell what they are for
 * and hold the credentials, plain or sealed with AES-256-GCM, so that only who has the key can read or make them.
 *
 * Sources: NIST SP 800-38D, "Recommendation for Block Cipher Modes of Operation: Galois/Counter Mode (GCM) and GMAC";
 * RFC 7914, "The scrypt Password-Based Key Derivation Function".
 */
import { createCipheriv, createDecipheriv, createHash, scryptSync } from "node:crypto"
import * as Result from "effect/Result"
import * as Json from "./json.js"

const algorithm = "aes-256-gcm"
const tagLength = 16

/** How many bytes a key, a nonce and a salt have. */
export const lengths = { key: 32, nonce: 12, salt: 16 } as const

// 32 MiB and about a tenth of a second for each try at a passphrase.
const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 }

/** The key that a passphrase and a salt make. */
export const keyOf = (passphrase: string, salt: Uint8Array): Uint8Array =>
  scryptSync(passphrase.normalize("NFC"), salt, lengths.key, cost)

/**
 * Seals a text together with a header, which stays readable and must be the same when it is opened. A nonce must never
 * be used twice with one key.
 */
export const seal = (key: Uint8Array, nonce: Uint8Array, header: string, text: string): Uint8Array => {
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagLength }).setAAD(
    Buffer.from(header)
  )
  return Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()])
}

/** Opens what was sealed; none where the key or the header is another, or anything was changed. */
export const open = (
  key: Uint8Array,
  nonce: Uint8Array,
  header: string,
  sealed: Uint8Array
): string | undefined => {
  if (nonce.length !== lengths.nonce || sealed.length < tagLength) return undefined
  const end = sealed.length - tagLength
  const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagLength })
    .setAAD(Buffer.from(header))
    .setAuthTag(sealed.subarray(end))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]).toString("utf8")
  } catch {
    return undefined
  }
}

type Order = (members: ReadonlyArray<string>) => ReadonlyArray<string>

const written = (value: unknown, order: Order): string => {
  if (Array.isArray(value)) return `[${order(value.map((member) => written(member, order))).join()}]`
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? ""
  const fields = Object.entries(value).filter(([, content]) => content !== undefined)
  return `{${fields
    .map(([name, content]) => `${JSON.stringify(name)}:${written(content, order)}`)
    .sort()
    .join()}}`
}

/**
 * A value as JSON that is the same for values that say the same. The order of a list's members matters: roles in
 * another order are another way.
 */
export const canonical = (value: unknown): string => written(value, (members) => members)

/**
 * Whether a value that anybody may have written says the same as one of ours, both as JSON has them. It is looked into no
 * deeper than ours goes.
 */
export const same = (found: unknown, ours: unknown): boolean => {
  if (typeof ours !== "object" || ours === null) return found === ours
  if (typeof found !== "object" || found === null || Array.isArray(found) !== Array.isArray(ours))
    return false
  const members = Object.entries(ours)
  const others = new Map(Object.entries(found))
  return (
    others.size === members.length &&
    members.every(([name, member]) => others.has(name) && same(others.get(name), member))
  )
}

const asSet: Order = (members) => [...members].sort()

/**
 * A key that is the same for requests that say the same, and tells nothing of what they say. Neither the order of
 * fields matters nor that of a list's members: the lists of requests are sets.
 */
export const requestKey = (request: object): string =>
  createHash("sha256").update(written(request, asSet)).digest("base64url")

const version = 1

/** What credentials are for: everything that they depend on, and no secret. */
export type Purpose = Readonly<Record<string, unknown>>

/** What a file keeps. Times in milliseconds since 1970. */
export interface Content {
  readonly id: string
  readonly secret: string
  readonly token: string | undefined
  readonly accountId: string | undefined
  /** Where the credentials come from. */
  readonly source: string | undefined
  readonly issuedAt: number
  readonly expiresAt: number
}

/** Keeps contents from who has no key. The header is part of what is sealed. */
export interface Seal {
  readonly close: (header: string, content: string) => Json.JsonObject
  readonly open: (header: string, sealed: Json.JsonObject) => string | undefined
}

/**
 * The name of the file for a purpose. Sealed ones have names of their own, so that programs with a key and without do
 * not overwrite each other's.
 */
export const fileName = (purpose: Purpose, sealed: boolean): string =>
  `${createHash("sha256").update(canonical(purpose)).digest("hex")}${sealed ? ".sealed" : ""}.json`

const headerOf = (purpose: Purpose): string => canonical({ version, for: purpose })

/** A file's text. */
export const encode = (purpose: Purpose, content: Content, sealing: Seal | undefined): string => {
  const kept =
    sealing === undefined
      ? { content }
      : { sealed: sealing.close(headerOf(purpose), JSON.stringify(content)) }
  return `${JSON.stringify({ version, for: purpose, ...kept }, undefined, 2)}\n`
}

// As far as dates go.
const furthest = 8.64e15

const names = { id: "id", secret: "secret", token: "token", accountId: "accountId", source: "source" }

const time = (object: Json.JsonObject, name: string): Result.Result<number, string> =>
  Result.filterOrFail(
    Result.map(Json.number(object, name), (millis) => millis ?? Number.NaN),
    (millis) => Math.abs(millis) <= furthest,
    () => name
  )

/** The content that an object is; the name of a member that is missing or wrong otherwise. */
export const contentIn = (object: Json.JsonObject): Result.Result<Content, string> =>
  Result.gen(function* () {
    const { id, secret, ...others } = yield* Json.texts(object, names)
    const issuedAt = yield* time(object, "issuedAt")
    const expiresAt = yield* time(object, "expiresAt")
    if (id === undefined || secret === undefined) return yield* Result.fail("id")
    return { id, secret, issuedAt, expiresAt, ...others }
  })

const opened = (purpose: Purpose, document: Json.JsonObject, sealing: Seal | undefined) => {
  const kept = document[sealing === undefined ? "content" : "sealed"]
  if (!Json.isObject(kept)) {
    return Result.fail(
      sealing === undefined ? "it contains no plain credentials" : "it contains no sealed credentials"
    )
  }
  if (sealing === undefined) return Result.succeed(kept)
  const plain = sealing.open(headerOf(purpose), kept)
  return Result.fromNullishOr(
    plain === undefined ? undefined : Json.parse(plain),
    () => "the key does not open it"
  )
}

/** Reads a file, or says why it is none of this cache's for the purpose, without quoting it. */
export const decode = (
  purpose: Purpose,
  file: string,
  sealing: Seal | undefined
): Result.Result<Content, string> => {
  const document = Json.parse(file)
  if (document === undefined) return Result.fail("it is damaged or something else")
  if (document["version"] !== version) return Result.fail("another version of this program wrote it")
  if (!same(document["for"], JSON.parse(JSON.stringify(purpose)))) {
    return Result.fail("it is for something else")
  }
  return Result.flatMap(opened(purpose, document, sealing), (content) =>
    Result.mapError(contentIn(content), () => "it is damaged")
  )
}
