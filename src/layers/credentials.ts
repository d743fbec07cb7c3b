/**
 * Credentials of either cloud: an access key pair and its token, checked, from wherever a source found them; what the
 * replies of metadata services and the like mean to the source that asked; and the provider that keeps the credentials.
 */
import type * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import {
  type Names as DocumentNames,
  decode,
  type Issued,
  type Refusal,
  refusalOf,
  remedyOf
} from "../protocol/credentialsDocument.js"
import { parseInstant } from "../protocol/encoding.js"
import { isRedirect, lasts, retryOf } from "../protocol/retry.js"
import { excerpt, plainWords } from "../protocol/scrub.js"
import { quoteOf, withoutQuotes } from "../protocol/settings.js"
import type { Variable } from "../protocol/settingTable.js"
import {
  type Cloud,
  type CredentialErrorReason,
  type StsConfigError,
  StsCredentialError,
  type StsResponseError,
  type StsTransportError
} from "../schemas/StsError.js"
import type { Reply } from "../services/Client.js"
import type { CredentialSource, SourceError } from "../services/CredentialSource.js"
import * as Refreshing from "../services/Refreshing.js"
import { fromCall, type Source } from "../services/SourceRequest.js"
import { exact } from "../services/setting.js"

type Field = "id" | "secret" | "token"

/** What a source found; blank counts as absent. */
export type Found = { readonly [_ in Field]: string | undefined } & {
  /** When the credentials end, as ISO 8601 has it. */
  readonly expiration?: string | undefined
}

/** How a key pair's parts are called. */
export type Names<Name> = { readonly [_ in Field]: Name } & { readonly expiration?: Name | undefined }

/** Where a source looked, for its errors. */
export interface Place {
  readonly source: string
  /** Where the credentials say they come from, where that is more exact than the source. */
  readonly origin?: string | undefined
  /** How the source calls each setting. */
  readonly keys: Names<string>
  readonly file?: string | undefined
  readonly profile?: string | undefined
  readonly lineOf?: ((key: string) => number | undefined) | undefined
}

const commentInKey = /[#;]/

// Keys of services that resemble AWS may hold anything.
const isIssued = /^A[A-Z]{3}[A-Z0-9]{12,}/

const printable = /^[\x21-\x7e]*$/

const fields: ReadonlyArray<Field> = ["id", "secret", "token"]

/** An access key pair, with the token that goes with it where it is temporary. */
interface KeyPair {
  readonly id: string
  readonly secret: Redacted.Redacted
  readonly token: Redacted.Redacted | undefined
  readonly expiration: DateTime.Utc | undefined
}

// A key with blanks around it is reported; blanks alone are no key.
const unlessBlank = (text: string | undefined): string | undefined => (text?.trim() ? text : undefined)

/** A part of a pair that is wrong, and what is, in words that follow its name; `Malformed` where no reason is given. */
export type Fault = readonly [
  field: Field | "expiration",
  words: string,
  hint?: string | undefined,
  reason?: CredentialErrorReason
]

/** The first part of a pair that is wrong. */
export const which = (found: Found, isWrong: (text: string) => boolean): Field | undefined =>
  fields.find((field) => isWrong(found[field] ?? ""))

const quoteIn = (text: string | undefined) => quoteOf((text ?? "").trim())

/**
 * The pair, or `NotConfigured` where nothing was found, `Incomplete` where half a pair was, `Malformed` where a value
 * has characters that no key has, such as a line break at its end.
 */
export const readKeyPair = (
  cloud: Cloud,
  { file, keys, lineOf, profile, source }: Place,
  given: Found,
  /** What is wrong in this cloud alone. */
  faultOf?: (found: Found) => Fault | undefined
): Result.Result<KeyPair, StsCredentialError> => {
  const fail = (...[field, words, hint, reason = "Malformed"]: Fault) => {
    const key = keys[field] ?? field
    const line = lineOf?.(key) ?? lineOf?.(keys.id)
    const detail = `${key} ${words}`
    return Result.fail(
      new StsCredentialError({ cloud, source, reason, detail, file, line, profile, key, hint })
    )
  }
  const found = {
    id: unlessBlank(given.id),
    secret: unlessBlank(given.secret),
    token: unlessBlank(given.token),
    expiration: unlessBlank(given.expiration)
  }
  const { expiration, id, secret, token } = found
  if (id === undefined && secret === undefined && token === undefined) {
    return fail("id", `and ${keys.secret} are not set`, undefined, "NotConfigured")
  }
  const quoted = which(found, (text) => quoteIn(text) !== undefined)
  if (quoted !== undefined) {
    const mark = quoteIn(found[quoted])
    return fail(quoted, `begins or ends with a quotation mark (${mark}), which no key does`, withoutQuotes)
  }
  const mayBeCommented = lineOf !== undefined && isIssued.test(id ?? "")
  const commented = which(found, (text) => mayBeCommented && commentInKey.test(text))
  if (commented !== undefined) {
    return fail(
      commented,
      "contains a # or ;, which no AWS key does: a comment after a value needs a space before it",
      "Write the comment on its own line."
    )
  }
  const broken = which(found, (text) => !printable.test(text))
  if (broken !== undefined) {
    return fail(
      broken,
      "contains a space, a line break or another character that no key has",
      "Copy the value again, without what is around it."
    )
  }
  if (id === undefined || secret === undefined) {
    return fail(
      id === undefined ? "id" : "secret",
      "is missing or empty",
      "Set both, or neither to use another source.",
      "Incomplete"
    )
  }
  const ends = expiration === undefined ? undefined : parseInstant(expiration)
  if (expiration !== undefined && ends === undefined) {
    return fail("expiration", "is not a date and time such as 2026-01-31T12:00:00Z")
  }
  const fault = faultOf?.(found)
  return fault === undefined
    ? Result.succeed({
        id,
        secret: Redacted.make(secret),
        token: token === undefined ? undefined : Redacted.make(token),
        expiration: ends === undefined ? undefined : DateTime.makeUnsafe(ends)
      })
    : fail(...fault)
}

// Only what is blank is unset: a line break at a key's end is for the reader of keys to tell of.
const variable = (name: Variable | undefined): Effect.Effect<string | undefined, StsConfigError> =>
  name === undefined ? Effect.succeed(undefined) : Effect.map(exact(name), unlessBlank)

/** Reads the variables that hold a key pair, each time it is run. Blank counts as unset. */
export const variables = ({
  expiration,
  id,
  secret,
  token
}: Names<Variable>): Effect.Effect<Found, StsConfigError> =>
  Effect.all({
    id: variable(id),
    secret: variable(secret),
    token: variable(token),
    expiration: variable(expiration)
  })

/** A cloud's credentials, as a program states them. */
interface Stating<Provider, Credentials> {
  readonly provider: Context.Service<Provider, CredentialSource<Credentials>>
  readonly isCredentials: (stated: unknown) => stated is Credentials
  /** How the cloud calls the parts. */
  readonly keys: Place["keys"]
  readonly read: (place: Place, found: Found) => Result.Result<Credentials, StsCredentialError>
}

// Undefined where it has been wiped from memory.
const plain = (stated: unknown): string | undefined =>
  (Redacted.isRedacted(stated) ? Redacted.value(stated) : stated) as string | undefined

/** Makes a cloud's layer of stated credentials: always the same ones, once they are checked. */
export const stating =
  <Provider, Credentials>({ isCredentials, keys, provider, read }: Stating<Provider, Credentials>) =>
  (stated: object): Layer.Layer<Provider, StsCredentialError> => {
    const name = "static credentials"
    const source = () => {
      const { [keys.id]: id, [keys.secret]: secret, [keys.token]: token } = stated as Record<string, unknown>
      const found = { id: plain(id), secret: plain(secret), token: plain(token) }
      return Result.map(read({ source: name, keys }, found), (checked) => ({
        name,
        get: Effect.succeed(isCredentials(stated) ? stated : checked)
      }))
    }
    return Layer.effect(
      provider,
      Effect.suspend(() => Effect.fromResult(source()))
    )
  }

/** Makes a cloud's provider that keeps what a source gives and renews it in time. */
export const refreshingProvider =
  <Provider, Credentials extends Refreshing.Renewable>(
    cloud: Cloud,
    provider: Context.Service<Provider, CredentialSource<Credentials>>
  ) =>
  <E, R>(source: Effect.Effect<CredentialSource<Credentials>, E, R>): Layer.Layer<Provider, E, R> =>
    Layer.effect(
      provider,
      Effect.map(source, (bare) => Refreshing.make(cloud, bare))
    )

/** The service that is asked, and the secrets that the request held: an answer may repeat them. */
export interface Asked {
  readonly source: Source
  /** How errors call the service, for example `the metadata service`. */
  readonly service: string
  readonly secrets?: ReadonlyArray<string> | undefined
  readonly hint?: string | undefined
}

const failed = (
  { hint, source }: Asked,
  reason: CredentialErrorReason,
  detail: string,
  transient: boolean
): StsCredentialError =>
  new StsCredentialError({
    ...source,
    reason,
    detail,
    hint,
    transient: (transient && reason !== "Unavailable") || undefined
  })

const wordsOf = ({ code, message }: Refusal, secrets: ReadonlyArray<string> = []): string =>
  `, ${code}${message === undefined ? "" : ` (${excerpt(message.trim().replace(/\.$/, ""), secrets)})`}`

const saidIn = (body: string, secrets: ReadonlyArray<string> = []): string => {
  const words = excerpt(plainWords(body), secrets).trim()
  return words === "" ? "" : `: ${words.replace(/\.$/, "")}`
}

/** The error for a reply whose status is not 200. */
export const refusedReply = (asked: Asked, { body, status }: Reply): StsCredentialError => {
  const { secrets, service } = asked
  if (isRedirect(status)) {
    return failed(
      asked,
      "Refused",
      `${service} answered with a redirect (HTTP ${status}), which is not followed`,
      true
    )
  }
  const refusal = refusalOf(body)
  const words = refusal === undefined ? saidIn(body, secrets) : wordsOf(refusal, secrets)
  const reason = retryOf(status) === undefined ? "Refused" : "Unavailable"
  return failed(asked, reason, `${service} answered HTTP ${status}${words}`, true)
}

/**
 * The error for a reply that is something else than what was asked for, `Malformed` where a member of it is of another
 * JSON type. Another server may be there for a while.
 */
export const foreignReply = (
  asked: Asked,
  detail: string,
  reason: "Unavailable" | "Malformed" = "Unavailable"
): StsCredentialError => failed(asked, reason, `${asked.service} gave an unexpected answer: ${detail}`, true)

/** The error for no reply at all. */
export const unanswered =
  (asked: Asked) =>
  (error: StsTransportError | StsResponseError): SourceError =>
    error._tag === "StsTransportError"
      ? fromCall(asked.source)(error)
      : foreignReply(asked, "it is too large")

const issued = (
  asked: Asked,
  reply: Reply,
  names: DocumentNames,
  codeRequired?: boolean
): Result.Result<Issued, StsCredentialError> => {
  if (reply.status !== 200) return Result.fail(refusedReply(asked, reply))
  return Result.mapError(decode(reply.body, names, codeRequired), (problem) => {
    if (problem._tag === "Foreign") return foreignReply(asked, problem.detail, problem.reason)
    const { refusal } = problem
    const detail = `${asked.service} has no credentials${wordsOf(refusal, asked.secrets)}`
    const { code } = refusal
    const lasting = lasts(remedyOf(code, reply.status).category, code, reply.status)
    return failed(asked, lasting ? "Refused" : "Unavailable", detail, !lasting)
  })
}

/** Reads the credentials that a reply holds, under the names that a cloud has for their parts. */
export const credentialsReader =
  <Credentials>(
    names: DocumentNames,
    read: (place: Place, found: Issued) => Result.Result<Credentials, StsCredentialError>,
    codeRequired?: boolean
  ) =>
  (asked: Asked, reply: Reply): Result.Result<Credentials, StsCredentialError> =>
    Result.flatMap(issued(asked, reply, names, codeRequired), (found) =>
      Result.mapError(read({ source: asked.source.source, keys: names }, found), ({ detail }) =>
        foreignReply(asked, detail)
      )
    )
