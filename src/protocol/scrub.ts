/**
 * Taking secrets out of foreign text before it is shown.
 *
 * @since 0.1.0
 */
const mark = "<redacted>"

const secretFields =
  "AccessKeySecret|SecurityToken|SecretAccessKey|SessionToken|OIDCToken|SAMLAssertion|WebIdentityToken|Signature|TokenCode"

// Plain, inside of a JSON string, escaped for HTML, and percent-encoded to any depth.
const quote = "\\\\*[\"']|&quot;|&#34;|%(?:25)*22"
const space = "(?:\\s|\\+|%(?:25)*20)*"
const inJson = new RegExp(
  `((?:${secretFields})(?:${quote})${space}(?::|%(?:25)*3A)${space}(${quote}))(?:(?!\\2)(?:\\\\.|.))*`,
  "gis"
)
const inXml = new RegExp(
  `((?:<|&lt;)(?:${secretFields})(?:>|&gt;)(?:<!\\[CDATA\\[)?)(?:(?!<|&lt;|\\]\\]>).)*`,
  "gis"
)
const inForm = new RegExp(`((?:${secretFields})(?:=|%(?:25)*3D|&#61;)["']?)[^&\\s"'<>]*`, "gi")

const inHeader = /((?:x-acs-security-token|x-amz-security-token|authorization)\s*:\s*)[^\r\n<"]*/gi

const neverEncoded = /[A-Za-z0-9]/
const entities: Readonly<Record<string, string>> = {
  "&": "amp",
  "<": "lt",
  ">": "gt",
  '"': "quot",
  "'": "apos"
}
const escapes: Readonly<Record<string, string>> = { "\n": "n", "\r": "r", "\t": "t" }

const hex = (code: number, length: number): string => code.toString(16).padStart(length, "0")

const escapeRegExp = (character: string): string => character.replace(/[\\^$.*+?()[\]{}|/-]/, "\\$&")

const utf8 = new TextEncoder()

/** A pattern for every way in which a form, JSON or HTML spells one character, percent-encoded to any depth. */
const spelled = (character: string): string => {
  if (neverEncoded.test(character)) return character
  const code = character.codePointAt(0) ?? 0
  const ways = [
    Array.from(utf8.encode(character), (byte) => `%(?:25)*${hex(byte, 2)}`).join(""),
    Array.from(
      { length: character.length },
      (_, index) => `\\\\+u${hex(character.charCodeAt(index), 4)}`
    ).join(""),
    `&#0*${code};`,
    `&#x0*${code.toString(16)};`
  ]
  if (entities[character] !== undefined) ways.push(`\\\\*&${entities[character]};`)
  if (escapes[character] !== undefined) ways.push(`\\\\+${escapes[character]}`)
  if (character === " ") ways.push("\\+")
  // The character itself comes last: `&` alone is only the beginning of `&amp;`.
  return `(?:${ways.join("|")}|\\\\*${escapeRegExp(character)})`
}

const patternOf = (secret: string): RegExp => new RegExp(Array.from(secret, spelled).join(""), "gi")

/**
 * The text without the given secrets, however it spells them, and without the values of fields that hold secrets.
 *
 * @category secrets
 * @since 0.1.0
 */
export const scrub = (text: string, secrets: ReadonlyArray<string>): string =>
  secrets
    .filter((secret) => secret !== "")
    .sort((a, b) => b.length - a.length)
    .reduce((rest, secret) => rest.replace(patternOf(secret), mark), text)
    .replace(inJson, `$1${mark}`)
    .replace(inXml, `$1${mark}`)
    .replace(inForm, `$1${mark}`)
    .replace(inHeader, `$1${mark}`)

/**
 * The first characters of a foreign text, {@link scrub}bed before it is cut.
 *
 * @category secrets
 * @since 0.1.0
 */
export const excerpt = (text: string, secrets: ReadonlyArray<string>, length = 200): string => {
  const clean = scrub(text, secrets)
  return clean.length <= length ? clean : `${clean.slice(0, length)}…`
}
