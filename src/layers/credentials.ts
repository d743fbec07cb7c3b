/**
 * Credentials of either cloud: an access key pair and its token, checked, from wherever a source found them, and the
 * provider that keeps them.
 */
import type * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { parseInstant } from "../protocol/encoding.js"
import { quoteOf, withoutQuotes } from "../protocol/settings.js"
import type { Variable } from "../protocol/settingTable.js"
import {
  type Cloud,
  type CredentialErrorReason,
  type StsConfigError,
  StsCredentialError
} from "../schemas/StsError.js"
import type { CredentialSource } from "../services/CredentialSource.js"
import * as Refreshing from "../services/Refreshing.js"
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

// A key with blanks around it is told of; blanks alone are none.
const unlessBlank = (text: string | undefined): string | undefined =>
  text === undefined || text.trim() === "" ? undefined : text

/**
 * The pair, or `NotConfigured` where nothing was found, `Incomplete` where half a pair was, `Malformed` where a value
 * has characters that no key has, such as a line break at its end.
 */
export const readKeyPair = (
  cloud: Cloud,
  place: Place,
  given: Found
): Result.Result<KeyPair, StsCredentialError> => {
  const { file, keys, profile, source } = place
  const fail = (
    reason: CredentialErrorReason,
    field: Field | "expiration",
    detail: string,
    hint?: string
  ) => {
    const key = keys[field]
    const line = key === undefined ? undefined : place.lineOf?.(key)
    return Result.fail(
      new StsCredentialError({ cloud, source, reason, detail, file, line, profile, key, hint })
    )
  }
  const { expiration, ...found } = {
    id: unlessBlank(given.id),
    secret: unlessBlank(given.secret),
    token: unlessBlank(given.token),
    expiration: unlessBlank(given.expiration)
  }
  const { id, secret, token } = found
  if (id === undefined && secret === undefined && token === undefined) {
    return fail("NotConfigured", "id", `${keys.id} and ${keys.secret} are not set`)
  }
  const quoted = fields.find((field) => quoteOf((found[field] ?? "").trim()) !== undefined)
  if (quoted !== undefined) {
    const mark = quoteOf((found[quoted] ?? "").trim())
    return fail(
      "Malformed",
      quoted,
      `${keys[quoted]} begins or ends with a quotation mark (${mark}), which no key does`,
      withoutQuotes
    )
  }
  const commented = fields.find(
    (field) => place.lineOf !== undefined && commentInKey.test(found[field] ?? "") && isIssued.test(id ?? "")
  )
  if (commented !== undefined) {
    return fail(
      "Malformed",
      commented,
      `${keys[commented]} holds a # or ;, which no key of AWS does: a comment after a value needs a space before it`,
      "Write the comment on a line of its own."
    )
  }
  const broken = fields.find((field) => !printable.test(found[field] ?? ""))
  if (broken !== undefined) {
    return fail(
      "Malformed",
      broken,
      `${keys[broken]} holds a space, a line break or another character that no key has`,
      "Copy the value again, without what surrounds it."
    )
  }
  if (id === undefined || secret === undefined) {
    const missing = id === undefined ? "id" : "secret"
    return fail(
      "Incomplete",
      missing,
      `${keys[missing]} is missing or empty`,
      "Set both, or neither to use another source."
    )
  }
  const ends = expiration === undefined ? undefined : parseInstant(expiration)
  if (expiration !== undefined && ends === undefined) {
    return fail(
      "Malformed",
      "expiration",
      `${keys.expiration} is not a date and time such as 2026-01-31T12:00:00Z`
    )
  }
  return Result.succeed({
    id,
    secret: Redacted.make(secret),
    token: token === undefined ? undefined : Redacted.make(token),
    expiration: ends === undefined ? undefined : DateTime.makeUnsafe(ends)
  })
}

/** A secret that a program states, plain; nothing where it has been wiped from memory. */
export const plain = (secret: string | Redacted.Redacted | undefined): string | undefined =>
  Redacted.isRedacted(secret) ? Redacted.value(secret) : secret

// Only what is blank is unset: a line break at a key's end is for the reader of keys to tell of.
const variable = (name: Variable | undefined): Effect.Effect<string | undefined, StsConfigError> =>
  name === undefined
    ? Effect.succeed(undefined)
    : Effect.map(exact(name), (text = "") => (text.trim() === "" ? undefined : text))

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

/** Where stated credentials are found, by the names that their cloud gives their parts. */
export const staticPlace = (id: string, secret: string, token: string): Place => ({
  source: "static credentials",
  keys: { id, secret, token }
})

/** A source that always gives the same credentials, once they are checked. */
export const staticSource = <Credentials>(
  checked: () => Result.Result<Credentials, StsCredentialError>
): Effect.Effect<CredentialSource<Credentials>, StsCredentialError> =>
  Effect.map(
    Effect.suspend(() => Effect.fromResult(checked())),
    (credentials) => ({
      name: "static credentials",
      get: Effect.succeed(credentials)
    })
  )

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
