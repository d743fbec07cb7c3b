/** Documents from files, commands and services, in which a member may have another type than it should. */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { CredentialSource, SourceError } from "../../src/index.js"
import { credentialError } from "./refusals.js"

/** Must not be shown. */
export const secret = "PLANTED-SECRET"

type Document = Readonly<Record<string, unknown>>

/** A reader of a document: what it says is wrong, and with which reason. */
type Read = (
  document: Document
) => Result.Result<unknown, { readonly reason: string; readonly detail: string }>

/** Values of every type but text. */
export const others: ReadonlyArray<unknown> = [2092000000, 0, true, false, [secret], { was: secret }, [], {}]
/** Values of every type but a number. */
export const notNumbers: ReadonlyArray<unknown> = ["1", true, [1], { was: 1 }]

/** A document with one member changed, which may stand deeper. */
const changed = (document: Document, path: string, value: unknown): Document => {
  const [first = "", ...rest] = path.split(".")
  const inner = document[first]
  return {
    ...document,
    [first]: rest.length === 0 ? value : changed((inner ?? {}) as Document, rest.join("."), value)
  }
}

/** Tests that a reader takes no member of another type than text or a number, and no member for absent but one that is. */
export const strictly = (
  read: Read,
  document: Document,
  texts: ReadonlyArray<string>,
  numbers: ReadonlyArray<string> = []
) => {
  it("is read as it is", () => assert.isTrue(Result.isSuccess(read(document))))

  it.each([
    ...texts.flatMap((path) => others.map((value) => [path, value] as const)),
    ...numbers.flatMap((path) => notNumbers.map((value) => [path, value] as const))
  ])("%s = %j is Malformed", (path, value) => {
    const outcome = read(changed(document, path, value))
    assert.isTrue(Result.isFailure(outcome))
    if (Result.isSuccess(outcome)) return
    const { detail, reason } = outcome.failure
    assert.strictEqual(reason, "Malformed")
    assert.include(detail, path.split(".").at(-1) ?? path)
    assert.notInclude(detail, secret)
    assert.notInclude(detail, "2092000000")
  })

  it.each(
    [...texts, ...numbers].flatMap((path) => [null, "", undefined].map((value) => [path, value] as const))
  )("%s = %j counts as absent", (path, value) => {
    const absent = read(changed(document, path, undefined))
    assert.deepStrictEqual(read(changed(document, path, value)), absent)
  })
}

/** The error of a source, which shows no secret. */
export const failureOf = <A, R>(get: Effect.Effect<A, SourceError, R>) =>
  Effect.tap(credentialError(get), ({ message }) => Effect.sync(() => assert.notInclude(message, secret)))

/** What a source gives. */
export const getOf = <C, E, R>(making: Effect.Effect<CredentialSource<C>, E, R>) =>
  Effect.flatMap(making, ({ get }) => get)
