/**
 * The JSON documents in which metadata services and the like hand out credentials, and say why they do not.
 *
 * Field names are read in any case: the services do not agree on it.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"

/**
 * How a service calls what it hands out.
 *
 * @category models
 * @since 0.1.0
 */
export interface Names {
  readonly id: string
  readonly secret: string
  readonly token: string
  readonly expiration: string
  readonly accountId?: string | undefined
}

/**
 * What a document holds.
 *
 * @category models
 * @since 0.1.0
 */
export interface Issued {
  readonly id: string
  readonly secret: string
  readonly token: string
  readonly expiration: string | undefined
  readonly accountId: string | undefined
}

/**
 * Why a document holds no credentials: it is something else, or tells of a refusal.
 *
 * @category models
 * @since 0.1.0
 */
export type Problem =
  | { readonly _tag: "Foreign"; readonly detail: string }
  | { readonly _tag: "Refusal"; readonly refusal: Refusal }

/**
 * A service's own words for what went wrong.
 *
 * @category models
 * @since 0.1.0
 */
export interface Refusal {
  readonly code: string
  readonly message: string | undefined
}

type Document = ReadonlyMap<string, unknown>

const parse = (body: string): Document | undefined => {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? new Map(Object.entries(value).map(([name, field]) => [name.toLowerCase(), field]))
      : undefined
  } catch {
    return undefined
  }
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

/**
 * The refusal that a body tells of, if it is such a document.
 *
 * @category parsing
 * @since 0.1.0
 */
export const refusalOf = (body: string): Refusal | undefined => {
  const document = parse(body)
  return document === undefined ? undefined : refusalIn(document)
}

const foreign = (detail: string) => Either.left<Problem>({ _tag: "Foreign", detail })

/**
 * Reads a document. A `Code` must be `Success`; where `codeRequired` says so, there must be one.
 *
 * @category parsing
 * @since 0.1.0
 */
export const decode = (body: string, names: Names, codeRequired = false): Either.Either<Issued, Problem> => {
  const document = parse(body)
  if (document === undefined) return foreign("it is not a JSON object")
  const code = document.get("code")
  const refusal = refusalIn(document)
  if (refusal !== undefined && refusal.code !== "Success") return Either.left({ _tag: "Refusal", refusal })
  if (refusal === undefined && (codeRequired || (code !== undefined && code !== null))) {
    return foreign("its Code is not Success")
  }
  const found: Record<string, string | undefined> = {}
  for (const [key, name] of Object.entries(names)) {
    const value = document.get(name.toLowerCase()) ?? undefined
    if (value !== undefined && typeof value !== "string") return foreign(`its ${name} is not a text`)
    found[key] = value === "" ? undefined : value
  }
  const { accountId, expiration, id, secret, token } = found
  if (id === undefined) return foreign(`it has no ${names.id}`)
  if (secret === undefined) return foreign(`it has no ${names.secret}`)
  if (token === undefined) return foreign(`it has no ${names.token}`)
  return Either.right({ id, secret, token, expiration, accountId })
}
