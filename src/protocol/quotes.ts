/**
 * Quotation marks around a value: a shell takes them away, and `docker --env-file`, unit files and ini files do not.
 */

const marks = "\"'`“”„‟‘’‚‛«»‹›＂＇"

/** The quotation mark that a text begins or ends with, if it does. */
export const quoteOf = (text: string): string | undefined =>
  [text.at(0), text.at(-1)].find((sign) => sign !== undefined && marks.includes(sign))

/** What to do about a value that stands in quotation marks. */
export const withoutQuotes = "Write it without the quotes."

/** A hint for a value that was refused: that it stands in quotation marks, if it does. */
export const quotesHint = (text: string): string | undefined =>
  quoteOf(text.trim()) === undefined ? undefined : withoutQuotes
