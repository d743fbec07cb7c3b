/**
 * The JSON documents in which metadata services and the like hand out credentials, and say why they do not.
 *
 * Field names are read in any case: the services do not agree on it.
 */
import * as Result from "effect/Result"
import { type JsonObject, lacking, type Misfit, misfit, parse as parseObject, texts } from "./json.js"
import { table } from "./retry.js"

/** How a service calls what it hands out. */
export interface Names {
  readonly id: string
  readonly secret: string
  readonly token: string
  readonly expiration: string
  readonly accountId?: string | undefined
}

/** What a document holds. */
export interface Issued {
  readonly id: string
  readonly secret: string
  readonly token: string
  readonly expiration: string | undefined
  readonly accountId: string | undefined
}

/**
 * Why a document holds no credentials: it is something else, has a member of another type than the format's
 * (`Malformed`), or tells of a refusal.
 */
export type Problem =
  | ({ readonly _tag: "Foreign" } & Misfit)
  | { readonly _tag: "Refusal"; readonly refusal: Refusal }

/** A service's own words for what went wrong. */
export interface Refusal {
  readonly code: string
  readonly message: string | undefined
}

type Document = ReadonlyMap<string, unknown>

const parse = (body: string): Document | undefined => {
  const object = parseObject(body)
  return object && new Map(Object.entries(object).map(([name, field]) => [name.toLowerCase(), field]))
}

const wellFormedCode = /^[\w.:-]{1,100}$/

const codeOf = (document: Document): string | undefined => {
  const code = document.get("code") ?? document.get("__type")
  return typeof code === "string" && wellFormedCode.test(code) ? code : undefined
}

const refusalIn = (document: Document): Refusal | undefined => {
  const code = codeOf(document)
  const message = document.get("message")
  return code === undefined ? undefined : { code, message: typeof message === "string" ? message : undefined }
}

/** The refusal that a body tells of, if it is such a document. */
export const refusalOf = (body: string): Refusal | undefined => {
  const document = parse(body)
  return document === undefined ? undefined : refusalIn(document)
}

const foreign = (misfit: Misfit) => Result.fail<Problem>({ _tag: "Foreign", ...misfit })

/** Reads a document. A `Code` must be `Success`; where `codeRequired` says so, there must be one. */
export const decode = (body: string, names: Names, codeRequired = false): Result.Result<Issued, Problem> => {
  const document = parse(body)
  if (document === undefined) return foreign({ reason: "Unavailable", detail: "it is not a JSON object" })
  const code = document.get("code") ?? ""
  const refusal = refusalIn(document)
  if (refusal !== undefined && refusal.code !== "Success") return Result.fail({ _tag: "Refusal", refusal })
  if (refusal === undefined && (codeRequired || code !== "")) {
    const reason = typeof code === "string" ? "Unavailable" : "Malformed"
    return foreign({ reason, detail: "its Code is not Success" })
  }
  const sought = { ...names, accountId: names.accountId ?? "AccountId" }
  const stated: JsonObject = Object.fromEntries(
    Object.values(sought).map((name) => [name, document.get(name.toLowerCase())])
  )
  const found = texts(stated, sought)
  if (Result.isFailure(found)) return foreign(misfit(found.failure))
  const { accountId, expiration, id, secret, token } = found.success
  if (id === undefined) return foreign(lacking(names.id))
  if (secret === undefined) return foreign(lacking(names.secret))
  if (token === undefined) return foreign(lacking(names.token))
  return Result.succeed({ id, secret, token, expiration, accountId })
}

/** What is done about a refusal: the token of a session is renewed, and what is not known asked for elsewhere. */
export const remedyOf = /* @__PURE__ */ table([
  { category: "access-denied", codes: ["AssumeRoleUnauthorizedAccess"] },
  { category: "expired-credentials", codes: ["401"] },
  { category: "not-found", codes: ["404"] },
  { category: "invalid-request", codes: ["405", "501"] }
])
