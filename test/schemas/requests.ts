/** Requests of both clouds: made in three ways, which agree. */
import { assert } from "@effect/vitest"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { StsValidationError } from "../../src/schemas/StsError.js"

export type Fields = Readonly<Record<string, unknown>>

export interface Checks {
  validate(fields: never): Result.Result<object, StsValidationError>
  make(fields: never): object
}

export type RequestClass = Checks & (new (props: never) => object)

const secretFields = [
  "contextAssertion",
  "oidcToken",
  "samlAssertion",
  "tokenCode",
  "tradeInToken",
  "webIdentityToken"
]

/** A class is constructed with what it holds: secrets already redacted. */
export const constructed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(constructed)
  if (typeof value !== "object" || value === null || Redacted.isRedacted(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([field, inner]) => [
      field,
      secretFields.includes(field) && typeof inner === "string" ? Redacted.make(inner) : constructed(inner)
    ])
  )
}

const thrownBy = (run: () => unknown): unknown => {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}

/** The three ways to a request agree; what is wrong with it, if anything is. */
export const check = (
  { request }: { readonly request: RequestClass },
  fields: Fields
): StsValidationError | undefined => {
  const error = Result.getOrUndefined(Result.flip(request.validate(fields as never)))
  const thrown = [
    thrownBy(() => request.make(fields as never)),
    thrownBy(() => new request(constructed(fields) as never))
  ]
  for (const one of thrown) {
    assert.strictEqual(one instanceof StsValidationError, error !== undefined, String(one))
    if (one !== undefined) assert.strictEqual((one as StsValidationError).field, error?.field)
  }
  return error
}
