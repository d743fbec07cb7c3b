/**
 * What a command wrote, made fit to be told.
 *
 * On its standard error a command says why it failed, to whoever reads; and nobody knows what else. So whatever may be
 * a secret is taken out: the secrets that are known, the values of settings that are called like secrets, and words
 * that look like keys and tokens. Of its standard output, where credentials are expected, nothing is shown at all.
 *
 * @since 0.1.0
 */
import { scrub } from "./scrub.js"

const mark = "<redacted>"

/**
 * As much of the end of what a command complains about is looked at, in bytes.
 *
 * @category constants
 * @since 0.1.0
 */
export const longestTail = 4096

const mostLines = 5
const mostCharacters = 500

const secretWord =
  "(?:secret|token|passw(?:or)?d|passphrase|pwd|credential|private[_-]?key|access[_-]?key(?![_-]?id)|api[_-]?key|assertion|signature|authorization|otp|(?:mfa|token|verification)[_ -]?code)"
const name = `[\\w-]{0,40}${secretWord}[\\w-]{0,40}`

/** A setting and its value: `name=value`, `name: value`, `"name": "value"`, `--name value`. */
const setting = new RegExp(
  `(?:(?<flag>--?${name}[ \\t]+)|(?<named>${name}["']?[ \\t]*(?<sign>[:=])[ \\t]*))(?<value>"(?:[^"\\\\\\n]|\\\\.)*"?|'[^'\\n]*'?|(?:(?:Bearer|Basic)[ \\t]+)?[^\\s,;&"'}]+)`,
  "gi"
)

/** Names of settings that say where a secret is, and hold none. */
const place = /(?:file|path|id|arn|ur[il]|name|dir|home|sock|endpoint|expiration|expiry|type)["']?$/i

const bearer = /\b(Bearer|Basic)[ \t]+\S+/gi

const inUrl = /(?<=\/\/)[^\s/@]+:[^\s/@]*(?=@)/g

const letters = /[A-Za-z]/g
const digits = /\d/g

const count = (pattern: RegExp, text: string): number => text.match(pattern)?.length ?? 0

const isKeyLike = (piece: string): boolean =>
  piece.length >= 10 &&
  count(digits, piece) >= 2 &&
  count(letters, piece) >= 2 &&
  // A word with a number, or a time.
  !/^(?:[a-z]+\d+|[A-Z]?[a-z]+\d+|\d+[a-z]+|\d{8}T\d{6}Z?)$/.test(piece)

/** Base64 of a key is as long as this, and may hold few digits. */
const base64 = /^(?!\/)(?=.*[A-Z])(?=.*[a-z])(?=.*[\d+/])[A-Za-z0-9+/]{36,}={0,2}$/

const known = /^(?:eyJ|AKIA|ASIA|LTAI|STS\.|gh[opsu]_|xox[abp]-|hvs\.)/

const word = /[A-Za-z0-9+/=_~.-]{10,}/g

const looksSecret = (text: string): boolean =>
  known.test(text) || base64.test(text) || text.split(/[^A-Za-z0-9]+/).some(isKeyLike)

const unquoted = (value: string): string => value.replace(/^["']|["']$/g, "")

// "Error loading SSO Token: Token for dev does not exist" names no token.
const isPlain = (value: string): boolean => /^["']?[A-Za-z]{1,15}[.:]?["']?$/.test(value)

const holdsSecret = (groups: Readonly<Record<string, string | undefined>>): boolean => {
  const { flag, named = "", sign, value = "" } = groups
  if (flag !== undefined) return !place.test(flag.trim()) && !value.startsWith("-")
  if (place.test(named.replace(/[ \t]*[:=][ \t]*$/, ""))) return false
  return !(
    sign === ":" &&
    !/^["']/.test(value) &&
    isPlain(value) &&
    /token|credential|signature/i.test(named)
  )
}

/**
 * The values in a text that are set under the name of a secret: in the line of a command, or in what it wrote.
 *
 * @category secrets
 * @since 0.1.0
 */
export const secretsIn = (text: string): ReadonlyArray<string> =>
  [...text.slice(0, longestTail).matchAll(setting)]
    .filter(({ groups = {} }) => holdsSecret(groups))
    .map(({ groups = {} }) => unquoted(groups["value"] ?? ""))
    .filter((value) => value.length >= 4 && !/^(?:true|false|none|null)$/i.test(value))

/**
 * The values of variables that are called like secrets.
 *
 * @category secrets
 * @since 0.1.0
 */
export const secretVariables = (
  variables: Readonly<Record<string, string | undefined>>
): ReadonlyArray<string> =>
  Object.entries(variables).flatMap(([variable, value = ""]) =>
    value.length >= 6 && new RegExp(secretWord, "i").test(variable) && !place.test(variable) ? [value] : []
  )

// Colours and cursor movements, then every other character that a terminal would obey.
const escape = "\\u001b"
const bell = "\\u0007"
const terminal = new RegExp(
  `${escape}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${bell}${escape}]*(?:${bell}|${escape}\\\\)?|[ -/]*[0-~])`,
  "g"
)
const control = /[^\P{C}\n]/gu

// The part of a secret is one too, and does not look like it.
const withoutFirstPart = (text: string): string => {
  const end = text.search(/\s/)
  return end === -1 ? mark : text.slice(end + 1)
}

/**
 * The last lines of what was written, without secrets, as one line of bounded length; empty where nothing was written.
 *
 * @category secrets
 * @since 0.1.0
 */
export const complaint = (written: Uint8Array, secrets: ReadonlyArray<string>): string => {
  const text = new TextDecoder()
    .decode(written.subarray(-longestTail))
    .replace(/\r\n?/g, "\n")
    .replace(terminal, "")
    .replace(control, " ")
  const whole = written.length <= longestTail
  const clean = scrub(whole ? text : withoutFirstPart(text), secrets)
    .replace(inUrl, mark)
    .replace(bearer, `$1 ${mark}`)
    .replace(setting, (found: string, ...rest: ReadonlyArray<unknown>) => {
      const groups = rest.at(-1) as Readonly<Record<string, string | undefined>>
      return holdsSecret(groups) ? `${groups["flag"] ?? groups["named"]}${mark}` : found
    })
    .replace(word, (found) => (looksSecret(found) ? mark : found))
  const lines = clean.split("\n").map((line) => line.replace(/\s+/g, " ").trim())
  const last = lines
    .filter((line, index) => line !== "" && line !== lines[index - 1])
    .slice(-mostLines)
    .join(" | ")
  return last.length <= mostCharacters ? last : `…${last.slice(-mostCharacters)}`
}

/**
 * What to do about output that holds more than the document.
 *
 * @category constants
 * @since 0.1.0
 */
export const onlyDocument =
  "Standard output must hold the JSON object of the credentials and nothing else: what people read goes to standard error."

/**
 * What a text begins with that should have been one JSON object, in words that quote nothing of it.
 *
 * @category decoding
 * @since 0.1.0
 */
export const beginning = (text: string): string => {
  const trimmed = text.replace(/^\uFEFF/, "").trim()
  if (trimmed === "") return "it is empty"
  if (text.includes("\0")) return "it is not UTF-8 text"
  if (trimmed.startsWith("{")) {
    const ends = [trimmed.indexOf("\n"), trimmed.lastIndexOf("}") + 1]
    return ends.some((end) => end > 0 && end < trimmed.length && isJson(trimmed.slice(0, end)))
      ? "other text follows the object"
      : "it begins like an object, but is broken or cut off"
  }
  if (/\n[ \t]*\{/.test(trimmed)) {
    return "other lines, such as those of a log, come before the object"
  }
  if (isJson(trimmed)) return `it is a JSON ${trimmed.startsWith("[") ? "list" : "value"}, not an object`
  if (trimmed.startsWith("<")) return "it begins like XML or HTML"
  if (/^(?:export |set )?[A-Za-z_]\w* ?=/.test(trimmed)) return "it begins like a list of settings"
  return "it begins with other text"
}

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
