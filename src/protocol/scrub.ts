/**
 * Taking secrets out of foreign text before it is shown.
 *
 * @since 0.1.0
 */
import { percentEncode } from "./percentEncoding.js"

const mark = "<redacted>"

const secretFields =
  "AccessKeySecret|SecurityToken|SecretAccessKey|SessionToken|OIDCToken|SAMLAssertion|WebIdentityToken|Signature|TokenCode"

const inJson = new RegExp(`("(?:${secretFields})"\\s*:\\s*")(?:[^"\\\\]|\\\\.)*`, "gi")
const inXml = new RegExp(`(<(?:${secretFields})>)[^<]*`, "gi")
const inForm = new RegExp(`((?:${secretFields})(?:=|%3D|%253D|&#61;))[^&\\s"'<>]*`, "gi")

const escapeHtml = (text: string): string =>
  text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/'/g, "&#39;")

const spellings = (secret: string): ReadonlyArray<string> => {
  const encoded = percentEncode(secret)
  return [
    secret,
    encoded,
    percentEncode(encoded),
    encodeURIComponent(secret.replace(/[\uD800-\uDFFF]/g, "\uFFFD")).replace(/%20/g, "+"),
    JSON.stringify(secret).slice(1, -1),
    escapeHtml(secret)
  ]
}

/**
 * The text without the given secrets, however it spells them, and without the values of fields that hold secrets.
 *
 * @category secrets
 * @since 0.1.0
 */
export const scrub = (text: string, secrets: ReadonlyArray<string>): string =>
  secrets
    .filter((secret) => secret !== "")
    .flatMap(spellings)
    .sort((a, b) => b.length - a.length)
    .reduce((rest, spelling) => rest.replaceAll(spelling, mark), text)
    .replace(inJson, `$1${mark}`)
    .replace(inXml, `$1${mark}`)
    .replace(inForm, `$1${mark}`)

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
