/**
 * What is wrong with a profile, and where: the settings that lead to credentials, what looks as if it were meant to be one
 * of them (a name with a slip in it, a line that is indented below another setting, where nobody reads it), and the words
 * for all that.
 */

import * as Result from "effect/Result"
import type { CredentialErrorReason } from "../../schemas/StsError.js"
import { meant, namesIn, quoteOf, quotesHint, withoutQuotes } from "../settings.js"
import { type AwsKey, aws } from "../settingTable.js"
import type { Aside, Entry, Note, Section, Sections } from "./profileFile.js"

/** The settings of a key pair, and the older name of one. */
export const keys = {
  id: "aws_access_key_id",
  secret: "aws_secret_access_key",
  token: "aws_session_token",
  oldToken: "aws_security_token"
} as const satisfies Readonly<Record<string, AwsKey>>

/** The settings that decide where a profile's credentials come from: blank, they are mistakes. */
export const deciding = [
  "role_arn",
  "source_profile",
  "credential_source",
  "web_identity_token_file",
  "sso_session",
  "sso_account_id",
  "sso_role_name",
  "sso_start_url",
  "sso_region",
  "login_session",
  "credential_process"
] as const satisfies ReadonlyArray<AwsKey>

const credentialKeys: ReadonlyArray<string> = [...Object.values(keys), ...deciding]

/** The keys of a profile that are read. */
export const profileKeys = namesIn("key", aws)

// Files hold lines of shells, too: `export NAME`, `set NAME`, `$env:NAME`.
const shellWords = /^(export|set|setx|declare -x|\$env:)\s*(?=\S)/

const lettersOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(shellWords, "")
    .replace(/[^a-z\d]/g, "")

/** Each credential setting by its letters, with the vendor's prefix and without. */
const byLetters: ReadonlyMap<string, string> = new Map(
  credentialKeys.flatMap((key) => {
    const plain = lettersOf(key).replace(/^aws/, "")
    return [
      [plain, key],
      [`aws${plain}`, key]
    ]
  })
)

/** What else they are called elsewhere. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ["role", "role_arn"],
  ["awssecretkey", keys.secret],
  ["secretkey", keys.secret],
  ["awstoken", keys.token],
  ["ssorole", "sso_role_name"],
  ["ssourl", "sso_start_url"]
])

const longestName = 48
const shortest = 9
// In a short name two slips make another word of it.
const shortName = 10

/**
 * The credential setting that may have been meant by a name that no setting has: another way to write it, its
 * beginning, or a slip or two.
 */
export const meantKey = (name: string): string | undefined => {
  if (name.length > longestName || profileKeys.has(name)) return undefined
  const letters = lettersOf(name)
  const same = byLetters.get(letters) ?? otherNames.get(letters)
  if (same !== undefined) return same
  const near = meant(letters, byLetters.keys(), letters.length > shortName ? 2 : 1)
  const found =
    near ??
    (letters.length < shortest ? undefined : [...byLetters.keys()].find((known) => known.startsWith(letters)))
  return found === undefined ? undefined : byLetters.get(found)
}

/** A line that was meant to configure credentials but is not read. */
export interface Mistake {
  /** The setting that was meant. */
  readonly meant: string
  readonly file: string
  readonly line: number
  readonly detail: string
}

// What is before an equals sign may be a secret.
const nameOf = (key: string | undefined): string =>
  key !== undefined && (profileKeys.has(key) || key === "s3") ? key : "the setting above it"

const inAside = ({ as, below, file, key = "", line }: Aside): Mistake | undefined => {
  const known = credentialKeys.includes(key) ? key : meantKey(key)
  if (known === undefined) return undefined
  const detail =
    as === "badName"
      ? `no setting has this line's name (did you mean ${known}?)`
      : `${known} is indented below ${nameOf(below)}, where nothing reads it; start the line at the margin`
  return { meant: known, file, line, detail }
}

/** The lines of a section that are no settings of their own and were meant to lead to credentials. */
export const mistakesAside = function* ({ asides }: Section): Generator<Mistake> {
  for (const aside of asides) {
    const mistake = inAside(aside)
    if (mistake !== undefined) yield mistake
  }
}

/** The lines of a section that were meant to lead to credentials and do not. */
export const mistakesIn = function* (section: Section): Generator<Mistake> {
  for (const [key, { file, line }] of section.settings) {
    const known = meantKey(key)
    if (known === undefined) continue
    yield { meant: known, file, line, detail: `nothing reads this setting (did you mean ${known}?)` }
  }
  yield* mistakesAside(section)
}

/** A command may go on in the next line, and people nest settings below the other. */
const severalLines: ReadonlySet<string> = new Set(["services", "credential_process"])

const isOneLine = (key: string): boolean => profileKeys.has(key) && !severalLines.has(key)

const isSwallowed = ({ as, below = "", key }: Aside): boolean => {
  if (as === "badName") return false
  if (as === "header") return true
  if (isOneLine(below)) return true
  // Nothing here reads what is nested in a setting without a value.
  if (as === "nested" && below !== "credential_process") return false
  // The options of a command that goes on are no settings.
  return key !== undefined && !key.startsWith("--") && (profileKeys.has(key) || meantKey(key) !== undefined)
}

/** A line that continues the value of a setting above it but was meant to be a setting of its own. */
interface Swallowed {
  readonly key: string | undefined
  readonly file: string
  readonly line: number
  readonly detail: string
  /** Whether it takes a credential setting away. */
  readonly missing: boolean
}

/** The first line of a section that disappears in another setting's value. */
const swallowedIn = ({ asides }: Section): Swallowed | undefined => {
  const aside = asides.find(isSwallowed)
  if (aside === undefined) return undefined
  const { as, below = "", file, key = "", line } = aside
  const known = profileKeys.has(key) ? key : meantKey(key)
  const what = as === "header" ? "this header" : (known ?? "this line")
  return {
    key: known ?? (profileKeys.has(below) ? below : undefined),
    file,
    line,
    detail: `${what} is indented, so it continues the value of ${nameOf(below)}; start the line at the margin`,
    missing: known !== undefined && credentialKeys.includes(known)
  }
}

/** What is wrong with a profile, and where. It never holds the value of a secret. */
export interface ProfileFault {
  readonly reason: CredentialErrorReason
  readonly detail: string
  readonly profile: string
  readonly file?: string | undefined
  readonly line?: number | undefined
  readonly key?: string | undefined
  readonly hint?: string | undefined
  /** Whether somebody began to set up credentials: then, whose profile is named has them or an error. */
  readonly begun?: boolean | undefined
}

const longest = 100
const most = 20

/**
 * A name from a file or the environment, as messages show it: one line, and not all of it where it is long.
 */
export const shown = (name: string): string => {
  const text = name.slice(0, longest).replace(/\p{C}+/gu, " ")
  return name.length > longest ? `${text}...` : text
}

/** Names as a message lists them: the first, and how many more there are. */
const listed = (names: Iterable<string>): string => {
  const all = [...names].sort()
  const some = all.slice(0, most).map(shown).join(", ")
  const more = all.length > most ? ` and ${all.length - most} more` : ""
  if (all.length === 0) return "nor any other"
  return `${all.length === 1 ? "the only one is" : "there are"} ${some}${more}`
}

/** What a section says of a setting that it does not have: a line that was meant to state it. */
export const mistaken = (section: Section, key: string): Mistake | undefined => {
  if (section.settings.has(key)) return undefined
  for (const mistake of mistakesIn(section)) if (mistake.meant === key) return mistake
  return undefined
}

/** Where a line is ignored, and why. */
export const told = ({ detail, file, line }: Mistake | Note): string =>
  `line ${line} of ${file} is ignored: ${detail}`

/** The same as a sentence of its own. */
export const hintOf = ({ detail, file, line }: Mistake | Note): string =>
  `See line ${line} of ${file}, which is ignored: ${detail}.`

/**
 * A fault of one setting, at its line. Where it is missing: at the line that was meant to state it, or at its section's
 * header.
 */
export const faultOf = (
  section: Section,
  reason: CredentialErrorReason,
  key: string,
  detail: string,
  hint?: string
): Result.Result<never, ProfileFault> => {
  const mistake = mistaken(section, key)
  const { file, line } = section.settings.get(key) ?? mistake ?? section
  return Result.fail({
    reason,
    key,
    detail,
    hint: mistake === undefined ? hint : hintOf(mistake),
    file,
    line,
    profile: shown(section.name)
  })
}

/**
 * A section whose lines all stand for themselves; where one disappears in another's value, that is a fault.
 */
export const sound = (section: Section): Result.Result<Section, ProfileFault> => {
  const swallowed = swallowedIn(section)
  if (swallowed === undefined) return Result.succeed(section)
  const { missing, ...fault } = swallowed
  return Result.fail({
    ...fault,
    reason: missing ? "Incomplete" : "Malformed",
    profile: shown(section.name),
    hint: "Indent only the rest of a long value, and the settings below one without a value, such as s3."
  })
}

// A command's words may stand in quotes, and a section's name may hold some.
const mayHoldMarks: ReadonlySet<string> = new Set(["credential_process", "source_profile", "sso_session"])
const withoutMarks: ReadonlyArray<AwsKey> = [
  ...deciding.filter((key) => !mayHoldMarks.has(key)),
  "role_session_name",
  "external_id",
  "mfa_serial",
  "duration_seconds"
]

/** A section whose settings stand without quotation marks, which these files do not know around a value. */
export const unquoted = (section: Section): Result.Result<Section, ProfileFault> => {
  const key = withoutMarks.find((name) => quoteOf(valueOf(section, name) ?? "") !== undefined)
  return key === undefined
    ? Result.succeed(section)
    : faultOf(section, "Malformed", key, `${key} begins or ends with a quotation mark`, withoutQuotes)
}

const mostHeaders = 3

/** What to say of a section that is not there. */
interface Lost {
  /** The header that was passed over and that says the name. */
  readonly header: Note | undefined
  readonly detail: string
  readonly hint: string
}

/**
 * What to say of a section that is not there: which ones are, which headers were passed over, those that say its name
 * or else any, and whose name is nearly the same.
 *
 * @param call How a section of the kind is called.
 */
export const lost = (
  { notes }: Sections,
  name: string,
  known: ReadonlyMap<string, Section>,
  call: (name: string) => string
): Lost => {
  const headers = notes.filter(({ about }) => about === "header")
  const [header, ...said] = headers.filter(({ profile }) => profile === name)
  const others = header === undefined ? headers : said
  const near = meant(name, known.keys(), Math.min(2, Math.floor(name.length / 3)))
  const hints = [
    ...others.slice(0, mostHeaders).map(hintOf),
    near === undefined ? undefined : `Did you mean ${call(shown(near))}?`,
    quotesHint(name)
  ].filter((hint) => hint !== undefined)
  const detail = `there is no ${call(shown(name))}; ${listed(known.keys())}`
  return {
    header,
    detail: header === undefined ? detail : `${detail}; ${told(header)}`,
    hint: hints.join(" ")
  }
}

/** A setting's value; blank counts as unset. */
export const valueOf = (section: Section, key: AwsKey): string | undefined =>
  section.settings.get(key)?.value.trim() || undefined

/** A setting that must be there and not blank. */
export const required = (section: Section, key: AwsKey, why: string): Result.Result<string, ProfileFault> => {
  const value = valueOf(section, key)
  const what = section.settings.has(key) ? "empty" : "missing"
  return value === undefined
    ? faultOf(section, "Incomplete", key, `${key} is ${what}, and ${why}`)
    : Result.succeed(value)
}

/** The profile's `duration_seconds`. */
export const seconds = (section: Section): Result.Result<number | undefined, ProfileFault> => {
  const text = valueOf(section, "duration_seconds")
  if (text === undefined) return Result.succeed(undefined)
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  return value >= 900 && value <= 43_200
    ? Result.succeed(value)
    : faultOf(
        section,
        "Malformed",
        "duration_seconds",
        "duration_seconds is not a whole number from 900 to 43200"
      )
}

/** Whether a setting stands in the credentials file. */
export const inCredentialsFile = (setting: Entry | undefined): boolean => setting?.kind === "credentials"
