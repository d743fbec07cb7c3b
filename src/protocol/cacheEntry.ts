/** The files of the credential cache: what they say they are for, and the credentials, plain or sealed. */
import { createHash } from "node:crypto"
import * as Result from "effect/Result"
import * as Json from "./jsonObject.js"
import { canonical, same } from "./requestKey.js"

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
export const encode = (purpose: Purpose, content: Content, seal: Seal | undefined): string => {
  const kept =
    seal === undefined ? { content } : { sealed: seal.close(headerOf(purpose), JSON.stringify(content)) }
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

const contentIn = (object: Json.JsonObject): Result.Result<Content, string> =>
  Result.gen(function* () {
    const { id, secret, ...others } = yield* Json.texts(object, names)
    const issuedAt = yield* time(object, "issuedAt")
    const expiresAt = yield* time(object, "expiresAt")
    if (id === undefined || secret === undefined) return yield* Result.fail("id")
    return { id, secret, issuedAt, expiresAt, ...others }
  })

const opened = (purpose: Purpose, document: Json.JsonObject, seal: Seal | undefined) => {
  const kept = document[seal === undefined ? "content" : "sealed"]
  if (!Json.isObject(kept)) {
    return Result.fail(
      seal === undefined ? "it holds no plain credentials" : "it holds no sealed credentials"
    )
  }
  if (seal === undefined) return Result.succeed(kept)
  const plain = seal.open(headerOf(purpose), kept)
  return Result.fromNullishOr(
    plain === undefined ? undefined : Json.parse(plain),
    () => "the key does not open it"
  )
}

/** Reads a file, or says why it is none of this cache's for the purpose, without quoting it. */
export const decode = (
  purpose: Purpose,
  file: string,
  seal: Seal | undefined
): Result.Result<Content, string> => {
  const document = Json.parse(file)
  if (document === undefined) return Result.fail("it is damaged or something else")
  if (document["version"] !== version) return Result.fail("another version of this program wrote it")
  if (!same(document["for"], JSON.parse(JSON.stringify(purpose)))) {
    return Result.fail("it is for something else")
  }
  return Result.flatMap(opened(purpose, document, seal), (content) =>
    Result.mapError(contentIn(content), () => "it is damaged")
  )
}
