/** What a cache asks of the machine: who this process is, whether another still lives, and random bytes. */

import { randomBytes } from "node:crypto"
import { hostname } from "node:os"
import { threadId } from "node:worker_threads"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

/** A process, and what it knows of others. */
interface Process {
  readonly pid: number
  readonly thread: number
  readonly host: string
  /** The user it runs as; absent where the system has no such number. */
  readonly uid: number | undefined
  /** Whether a process of this host lives. */
  readonly isAlive: (pid: number) => Effect.Effect<boolean>
}

const isAlive = (pid: number): Effect.Effect<boolean> =>
  Effect.sync(() => {
    try {
      return process.kill(pid, 0)
    } catch (error) {
      // One that is somebody else's lives too.
      return (error as NodeJS.ErrnoException).code === "EPERM"
    }
  })

/** This process, as the system tells it where nobody says otherwise. */
export const ThisProcess = Context.Reference("effect-sts/ThisProcess", {
  defaultValue: (): Process => ({
    pid: process.pid,
    thread: threadId,
    host: hostname(),
    uid: process.platform === "win32" ? undefined : process.getuid?.(),
    isAlive
  })
})

/** Makes as many bytes as are asked for that nobody can guess; by the system where nobody says otherwise. */
export const RandomBytes = Context.Reference("effect-sts/RandomBytes", {
  defaultValue:
    () =>
    (count: number): Effect.Effect<Uint8Array> =>
      Effect.sync(() => randomBytes(count))
})
