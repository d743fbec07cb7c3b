/**
 * The names of the files in which the AWS CLI keeps the credentials of roles.
 *
 * They are made as the CLI and the library below it, botocore, make them: from what the request says, and not from
 * whose credentials it is signed with; out of JSON as Python's standard library prints it.
 *
 * Source: "json — JSON encoder and decoder", Python documentation.
 */
import { createHash } from "node:crypto"
import * as Result from "effect/Result"
import { type Node, parseTree } from "../json.js"

/** The separators of a list's items, and of a name and its value. */
export type Separators = readonly [item: string, name: string]

/** The default ones, and those without spaces. */
export const separators: Readonly<Record<"default" | "minified", Separators>> = {
  default: [", ", ": "],
  minified: [",", ":"]
}

const unicode = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`

const string = (value: string): string => JSON.stringify(value).replace(/[^ -~]/g, unicode)

const exponential = (value: number): string =>
  value.toExponential().replace(/e([+-])(\d)$/, (_, sign: string, digit: string) => `e${sign}0${digit}`)

const real = (value: number): string => {
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity"
  if (Object.is(value, -0)) return "-0.0"
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) return exponential(value)
  return Number.isInteger(value) ? `${value}.0` : String(value)
}

// Whole numbers have no largest one and keep their digits.
const number = (value: number, written: string): string => {
  if (/[.eE]/.test(written)) return real(value)
  return written === "-0" ? "0" : written
}

// By code points, where JavaScript's own order is by UTF-16 units.
const byCodePoints = (a: string, b: string): number => {
  const [left, right] = [Array.from(a), Array.from(b)]
  const at = left.findIndex((character, index) => character !== right[index])
  if (at === -1) return left.length - right.length
  return (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? -1)
}

const printer = (text: string, [item, name]: Separators) => {
  const print = (node: Node): string => {
    if (node.kind === "array") return `[${node.items.map(print).join(item)}]`
    if (node.kind === "object") {
      const members = [...node.members].sort(([a], [b]) => byCodePoints(a, b))
      return `{${members.map(([key, member]) => string(key) + name + print(member.node)).join(item)}}`
    }
    if (typeof node.value === "string") return string(node.value)
    return typeof node.value === "number"
      ? number(node.value, text.slice(node.start, node.end))
      : String(node.value)
  }
  return print
}

/**
 * A JSON text as Python prints it after reading it, the members of objects in order of their names; none where it is
 * no JSON.
 */
export const reprint = (text: string, separators: Separators): string | undefined =>
  Result.match(parseTree(text), {
    onFailure: () => undefined,
    onSuccess: (node) => printer(text, separators)(node)
  })

/** What a role is assumed with, as far as it tells one session from another. */
export interface AssumedRole {
  /** For example `arn:aws:iam::123456789012:role/reader`. */
  readonly roleArn: string
  /** The name in audit logs. Default: `effect-sts-`, then letters and digits that stay the same for this source. */
  readonly roleSessionName?: string | undefined
  /** What the role's owner agreed on with a third party: 2 to 1224 characters. */
  readonly externalId?: string | undefined
  /** Default: 1 hour. A role that is assumed with another role's credentials never lasts longer. */
  readonly durationSeconds?: number | undefined
  /** The device whose code `MfaTokenCode` is asked for, each time the role is assumed. */
  readonly mfaSerial?: string | undefined
  /** A policy document that narrows what the role allows. */
  readonly policy?: string | undefined
  /** Managed policies of the role's account that narrow what the role allows: at most 10. */
  readonly policyArns?:
    | ReadonlyArray<{
        /** For example `arn:aws:iam::aws:policy/ReadOnlyAccess`. */
        readonly arn: string
      }>
    | undefined
  /** Tags of the session, for policies and audit logs: at most 50. */
  readonly tags?:
    | ReadonlyArray<{
        /** 1 to 128 characters; once among all tags, in upper or lower case. */
        readonly key: string
        /** At most 256 characters. */
        readonly value: string
      }>
    | undefined
  /** Keys of the tags that pass on to the next role's session: at most 50. */
  readonly transitiveTagKeys?: ReadonlyArray<string> | undefined
  /** The source identity of the session, kept through role chaining: 2 to 64 characters. */
  readonly sourceIdentity?: string | undefined
}

/**
 * A role of IAM Identity Center, and where a person signs in for it: the session's name, or the portal's URL where it
 * has none.
 */
export interface SsoRole {
  /** The account the role is in: 12 digits. */
  readonly accountId: string
  /** The role's name, which is that of a permission set. */
  readonly roleName: string
  /** The name of the `[sso-session]`, where there is one. */
  readonly sessionName?: string | undefined
  /** The portal's URL. */
  readonly startUrl: string
}

const hash = (text: string, style: Separators): string | undefined => {
  const printed = reprint(text, style)
  return printed === undefined ? undefined : createHash("sha1").update(printed, "utf8").digest("hex")
}

/** The key of an assumed role; none where the policy is no JSON, which the CLI could not name either. */
export const ofAssumedRole = (role: AssumedRole): string | undefined => {
  const members = Object.entries({
    RoleArn: role.roleArn,
    RoleSessionName: role.roleSessionName,
    ExternalId: role.externalId,
    DurationSeconds: role.durationSeconds,
    SerialNumber: role.mfaSerial,
    PolicyArns: role.policyArns?.map(({ arn }) => ({ arn })),
    Tags: role.tags?.map(({ key, value }) => ({ Key: key, Value: value })),
    TransitiveTagKeys: role.transitiveTagKeys,
    SourceIdentity: role.sourceIdentity
  })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
  if (role.policy !== undefined) {
    if (reprint(role.policy, separators.default) === undefined) return undefined
    // As it is written: what its numbers look like counts.
    members.push(`"Policy":${role.policy}`)
  }
  return hash(`{${members.join()}}`, separators.default)
}

/** The key of a role of IAM Identity Center. */
export const ofSsoRole = ({ accountId, roleName, sessionName, startUrl }: SsoRole): string | undefined =>
  hash(
    JSON.stringify({ accountId, roleName, ...(sessionName ? { sessionName } : { startUrl }) }),
    separators.minified
  )
