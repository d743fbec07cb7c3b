/**
 * Looks for secrets in a text, however it spells them.
 */
import { percentEncode } from "../../src/protocol/encoding.js"

const escapeHtml = (text: string): string =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;").replace(/'/g, "&#39;")

/** Base64 depends on how many bytes come before; the outer characters of each depend on the neighbours. */
const base64 = (secret: string): ReadonlyArray<string> =>
  [0, 1, 2].map((before) =>
    Buffer.from("x".repeat(before) + secret)
      .toString("base64")
      .replace(/=+$/, "")
      .slice(before === 0 ? 0 : before + 1, -1)
  )

const spellings: Readonly<Record<string, (secret: string) => ReadonlyArray<string>>> = {
  raw: (secret) => [secret],
  "percent-encoded": (secret) => [
    percentEncode(secret),
    percentEncode(percentEncode(secret)),
    encodeURIComponent(secret)
  ],
  base64: (secret) => base64(secret).flatMap((text) => [text, text.replace(/\+/g, "-").replace(/\//g, "_")]),
  "JSON-escaped": (secret) => [JSON.stringify(secret).slice(1, -1)],
  "HTML-escaped": (secret) => [escapeHtml(secret)],
  "a part": (secret) => [secret.slice(0, 24), secret.slice(-24)]
}

export type Planted = Readonly<Record<string, string>>

interface Spelling {
  readonly name: string
  readonly texts: ReadonlyArray<string>
}

interface Sought {
  readonly spellings: ReadonlyArray<Spelling>
  /** One of these is in every text that holds a secret: no other spelling is a part of one. */
  readonly shortest: ReadonlyArray<string>
}

const known = new WeakMap<Planted, Sought>()

const soughtOf = (planted: Planted): Sought => {
  const before = known.get(planted)
  if (before !== undefined) return before
  const all = Object.entries(planted).flatMap(([name, secret]) =>
    Object.entries(spellings).map(([spelling, spell]) => ({
      name: `${name}, ${spelling}`,
      texts: spell(secret)
    }))
  )
  const texts = [...new Set(all.flatMap((spelling) => spelling.texts))]
  const shortest = texts.filter((text) => !texts.some((other) => other !== text && text.includes(other)))
  const made = { spellings: all, shortest }
  known.set(planted, made)
  return made
}

/** Every secret that the text holds, by its name and how it is spelled. */
export const search = (text: string, planted: Planted): ReadonlyArray<string> => {
  const sought = soughtOf(planted)
  if (!sought.shortest.some((spelling) => text.includes(spelling))) return []
  return sought.spellings
    .filter(({ texts }) => texts.some((spelling) => text.includes(spelling)))
    .map(({ name }) => name)
}
