/**
 * What fields have to be, how AWS says that they are not, and the fields that several operations share.
 *
 * Source: "AWS Security Token Service API Reference", version 2011-06-15.
 */
import * as Result from "effect/Result"
import { type Refusal, refusal } from "../Service.js"

/** What a value has to be to count as an A. */
export interface Constraint<out A> {
  /** What is wrong with a value, in the service's words. */
  readonly violations: (path: string, value: unknown) => ReadonlyArray<string>
  /** Only known to the compiler. */
  readonly type?: A
}

/** What a constraint lets through. */
export type Type<C> = C extends Constraint<infer A> ? A : never

const failed = (path: string, shown: string, rule: string): string =>
  `Value${shown} at '${path}' failed to satisfy constraint: Member must ${rule}`

const notNull = (path: string): ReadonlyArray<string> => [failed(path, " null", "not be null")]

/** Bounds of a length. */
export interface Bounds {
  readonly min?: number
  readonly max?: number
}

const lengthRules = (length: number, { max, min }: Bounds): ReadonlyArray<string> => [
  ...(min !== undefined && length < min ? [`have length greater than or equal to ${min}`] : []),
  ...(max !== undefined && length > max ? [`have length less than or equal to ${max}`] : [])
]

/** A text. A sensitive one is not repeated in messages. */
export const text = (
  options: Bounds & {
    readonly pattern?: string
    readonly sensitive?: boolean
    readonly values?: ReadonlyArray<string>
  }
): Constraint<string> => {
  const { pattern, sensitive, values } = options
  const form = pattern === undefined ? undefined : new RegExp(`^(?:${pattern})$`, "u")
  return {
    violations: (path, value) => {
      if (typeof value !== "string") return notNull(path)
      const shown = sensitive === true ? "" : ` '${value}'`
      return [
        ...lengthRules([...value].length, options),
        ...(form !== undefined && !form.test(value)
          ? [`satisfy regular expression pattern: ${pattern}`]
          : []),
        ...(values !== undefined && !values.includes(value)
          ? [`satisfy enum value set: [${values.join(", ")}]`]
          : [])
      ].map((rule) => failed(path, shown, rule))
    }
  }
}

/** A whole number. */
export const integer = (min: number, max: number): Constraint<number> => ({
  violations: (path, value) => {
    if (typeof value !== "number") return notNull(path)
    if (Number.isNaN(value)) return [failed(path, "", "be a whole number")]
    if (value < min) return [failed(path, ` '${value}'`, `have value greater than or equal to ${min}`)]
    return value > max ? [failed(path, ` '${value}'`, `have value less than or equal to ${max}`)] : []
  }
})

/** Several values. */
export const list = <A>(member: Constraint<A>, bounds: Bounds = {}): Constraint<ReadonlyArray<A>> => ({
  violations: (path, value) =>
    Array.isArray(value)
      ? [
          ...lengthRules(value.length, bounds).map((rule) => failed(path, "", rule)),
          ...value.flatMap((item, index) => member.violations(`${path}.${index + 1}.member`, item))
        ]
      : notNull(path)
})

/** A value that may be absent. */
export const optional = <A>(constraint: Constraint<A>): Constraint<A | undefined> => ({
  violations: (path, value) => (value === undefined ? [] : constraint.violations(path, value))
})

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null

/** Named values. */
export const structure = <Members extends Readonly<Record<string, Constraint<unknown>>>>(
  members: Members
): Constraint<{ readonly [Field in keyof Members]: Type<Members[Field]> }> => ({
  violations: (path, value) =>
    isRecord(value)
      ? Object.entries(members).flatMap(([field, constraint]) =>
          constraint.violations(path === "" ? field : `${path}.${field}`, value[field])
        )
      : notNull(path)
})

/** The value, or every violation in one refusal. */
export const check = <A>(constraint: Constraint<A>, value: unknown): Result.Result<A, Refusal> => {
  const violations = constraint.violations("", value)
  const count = `${violations.length} validation error${violations.length === 1 ? "" : "s"} detected`
  return violations.length === 0
    ? Result.succeed(value as A)
    : Result.fail(refusal(400, "ValidationError", `${count}: ${violations.join("; ")}`))
}

const anyPrintable =
  "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\\uE000-\\uFFFD\\u{10000}-\\u{10FFFF}]+"

const policyCharacters = "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+"

const tagCharacters = "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]"

/** An ARN. */
export const arn = text({ min: 20, max: 2048, pattern: anyPrintable })

/** The name of a role's session, and who stands behind it. */
export const sessionName = text({ min: 2, max: 64, pattern: "[\\w+=,.@-]*" })

/** A policy of any length. */
export const unrestrictedPolicy = text({ min: 1, pattern: policyCharacters })

/** A policy. */
export const policy = text({ min: 1, max: 2048, pattern: policyCharacters })

/** Managed policies. */
export const policyArns = list(structure({ arn: optional(arn) }), { max: 10 })

/** How long a role's session lasts, in seconds. */
export const roleDuration = integer(900, 43_200)

/** How long a user's session lasts, in seconds. */
export const userDuration = integer(900, 129_600)

/** The key of a tag. */
export const tagKey = text({ min: 1, max: 128, pattern: `${tagCharacters}+` })

/** Tags. */
export const tags = list(
  structure({ key: tagKey, value: text({ min: 0, max: 256, pattern: `${tagCharacters}*` }) }),
  { max: 50 }
)

/** The serial number of an MFA device. */
export const serialNumber = text({ min: 9, max: 256, pattern: "[\\w+=/:,.@-]*" })

/** What an MFA device shows. */
export const tokenCode = text({ min: 6, max: 6, pattern: "[\\d]*", sensitive: true })
