/** The ways in which forms, JSON, XML and HTML spell one text, brought back to one. */

/**
 * Characters as they are meant, and where in a text each is written: at its own place where nothing is said. Two
 * spellings of a text mean the same characters.
 */
export interface Spelled {
  readonly units: Uint16Array
  readonly starts?: Int32Array
  readonly ends?: Int32Array
}

/** Where the text of a unit starts. */
export const startOf = ({ starts }: Spelled, at: number): number => starts?.[at] ?? at

/** Where the text of a unit ends. */
export const endOf = ({ ends }: Spelled, at: number): number => ends?.[at] ?? at + 1

const backslash = 0x5c
const replacement = 0xfffd

// A line break in JSON is `\n`: since backslashes are dropped, it is told as that letter.
const letters: ReadonlyMap<number, number> = new Map(
  Object.entries({ "\b": "b", "\t": "t", "\n": "n", "\f": "f", "\r": "r", "+": " " }).map(([from, to]) => [
    from.charCodeAt(0),
    to.charCodeAt(0)
  ])
)

const ascii = Uint16Array.from({ length: 0x80 }, (_, unit) =>
  unit >= 0x41 && unit <= 0x5a ? unit + 0x20 : (letters.get(unit) ?? unit)
)

// Halves of pairs cannot be expressed alone in UTF-8.
const folded = (unit: number): number =>
  ascii[unit] ?? (unit >= 0xd800 && unit <= 0xdfff ? replacement : unit)

class Writer {
  private readonly units: Uint16Array
  private readonly starts: Int32Array | undefined
  private readonly ends: Int32Array | undefined
  private length = 0

  constructor(
    private readonly from: Spelled,
    placed: boolean
  ) {
    const size = from.units.length
    this.units = new Uint16Array(size)
    if (!placed) return
    this.starts = new Int32Array(size)
    this.ends = new Int32Array(size)
  }

  /** A unit that is written from one unit of the source up to another. */
  unit(unit: number, start: number, end: number): void {
    this.units[this.length] = folded(unit)
    if (this.starts !== undefined) this.starts[this.length] = startOf(this.from, start)
    this.length++
    this.widen(end)
  }

  codePoint(code: number, start: number, end: number): void {
    this.unit(code > 0xffff ? replacement : code, start, end)
    if (code > 0xffff) this.unit(replacement, start, end)
  }

  /** Lets the last unit reach to a unit of the source that has no meaning of its own. */
  widen(end: number): void {
    if (this.ends !== undefined && this.length > 0) this.ends[this.length - 1] = endOf(this.from, end - 1)
  }

  /** What was written; the source where that is the same, since whatever is decoded is shorter then. */
  get spelled(): Spelled {
    const { ends, from, length, starts, units } = this
    if (length === from.units.length) return from
    const used = units.subarray(0, length)
    if (starts === undefined || ends === undefined) return { units: used }
    return { units: used, starts: starts.subarray(0, length), ends: ends.subarray(0, length) }
  }
}

/** A text as it stands, but for the case of its letters. */
export const asWritten = (text: string): Spelled => {
  const units = new Uint16Array(text.length)
  for (let at = 0; at < text.length; at++) units[at] = folded(text.charCodeAt(at))
  return { units }
}

const digit = (unit: number | undefined): number => {
  if (unit === undefined) return -1
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30
  return unit >= 0x61 && unit <= 0x66 ? unit - 0x57 : -1
}

/** The number that `length` hexadecimal digits state, or -1. */
const hex = (units: Uint16Array, at: number, length: number): number => {
  let value = 0
  for (let index = at; index < at + length; index++) {
    const next = digit(units[index])
    if (next < 0) return -1
    value = value * 16 + next
  }
  return value
}

const stands = (units: Uint16Array, at: number, word: string): boolean => {
  for (let index = 0; index < word.length; index++) {
    if (units[at + index] !== word.charCodeAt(index)) return false
  }
  return true
}

interface Read {
  readonly value: number
  readonly end: number
}

/** A byte that is percent-encoded to any depth: `%2F`, `%252F`. */
const byteAt = (units: Uint16Array, at: number): Read | undefined => {
  if (units[at] !== 0x25) return undefined
  let end = at + 1
  while (stands(units, end, "25")) end += 2
  const value = hex(units, end, 2)
  if (value >= 0) return { value, end: end + 2 }
  return end > at + 1 ? { value: 0x25, end } : undefined
}

const isContinuation = (byte: Read | undefined): byte is Read =>
  byte !== undefined && (byte.value & 0xc0) === 0x80

const percentDecoded = (units: Uint16Array, at: number): Read | undefined => {
  const first = byteAt(units, at)
  if (first === undefined || first.value < 0xc0) return first
  const more = first.value < 0xe0 ? 1 : first.value < 0xf0 ? 2 : 3
  let value = first.value & (0x3f >> more)
  let end = first.end
  for (let read = 0; read < more; read++) {
    const next = byteAt(units, end)
    if (!isContinuation(next)) return { value: replacement, end }
    value = value * 64 + (next.value & 0x3f)
    end = next.end
  }
  return { value, end }
}

const entities: ReadonlyArray<readonly [name: string, character: number]> = [
  ["amp;", 0x26],
  ["lt;", 0x3c],
  ["gt;", 0x3e],
  ["quot;", 0x22],
  ["apos;", 0x27]
]

const longestNumber = 7

const numbered = (units: Uint16Array, at: number): Read | undefined => {
  const radix = units[at] === 0x78 ? 16 : 10
  let end = radix === 16 ? at + 1 : at
  const start = end
  while (units[end] === 0x30) end++
  const limit = end + longestNumber
  let value = 0
  for (; end < limit; end++) {
    const next = digit(units[end])
    if (next < 0 || next >= radix) break
    value = value * radix + next
  }
  return end > start && units[end] === 0x3b && value <= 0x10ffff ? { value, end: end + 1 } : undefined
}

/** A character that HTML or XML escapes, to any depth: `&lt;`, `&amp;lt;`, `&#60;`. */
const entityAt = (units: Uint16Array, at: number): Read | undefined => {
  if (units[at] !== 0x26) return undefined
  let end = at + 1
  while (stands(units, end, "amp;")) end += 4
  if (units[end] === 0x23) {
    const read = numbered(units, end + 1)
    if (read !== undefined) return read
  }
  const named = entities.find(([name]) => stands(units, end, name))
  if (named !== undefined) return { value: named[1], end: end + named[0].length }
  return end > at + 1 ? { value: 0x26, end } : undefined
}

type Decoder = (units: Uint16Array, at: number) => Read | undefined

const decoded = (from: Spelled, placed: boolean, mark: number, decoder: Decoder): Spelled => {
  const { units } = from
  if (!units.includes(mark)) return from
  const writer = new Writer(from, placed)
  for (let at = 0; at < units.length; ) {
    const read = units[at] === mark ? decoder(units, at) : undefined
    const end = read?.end ?? at + 1
    writer.codePoint(read?.value ?? units[at] ?? 0, at, end)
    at = end
  }
  return writer.spelled
}

/** Without the backslashes of JSON, however many stand before a character. They belong to both of their neighbours. */
const withoutBackslashes = (from: Spelled, placed: boolean): Spelled => {
  const { units } = from
  if (!units.includes(backslash)) return from
  const writer = new Writer(from, placed)
  for (let at = 0; at < units.length; ) {
    let end = at
    while (units[end] === backslash) end++
    if (end > at) writer.widen(end)
    if (end === units.length) break
    const code = end > at && units[end] === 0x75 ? hex(units, end + 1, 4) : -1
    const next = code < 0 ? end + 1 : end + 5
    writer.unit(code < 0 ? (units[end] ?? 0) : code, at, next)
    at = next
  }
  return writer.spelled
}

// One layer within another, as JSON in a form in JSON; percent signs and entities are read to any depth at once.
const layers = 3

/**
 * The characters that a text means, whichever of the ways it is spelled in; and, unless `placed` is false, where each is
 * written.
 */
export const asMeant = (written: Spelled, placed = true): Spelled => {
  let spelled = written
  for (let layer = 0; layer < layers; layer++) {
    const before = spelled
    spelled = decoded(spelled, placed, 0x25, percentDecoded)
    spelled = decoded(spelled, placed, 0x26, entityAt)
    spelled = withoutBackslashes(spelled, placed)
    if (spelled === before) break
  }
  return spelled
}
