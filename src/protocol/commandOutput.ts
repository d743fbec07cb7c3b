/**
 * What a command wrote: made fit to be told, and read where it is a `credential_process`.
 *
 * On its standard error a command says why it failed, to whoever reads; and nobody knows what else. So whatever may be
 * a secret is taken out: the secrets that are known, the values of settings that are called like secrets, and words
 * that look like keys and tokens. Of its standard output, where credentials are expected, nothing is shown at all.
 *
 * Source: "Process credential provider", AWS SDKs and Tools Reference Guide.
 */

import * as Result from "effect/Result"
import type { CredentialErrorReason } from "../schemas/StsError.js"
import * as Json from "./json.js"
import { scrub } from "./scrub.js"

const mark = "<redacted>"

/** As much of the end of what a command complains about is looked at, in bytes. */
export const longestTail = 4096

const mostLines = 5
const mostCharacters = 500

const secretWord =
  "(?:secret|token|passw(?:or)?d|passphrase|passcode|pwd|credential|private[ _-]?key|access[ _-]?key(?![ _-]?id)|(?:api|signing|encryption|account|shared)[ _-]?key|assertion|samlresponse|signature|authorization|cookie|otp|(?:mfa|token|verification|one-time)[_ -]?code)"
const name = `[\\w-]{0,40}${secretWord}[\\w-]{0,40}`

/** A setting and its value: `name=value`, `name: value`, `"name": "value"`, `name is value`, `--name value`. */
const setting = new RegExp(
  `(?:(?<flag>--?${name}[ \\t]+)|(?<named>${name}["']?[ \\t]*(?<sign>:=|[=-]>|[:=]|is\\b[ \\t]*:?|[ \\t](?=["'“]|(?=\\S*\\d)(?=\\S*[A-Za-z])\\S{6}))[ \\t]*))(?<value>"(?:[^"\\\\\\n]|\\\\.)*"?|'[^'\\n]*'?|“[^”\\n]*”?|(?:(?:Bearer|Basic)[ \\t]+)?[^\\s,;&"'}]+)`,
  "gi"
)

/** Names of settings that say where a secret is, and hold none. */
const place = /(?:file|path|id|arn|ur[il]|name|dir|home|sock|endpoint|expiration|expiry|type)["']?$/i

const bearer = /\b(Bearer|Basic|Digest|NTLM|Negotiate)([ \t]+)(?=\S{8})\S+/gi

const element = new RegExp(`(<${name}>)[^<]+(?=</)`, "gi")

const pem = /-----BEGIN [^-\n]*-----[\s\S]*?(?=-----END|$)/g

const inUrl = /(?<=\/\/)[^\s/@]+(?=@)/g

const letters = /[A-Za-z]/g
const digits = /\d/g

const count = (pattern: RegExp, text: string): number => text.match(pattern)?.length ?? 0

const isKeyLike = (piece: string): boolean =>
  piece.length >= 10 &&
  count(digits, piece) >= 2 &&
  count(letters, piece) >= 1 &&
  // A word with a number, or a time.
  !/^(?:[A-Z]?[a-z]+\d{1,10}|\d{1,13}[a-z]{1,10}|\d{8}T\d{6}Z?)$/.test(piece)

/** Words that are written together, and numbers. */
const wordsIn = /[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+/g

const fiveConsonants = /[b-df-hj-np-tv-xz]{5}/i

/** Whether letters of both cases come in no order: in shorter parts than words. */
const isRandom = (text: string): boolean => {
  if (text.length < 12 || !/[a-z]/.test(text) || !/[A-Z]/.test(text)) return false
  const mean = text.length / count(wordsIn, text)
  return mean < 3.5 || (mean < 4.5 && fiveConsonants.test(text))
}

const oneWord = /^(?:[A-Z]?[a-z]*|[A-Z]+|\d+)$/

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i

const known =
  /(?:^|[^A-Za-z0-9])(?:eyJ|AKIA|ASIA|LTAI|STS\.|MII|gh[oprsu]_|github_pat_|glpat-|xox[a-z]-|hv[bs]\.|sk-|npm_|pypi-|AIza)\w/

const word = /[A-Za-z0-9+/=_~.-]{10,}/g

const looksSecret = (text: string): boolean => {
  if (known.test(text) || uuid.test(text)) return true
  const pieces = text.split(/[^A-Za-z0-9]+/)
  // Base64 has few letters between its signs, where a path has words.
  return pieces.some(isKeyLike) || isRandom(pieces.filter((piece) => !oneWord.test(piece)).join(""))
}

const unquoted = (value: string): string => value.replace(/^["'\u201c]|["'\u201d]$/g, "")

// "Error loading SSO Token: Token for dev does not exist" names no token.
const isPlain = (value: string): boolean => /^["']?[A-Za-z]{1,15}[.:]?["']?$/.test(value)

const holdsSecret = (groups: Readonly<Record<string, string | undefined>>): boolean => {
  const { flag, named = "", sign = "", value = "" } = groups
  if (flag !== undefined) return !place.test(flag.trim()) && !value.startsWith("-")
  if (place.test(named.slice(0, named.lastIndexOf(sign)).trimEnd())) return false
  const quoted = /^["'\u201c]/.test(value)
  const told = /token|credential|signature/i.test(named)
  if (/^(?::$|i)/i.test(sign)) return quoted || !isPlain(value) || (sign === ":" && !told)
  // "Unexpected token '<'" tells of no secret either.
  return !(quoted && told && sign.trim() === "" && value.length < 8)
}

/**
 * The values in a text that are set under the name of a secret: in the line of a command, or in what it wrote.
 */
export const secretsIn = (text: string): ReadonlyArray<string> =>
  [...text.slice(0, longestTail).matchAll(setting)]
    .filter(({ groups = {} }) => holdsSecret(groups))
    .map(({ groups = {} }) => unquoted(groups["value"] ?? ""))
    .filter((value) => value.length >= 4 && !/^(?:true|false|none|null)$/i.test(value))

/** The values of variables that are called like secrets. */
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
    .replace(pem, mark)
    .replace(element, `$1${mark}`)
    .replace(bearer, `$1$2${mark}`)
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

/** What to do about output that holds more than the document. */
export const onlyDocument =
  "Standard output must contain the credentials' JSON object and nothing else; messages for people go to standard error."

/** What a text begins with that should have been one JSON object, in words that quote nothing of it. */
export const beginning = (text: string): string => {
  const trimmed = text.replace(/^\uFEFF/, "").trim()
  if (trimmed === "") return "it is empty"
  if (text.includes("\0")) return "it is not UTF-8 text"
  if (text.includes("\u001b")) return "it contains terminal colours or other control sequences"
  if (trimmed.startsWith("{")) {
    const ends = [trimmed.indexOf("\n"), trimmed.search(/\}\s*\{/) + 1, trimmed.lastIndexOf("}") + 1]
    return ends.some((end) => end > 0 && end < trimmed.length && isJson(trimmed.slice(0, end)))
      ? "other text follows the object"
      : "it begins like an object, but is broken or cut off"
  }
  if (/\n[ \t]*\{/.test(trimmed)) {
    return "other lines, such as those of a log, come before the object"
  }
  if (isJson(trimmed)) return `it is a JSON ${trimmed.startsWith("[") ? "list" : "value"}, not an object`
  if (trimmed.startsWith("<")) return "it begins like XML or HTML"
  if (/^(?:\[.*\]\s*)?(?:export |set )?[A-Za-z_]\w* ?=/.test(trimmed))
    return "it begins like a list of settings"
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

/** The credentials that a document states. */
interface ProcessOutput {
  readonly id: string
  readonly secret: string
  readonly token: string | undefined
  /** As ISO 8601 has it. */
  readonly expiration: string | undefined
  readonly accountId: string | undefined
}

/** What is wrong with a document, without quoting it. */
interface OutputFault {
  readonly reason: CredentialErrorReason
  readonly detail: string
  readonly hint?: string | undefined
}

const names = {
  id: "AccessKeyId",
  secret: "SecretAccessKey",
  token: "SessionToken",
  expiration: "Expiration",
  accountId: "AccountId"
} as const

const fault = (
  reason: CredentialErrorReason,
  detail: string,
  hint?: string
): Result.Result<never, OutputFault> => Result.fail({ reason, detail, hint })

const misfit = (what: string): OutputFault => ({
  reason: "Malformed",
  detail: `in the command's output, ${what}`
})

/** Reads a document of version 1. A member of another JSON type than the format's is `Malformed`. */
export const parseProcessOutput = (text: string): Result.Result<ProcessOutput, OutputFault> => {
  const json = Json.parse(text)
  if (json === undefined) {
    return fault("Malformed", `the command's output is not a JSON object: ${beginning(text)}`, onlyDocument)
  }
  return Result.gen(function* () {
    const version = yield* Result.mapError(Json.number(json, "Version"), misfit)
    const { id, secret, ...others } = yield* Result.mapError(Json.texts(json, names), misfit)
    if (version !== 1) {
      return yield* fault(
        "Unsupported",
        "the command's output does not have Version 1, the only version there is"
      )
    }
    if (id === undefined || secret === undefined) {
      const missing = id === undefined ? names.id : names.secret
      return yield* fault("Incomplete", `the command's output has no ${missing}`)
    }
    return { id, secret, ...others }
  })
}
