/**
 * What a service's refusal stands for and what is done about it: the rules that all services share, and how the tables
 * of their own codes are read.
 *
 * Source: "Status Codes", RFC 9110, section 15; the standard retry behaviour that the vendors' SDKs share (2026
 * revision).
 */
import type { RetryKind } from "./retry.js"

/** What kind of refusal it is. */
export const categories = [
  "throttled",
  "server",
  "clock-skew",
  "nonce-used",
  "expired-credentials",
  "invalid-credentials",
  "access-denied",
  "not-found",
  "identity-provider",
  "invalid-request",
  "other"
] as const

/** What kind of refusal it is. */
export type Category = (typeof categories)[number]

/** What a refusal stands for, and what is done about it. Where nothing is to be done, who asked gives up. */
export interface Remedy {
  readonly category: Category
  /** Why the same may be accepted a while later; nothing where it may not. */
  readonly retry: RetryKind | undefined
  /** Whether our clock is off, by what the service says (`definite`), or may be (`possible`): its time has to show it. */
  readonly clock: "definite" | "possible" | undefined
  /** Whether others than these credentials, or this token, may be accepted. */
  readonly renew: boolean
}

/** Codes of one kind. */
export interface Row {
  readonly category: Category
  /** As the table's `spelled` gives them, or statuses; an expression stands for all that match it. */
  readonly codes: ReadonlyArray<string | RegExp>
  readonly clock?: "possible"
  readonly renew?: boolean
}

// What a server cannot do at all (501, 505) it cannot do later either.
const statuses: ReadonlyArray<Row> = [
  { category: "throttled", codes: ["429"] },
  { category: "server", codes: [/^(408|5(?!01|05)..)$/] }
]

const kinds: { readonly [K in Category]?: RetryKind } = { throttled: "throttled", server: "transient" }

const rowOf = (rows: ReadonlyArray<Row>, code: string): Row | undefined =>
  rows.find(({ codes }) => codes.some((one) => (typeof one === "string" ? one === code : one.test(code))))

/** Why what is refused with a status may be accepted a while later, whoever refuses it; nothing where it may not. */
export const retryOf = (status: number): RetryKind | undefined =>
  kinds[rowOf(statuses, `${status}`)?.category ?? "other"]

/**
 * A service's table: the remedy for a code, or for a status where there is none or an unknown one. The first row that
 * has it counts.
 */
export const table =
  (rows: ReadonlyArray<Row>, spelled: (code: string) => string = (code) => code) =>
  (code: string, status: number): Remedy => {
    const { category, clock, renew }: Row = rowOf(rows, spelled(code)) ??
      rowOf([...rows, ...statuses], `${status}`) ?? { category: "other", codes: [] }
    return {
      category,
      retry: kinds[category] ?? retryOf(status),
      clock: category === "clock-skew" ? "definite" : clock,
      renew: renew ?? category === "expired-credentials"
    }
  }

const lasting: ReadonlyArray<Category> = [
  "access-denied",
  "identity-provider",
  "not-found",
  "invalid-request"
]

/**
 * Whether somebody has to grant, create or repair something before the same is accepted. Others may be over soon: keys
 * and tokens are replaced, clocks set, networks left.
 */
export const lasts = (category: Category, code: string, status: number): boolean =>
  !/expired/i.test(code) && (lasting.includes(category) || (category === "other" && status === 403))

/** What a refusal comes to for who asked for credentials: it may pass by itself, a login is over, or it is a no. */
export const reasonOf = ({ renew, retry }: Remedy): "Unavailable" | "Expired" | "Refused" => {
  if (retry !== undefined) return "Unavailable"
  return renew ? "Expired" : "Refused"
}
