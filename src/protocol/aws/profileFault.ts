/** What is wrong with a profile, and where. */
import * as Result from "effect/Result"
import type { CredentialErrorReason } from "../../schemas/StsError.js"
import { meant, quoteOf, quotesHint, withoutQuotes } from "../settings.js"
import type { AwsKey } from "../settingTable.js"
import { deciding, type Mistake, mistakesIn, swallowedIn } from "./credentialSettings.js"
import type { Entry, Note, Section, Sections } from "./profileFile.js"

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
export const listed = (names: Iterable<string>): string => {
  const all = [...names].sort()
  const some = all.slice(0, most).map(shown).join(", ")
  if (all.length === 0) return "there are none"
  return all.length > most ? `there are ${some} and ${all.length - most} more` : `there are ${some}`
}

/** What a section says of a setting that it does not have: a line that was meant to state it. */
export const mistaken = (section: Section, key: string): Mistake | undefined => {
  if (section.settings.has(key)) return undefined
  for (const mistake of mistakesIn(section)) if (mistake.meant === key) return mistake
  return undefined
}

/** Where a line is passed over, and why. */
export const told = ({ detail, file, line }: Mistake | Note): string =>
  `line ${line} of ${file} is passed over: ${detail}`

/** The same as a sentence of its own. */
export const hintOf = ({ detail, file, line }: Mistake | Note): string =>
  `See line ${line} of ${file}, which is passed over: ${detail}.`

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
    hint: "Only what goes on with a value is indented, and settings that stand below one without a value, such as s3."
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
export interface Lost {
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
    near === undefined ? undefined : `Perhaps ${call(shown(near))} is meant.`,
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
