/**
 * Inputs as attackers and accidents make them: documents that were sound once, changed in places.
 */
import * as FastCheck from "fast-check"

/** Stands where secrets stand, in documents and in the pieces that are put into them. */
export const planted = "PLANTEDsecret7f3a9c0e51d84b26END"

const pieces: ReadonlyArray<string> = [
  "\u0000",
  "\u001b[2J",
  "\r\n",
  "\n\n",
  "\n ",
  "\t",
  "\u202e",
  "\ufeff",
  "\ud800",
  "é",
  "[",
  "]",
  "[[",
  "{",
  "}",
  "{}",
  "[]",
  "<",
  ">",
  "</",
  "<a>",
  "&amp;",
  "&#x0;",
  "&",
  "%",
  "%2",
  "=",
  " = ",
  ":",
  ";",
  "#",
  ",",
  '"',
  "'",
  "\\",
  "\\u",
  "null",
  "true",
  "0",
  "-1",
  "1e999",
  "-8.64e15",
  "8640000000000001",
  "275760-09-13T00:00:00.001Z",
  "+275760-09-13T00:00:00Z",
  "9999-12-31T23:59:60Z",
  "0000-00-00T00:00:00Z",
  "__proto__",
  "constructor",
  "toString",
  "<![CDATA[",
  "]]>",
  "<!--",
  "<?xml",
  "<!DOCTYPE a [<!ENTITY b 'c'>]>",
  "source_profile = default\n",
  "[default]\n",
  " ".repeat(300),
  "\\".repeat(300),
  "[".repeat(300),
  '{"a":'.repeat(100),
  "<a>".repeat(100),
  "9".repeat(400)
]

interface Change {
  readonly at: number
  readonly length: number
  readonly put: string | undefined
}

const change: FastCheck.Arbitrary<Change> = FastCheck.record({
  at: FastCheck.double({ min: 0, max: 1, noNaN: true }),
  length: FastCheck.oneof(FastCheck.constant(0), FastCheck.nat(4), FastCheck.nat(200)),
  put: FastCheck.oneof(
    FastCheck.constant(undefined),
    FastCheck.constantFrom(...pieces),
    FastCheck.string({ maxLength: 8 })
  )
})

/** Removes a part, doubles it, or puts something in its place: nothing within a secret, which would be another one. */
const changed = (text: string, { at, length, put }: Change): string => {
  const start = Math.floor(at * (text.length + 1))
  const end = Math.min(text.length, start + length)
  const secret = text.lastIndexOf(planted, end)
  if (secret >= 0 && secret + planted.length > start && secret < end + 1) return text
  const part = text.slice(start, end)
  return text.slice(0, start) + (put ?? part + part) + text.slice(end)
}

/** One of the sound documents, with up to six changes. */
export const inputOf = (sound: ReadonlyArray<string>): FastCheck.Arbitrary<string> =>
  FastCheck.tuple(FastCheck.constantFrom(...sound), FastCheck.array(change, { maxLength: 6 })).map(
    ([text, changes]) => changes.reduce(changed, text)
  )
