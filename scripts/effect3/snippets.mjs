// @ts-check

/** Code in comments and in Markdown: it is derived as files are. */

const block = /^([ \t]*(?:\* ?)?)```ts\n([\s\S]*?)^[ \t]*(?:\* ?)?```$/gm

/**
 * The texts of the blocks of code, without what stands before each line in a comment.
 *
 * @param {string} text
 * @returns {ReadonlyArray<string>}
 */
export const snippetsOf = (text) =>
  Array.from(text.matchAll(block), ([, start = "", code = ""]) =>
    code
      .split("\n")
      .map((line) => (line.startsWith(start) ? line.slice(start.length) : line.slice(start.trimEnd().length)))
      .join("\n")
  )

/**
 * A text with other blocks of code.
 *
 * @param {string} text
 * @param {(index: number) => string} derived
 */
export const withSnippets = (text, derived) => {
  let index = 0
  return text.replace(block, (whole, /** @type {string} */ start) => {
    const lines = derived(index++).replace(/\n$/, "").split("\n")
    const code = lines.map((line) => (start + line).trimEnd()).join("\n")
    return `${start}\`\`\`ts\n${code}\n${whole.slice(whole.lastIndexOf("\n") + 1)}`
  })
}
