/** What an answer that is no document of a known form says to people: an agent's sentence, a page's title. */
import { isObject } from "./json.js"

// What is longer is no sentence.
const longestRead = 20_000

// Nobody but a machine reads a word of this length: a token, or a key.
const machineWord = /[A-Za-z0-9+/=_-]{40,}/g

// Half a document may be the half with a secret in it.
const brokenJson = /^(\{|\[\s*[[\]{"])/

const speaking = /^(message|error|error_?description|error_?message|detail|details|reason|title|fault)$/i

const sayings = (value: unknown, depth = 2): ReadonlyArray<string> =>
  isObject(value)
    ? Object.entries(value).flatMap(([name, field]) => {
        if (!speaking.test(name)) return []
        return typeof field === "string" ? [field] : depth > 0 ? sayings(field, depth - 1) : []
      })
    : []

const inJson = (text: string): string | undefined => {
  try {
    return sayings(JSON.parse(text)).join(": ")
  } catch {
    return undefined
  }
}

const element = (name: string, text: string): string | undefined => {
  const begin = new RegExp(`<${name}>`, "i").exec(text)
  if (begin === null) return undefined
  const rest = text.slice(begin.index + begin[0].length)
  const end = rest.indexOf("<")
  return rest.slice(0, end === -1 ? undefined : end).trim() || undefined
}

const inMarkup = (text: string): string => {
  if (/^<(!doctype html|html|head|body)/i.test(text) || /<(html|body)[\s>]/i.test(text.slice(0, 1_000))) {
    const title = element("title", text)
    return title === undefined ? "an HTML page" : `an HTML page: ${title}`
  }
  const said = [element("code", text), element("message", text)].filter((part) => part !== undefined)
  return said.length === 0 ? "an XML document" : said.join(": ")
}

/**
 * The words of an answer; empty where it has none for people. They may repeat what was asked, and are to be scrubbed.
 */
export const plainWords = (body: string): string => {
  const text = body
    .slice(0, longestRead)
    .replace(/^\uFEFF/, "")
    .trim()
  const words = text.startsWith("<") ? inMarkup(text) : (inJson(text) ?? (brokenJson.test(text) ? "" : text))
  return words.replace(machineWord, "<redacted>").trim()
}
