/**
 * Slips of people who write settings, whatever the cloud: names that are misspelt, quotation marks around values, files
 * in another encoding, and settings that do not do what somebody may think; and what to say of them.
 */
import type { SettingRow, Variable } from "./settingTable.js"

/** Where a setting was stated: an option or a variable by its name alone, a file's key with file and line. */
export interface SettingPlace {
  /** The option's, the variable's or the key's name. */
  readonly key: string
  /** The file's path. */
  readonly file?: string | undefined
  /** The first line is 1. */
  readonly line?: number | undefined
}

/** A setting, and where it was stated. */
export interface Setting extends SettingPlace {
  /** Its text, which is not blank. */
  readonly value: string
}

/**
 * A setting that may not do what it seems to: another setting takes precedence (`shadowed`), nothing reads it
 * (`unknown`), or other tools treat it differently (`elsewhere`).
 */
export interface SettingNote extends SettingPlace {
  readonly kind: "shadowed" | "unknown" | "elsewhere"
  readonly detail: string
  /** The credential source that the setting is for; none where it is for calls. */
  readonly source?: string | undefined
}

/**
 * How many letters to add, drop, change or swap to make one name of the other; more than `most` where there are more.
 * Each is tried at the first letter that differs: `most` is small, and most names are told apart there.
 */
const distance = (one: string, other: string, most: number, at = 0, otherAt = 0): number => {
  let from = at
  let to = otherAt
  while (from < one.length && to < other.length && one[from] === other[to]) {
    from++
    to++
  }
  const [left, right] = [one.length - from, other.length - to]
  if (left === 0 || right === 0) return Math.max(left, right)
  if (most === 0 || Math.abs(left - right) > most) return most + 1
  const swapped = one[from] === other[to + 1] && one[from + 1] === other[to]
  return (
    1 +
    Math.min(
      distance(one, other, most - 1, from + 1, to + 1),
      distance(one, other, most - 1, from + 1, to),
      distance(one, other, most - 1, from, to + 1),
      swapped ? distance(one, other, most - 1, from + 2, to + 2) : most
    )
  )
}

const mostSlips = 2

/**
 * The known name that somebody may have meant: at most two slips away, or as many as are stated, whatever the case.
 */
export const meant = (
  name: string,
  known: Iterable<string>,
  most: number = mostSlips
): string | undefined => {
  const lower = name.toLowerCase()
  let best: string | undefined
  let fewest = most + 1
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) >= fewest) continue
    const count = distance(lower, candidate.toLowerCase(), fewest - 1)
    if (count < fewest) {
      best = candidate
      fewest = count
    }
  }
  return best
}

// A shell takes them away, and `docker --env-file`, unit files and ini files do not.
const marks = "\"'`“”„‟‘’‚‛«»‹›＂＇"

/** The quotation mark that a text begins or ends with, if it does. */
export const quoteOf = (text: string): string | undefined =>
  [text.at(0), text.at(-1)].find((sign) => sign !== undefined && marks.includes(sign))

/** What to do about a value that stands in quotation marks. */
export const withoutQuotes = "Write it without the quotes."

/** A hint for a value that was refused: that it stands in quotation marks, if it does. */
export const quotesHint = (text: string): string | undefined =>
  quoteOf(text.trim()) === undefined ? undefined : withoutQuotes

/** What to say of a file that is UTF-16, and what to do about it. */
export const utf16 = "the file is UTF-16, as some editors and PowerShell's > write it; save it as UTF-8"

/**
 * Whether a text that was read as UTF-8 is UTF-16, of either byte order: its mark is no UTF-8, and where it has none,
 * every other byte of the plain characters that files begin with is zero.
 */
export const isUtf16 = (text: string): boolean =>
  (text.startsWith("\uFFFD\uFFFD") && text.includes("\0")) || (text[0] === "\0") !== (text[1] === "\0")

/** The credential sources, and the variables that are for each of them. */
export type Readers = ReadonlyArray<readonly [source: string, names: RegExp]>

/** The source that a variable is for; none where it is for calls. */
export const readerOf = (readers: Readers, variable: string): string | undefined =>
  readers.find(([, names]) => names.test(variable))?.[0]

/** What is known of a program's settings. */
export interface Facts {
  /** The variables that are set and not blank. */
  readonly set: ReadonlySet<string>
  /** The source that gave credentials. */
  readonly chosen: string | undefined
}

/** A note, and when it is worth saying. */
export interface Rule {
  readonly kind: SettingNote["kind"]
  /** The variable that the note is about, which must be set. */
  readonly key: Variable
  readonly detail: string
  readonly when: (facts: Facts) => boolean
}

/** The names that rows of the table have in one place. */
export const namesIn = (
  place: "variable" | "key" | "iniKey",
  ...tables: ReadonlyArray<ReadonlyArray<SettingRow>>
): ReadonlySet<string> => new Set(tables.flat().flatMap((row) => row[place] ?? []))

/** The notes on variables that others overrule, as the table has it. */
export const overruled = (
  table: ReadonlyArray<SettingRow>,
  set: Facts["set"],
  readers: Readers
): ReadonlyArray<SettingNote> =>
  table.flatMap(({ after, variable }) => {
    if (variable === undefined || after === undefined || !set.has(variable) || !set.has(after)) return []
    const detail = `${after} is set too, and takes precedence`
    return [{ kind: "shadowed" as const, key: variable, detail, source: readerOf(readers, variable) }]
  })

/** The notes whose time it is. */
export const notesBy = (
  rules: ReadonlyArray<Rule>,
  facts: Facts,
  readers: Readers
): ReadonlyArray<SettingNote> =>
  rules
    .filter(({ key, when }) => facts.set.has(key) && when(facts))
    .map(({ detail, key, kind }) => ({ kind, key, detail, source: readerOf(readers, key) }))

/** Notes on names that nobody reads and that look like a slip. */
export const slips = (
  names: Iterable<string>,
  known: ReadonlySet<string>,
  readers: Readers
): ReadonlyArray<SettingNote> =>
  [...names].flatMap((name) => {
    const other = known.has(name) ? undefined : meant(name, known)
    if (other === undefined) return []
    const detail = `nothing reads it (did you mean ${other}?)`
    return [{ kind: "unknown" as const, key: name, detail, source: readerOf(readers, other) }]
  })
