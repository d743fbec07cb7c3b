/** Whether a text was written in another encoding than the one it was read in. */

/** What to say of a file that is UTF-16, and what to do about it. */
export const utf16 = "the file is UTF-16, as some editors and PowerShell's > write it; save it as UTF-8"

/**
 * Whether a text that was read as UTF-8 is UTF-16, of either byte order: its mark is no UTF-8, and where it has none,
 * every other byte of the plain characters that files begin with is zero.
 */
export const isUtf16 = (text: string): boolean =>
  (text.startsWith("\uFFFD\uFFFD") && text.includes("\0")) || (text[0] === "\0") !== (text[1] === "\0")
