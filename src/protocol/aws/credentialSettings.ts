/**
 * The settings of a profile that lead to credentials, and what looks as if it were meant to be one of them: a name with
 * a slip in it, or a line that is indented below another setting, where nobody reads it.
 */
import { meant, namesIn } from "../settings.js"
import { type AwsKey, aws } from "../settingTable.js"
import { type Aside, keys, type Section } from "./profileFile.js"

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

const longest = 48
const shortest = 9
// In a short name two slips make another word of it.
const shortName = 10

/**
 * The credential setting that somebody may have meant with a name that no setting has: another way to write it, its
 * beginning, or a slip or two.
 */
export const meantKey = (name: string): string | undefined => {
  if (name.length > longest || profileKeys.has(name)) return undefined
  const letters = lettersOf(name)
  const same = byLetters.get(letters) ?? otherNames.get(letters)
  if (same !== undefined) return same
  const near = meant(letters, byLetters.keys(), letters.length > shortName ? 2 : 1)
  const found =
    near ??
    (letters.length < shortest ? undefined : [...byLetters.keys()].find((known) => known.startsWith(letters)))
  return found === undefined ? undefined : byLetters.get(found)
}

/** A line that somebody wrote to have credentials, and that is not read. */
export interface Mistake {
  /** The setting that was meant. */
  readonly meant: string
  readonly file: string
  readonly line: number
  readonly detail: string
}

// What stands before an equals sign may be anybody's secret.
const nameOf = (key: string | undefined): string =>
  key !== undefined && (profileKeys.has(key) || key === "s3") ? key : "the setting above it"

const inAside = ({ as, below, file, key = "", line }: Aside): Mistake | undefined => {
  const known = credentialKeys.includes(key) ? key : meantKey(key)
  if (known === undefined) return undefined
  const detail =
    as === "badName"
      ? `this line's name is none that a setting has; ${known} may be meant`
      : `${known} is indented below ${nameOf(below)}, where nobody reads it; begin the line at the margin`
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
    yield { meant: known, file, line, detail: `nobody reads this setting; ${known} may be meant` }
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
  // What is nested in a setting without a value is read by nobody, or by those whose setting it is.
  if (as === "nested" && below !== "credential_process") return false
  // The options of a command that goes on are no settings.
  return key !== undefined && !key.startsWith("--") && (profileKeys.has(key) || meantKey(key) !== undefined)
}

/** A line that goes on with the value of a setting above it and was meant to stand for itself. */
export interface Swallowed {
  readonly key: string | undefined
  readonly file: string
  readonly line: number
  readonly detail: string
  /** Whether it takes a credential setting away. */
  readonly missing: boolean
}

/** The first line of a section that disappears in another setting's value. */
export const swallowedIn = ({ asides }: Section): Swallowed | undefined => {
  const aside = asides.find(isSwallowed)
  if (aside === undefined) return undefined
  const { as, below = "", file, key = "", line } = aside
  const known = profileKeys.has(key) ? key : meantKey(key)
  const what = as === "header" ? "this header" : (known ?? "this line")
  return {
    key: known ?? (profileKeys.has(below) ? below : undefined),
    file,
    line,
    detail: `${what} is indented and goes on with the value of ${nameOf(below)}; begin the line at the margin`,
    missing: known !== undefined && credentialKeys.includes(known)
  }
}
