/**
 * The measured side of a process: it answers one question after the other until whoever started it is gone.
 */

/**
 * @template Question, Answer
 * @param {(question: Question) => Answer | Promise<Answer>} answer
 */
export const serve = (answer) => {
  process.on("message", async (/** @type {Question} */ question) => {
    try {
      process.send?.({ answer: await answer(question) })
    } catch (error) {
      process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
  })
  process.on("disconnect", () => process.exit())
  process.send?.({ answer: "ready" })
}

/** Everything that can go is gone, which takes more than one collection. */
export const collected = async () => {
  if (globalThis.gc === undefined) throw new Error("needs --expose-gc")
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 10))
    globalThis.gc()
  }
  return process.memoryUsage().heapUsed
}

/** @param {ReadonlyArray<number>} samples */
export const median = (samples) => {
  const sorted = samples.toSorted((a, b) => a - b)
  return ((sorted[(sorted.length - 1) >> 1] ?? Number.NaN) + (sorted[sorted.length >> 1] ?? Number.NaN)) / 2
}
