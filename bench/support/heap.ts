/**
 * What the heap tells of a line's calls: figures that do not depend on the machine.
 */
import type { Line } from "./lines.js"
import { Process, roomy, withProcess } from "./process.js"
import { median } from "./statistics.js"

export type Cloud = "aws" | "alibaba"

export interface Question {
  readonly kind: "call" | "growth" | "line" | "wire" | "fiber"
  readonly count: number
}

export interface Held {
  readonly bytes: number
  /** Started per call; of `call` alone. */
  readonly fibers?: number
}

/** A process per sample, since a heap never shrinks back to what it was. One is within a percent of the next. */
export const heap = async (cloud: Cloud, question: Question, line: Line = 4, samples = 1): Promise<Held> => {
  const taken: Array<Held> = []
  for (let sample = 0; sample < samples; sample++) {
    const starting = Process.start<Question, Held>("heap", { input: [cloud], flags: roomy, line })
    taken.push(await withProcess(starting, (process) => process.ask(question)))
  }
  return { ...taken[0], bytes: median(taken.map(({ bytes }) => bytes)) }
}
