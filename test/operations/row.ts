/**
 * What the tables of operations and mistakes are made of.
 */

import type * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type { Emulated } from "../support/emulators.js"

/** How a request proves who it is from, as an emulator records it. */
export type Form = "acs3" | "rpc" | "sigv4" | "anonymous"

export type Program<A> = (emulated: Emulated, form: Form) => Effect.Effect<A, unknown, HttpClient.HttpClient>

export interface Row {
  readonly cloud: "alibaba" | "aws"
  readonly name: string
  readonly form: Form
  readonly run: Program<unknown>
}

export interface Answer {
  readonly answers: unknown
  /** The requests that it takes, by their operations. */
  readonly operations: ReadonlyArray<string>
}

export interface Refusal {
  readonly code: string
  readonly category: string
  readonly status: number
  readonly says: ReadonlyArray<string>
  readonly requests: number
}

export type Operation = Row & Answer
export type Mistake = Row & Refusal

/** Rows before they are spread over a cloud's forms. */
export interface Unbound {
  readonly operation: Omit<Row, "cloud" | "form"> & Answer & { readonly signed: boolean }
  readonly mistake: Omit<Row, "cloud" | "form"> & Refusal & { readonly signed: boolean }
}

/** The refusal of a request that is signed, and that is made once, unless it is stated otherwise. */
export const mistake = (
  name: string,
  run: Program<unknown>,
  expected: Omit<Refusal, "requests"> & Partial<Unbound["mistake"]>
): Unbound["mistake"] => ({ name, run, signed: true, requests: 1, ...expected })

/** A cloud's rows, each once for every way that it can be signed. */
export const rowsOf = (
  cloud: Row["cloud"],
  forms: ReadonlyArray<Form>,
  operations: ReadonlyArray<Unbound["operation"]>,
  mistakes: ReadonlyArray<Unbound["mistake"]>
) => {
  const spread = <R extends { readonly signed: boolean }>(rows: ReadonlyArray<R>) =>
    rows.flatMap((row) =>
      (row.signed ? forms : (["anonymous"] as const)).map((form) => ({ ...row, cloud, form }))
    )
  return { operations: spread(operations), mistakes: spread(mistakes) }
}

export const hour = 3_600_000

/** Changes what an assertion says and leaves its signature. */
export const tampered = (assertion: string): string =>
  Buffer.from(
    Buffer.from(assertion, "base64")
      .toString("utf8")
      .replaceAll("alice@emulator.test", "mallory@emulator.test")
  ).toString("base64")
