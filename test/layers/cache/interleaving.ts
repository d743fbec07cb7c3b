/**
 * A folder in memory that several processes work in, one operation at a time and in whatever order a seed brings about.
 * Any of them may be killed between two of its operations.
 */

import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as FileSystem from "effect/FileSystem"
import { schedulerInto } from "../../support/majors.js"
import { refuse } from "../../support/systemErrors.js"

interface Waiting {
  readonly pid: number
  readonly proceed: () => void
}

/** Numbers between 0 and 1 that are the same for the same seed. */
export const randomFrom = (seed: number) => {
  let state = seed * 2654435761 + 1
  return (): number => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) | 0
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32
  }
}

export class Interleaving {
  readonly files = new Map<string, string>()
  readonly dead = new Set<number>()
  private waiting: Array<Waiting> = []
  private readonly tasks: Array<() => void> = []
  private readonly scheduler = schedulerInto((task) => void this.tasks.push(task))

  constructor(private readonly random: () => number) {}

  /** Begins what a process does. */
  start<A, E>(effect: Effect.Effect<A, E>): Fiber.Fiber<A, E> {
    return Effect.runFork(effect, { scheduler: this.scheduler })
  }

  /** Waits for its turn. */
  turn(pid: number): Effect.Effect<void> {
    return Effect.callback((resume) => {
      this.waiting.push({ pid, proceed: () => resume(Effect.void) })
    })
  }

  /** The folder as one process sees it. */
  fileSystem(pid: number): FileSystem.FileSystem {
    const { files } = this
    const atomic = <A, E>(run: () => Effect.Effect<A, E>) =>
      Effect.andThen(this.turn(pid), Effect.suspend(run))
    const put = (method: string, path: string, text: string) => {
      if (files.has(path)) return refuse(method, path, "AlreadyExists")
      files.set(path, text)
      return Effect.void
    }
    return FileSystem.makeNoop({
      readFileString: (path) =>
        atomic(() => {
          const text = files.get(path)
          return text === undefined ? refuse("readFileString", path, "NotFound") : Effect.succeed(text)
        }),
      writeFileString: (path, text) => atomic(() => put("writeFileString", path, text)),
      link: (from, to) =>
        atomic(() => {
          const text = files.get(from)
          return text === undefined ? refuse("link", from, "NotFound") : put("link", to, text)
        }),
      remove: (path) => atomic(() => (files.delete(path) ? Effect.void : refuse("remove", path, "NotFound"))),
      readLink: (path) => refuse("readLink", path, "NotFound")
    })
  }

  /** Lets whoever waits proceed until nobody does; kills with the given chance at each step. */
  run(chanceOfDeath: number, died: (pid: number) => void): void {
    this.settle()
    while (this.waiting.length > 0) {
      const at = Math.floor(this.random() * this.waiting.length)
      const [next] = this.waiting.splice(at, 1)
      if (next === undefined) continue
      if (this.random() < chanceOfDeath) {
        this.dead.add(next.pid)
        this.waiting = this.waiting.filter(({ pid }) => pid !== next.pid)
        died(next.pid)
      } else {
        next.proceed()
        this.settle()
      }
    }
  }

  /** Goes on until everybody waits for a turn or is done. */
  private settle(): void {
    for (let task = this.tasks.shift(); task !== undefined; task = this.tasks.shift()) task()
  }
}
