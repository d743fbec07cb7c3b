/**
 * Commands that really run, and take no time of any clock: the thread waits until a command has ended.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { cooperative } from "../../src/layers/blocking/Blocking.js"
import * as SyncCommand from "../../src/layers/blocking/SyncCommand.js"
import type { Executor, Process } from "../../src/layers/platform.js"
import { stepping } from "../support/commands.js"

const ended = <E>(started: Effect.Effect<Process, E, Scope.Scope>) =>
  Effect.scoped(
    Effect.flatMap(started, (process) =>
      Effect.all(
        [Stream.runCollect(process.stdout), Stream.runCollect(process.stderr), Effect.exit(process.exitCode)],
        { concurrency: "unbounded" }
      ).pipe(
        Effect.map(
          ([stdout, stderr, exitCode]): Process => ({
            ...process,
            stdout: Stream.fromIterable(stdout),
            stderr: Stream.fromIterable(stderr),
            exitCode,
            isRunning: Effect.succeed(false),
            kill: () => Effect.void
          })
        )
      )
    )
  )

/** The executor; it tells the words of each command that it runs. */
export const instantCommands = (told: (words: ReadonlyArray<string>) => void): Executor =>
  stepping(SyncCommand.make(), (started, words) =>
    Effect.suspend(() => {
      told(words)
      return Effect.runSyncExit(cooperative(ended(started)))
    })
  )
