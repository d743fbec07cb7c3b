/**
 * Commands that really run, and take no time of any clock: the thread waits until a command has ended.
 */
import * as Command from "@effect/platform/Command"
import * as CommandExecutor from "@effect/platform/CommandExecutor"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as SyncCommand from "../../src/layers/blocking/SyncCommand.js"

const executor = SyncCommand.make()

const ended = (command: Command.Command) =>
  Effect.scoped(
    Effect.flatMap(executor.start(command), (process) =>
      Effect.all(
        [Stream.runCollect(process.stdout), Stream.runCollect(process.stderr), Effect.exit(process.exitCode)],
        { concurrency: "unbounded" }
      ).pipe(
        Effect.map(
          ([stdout, stderr, exitCode]): CommandExecutor.Process => ({
            ...process,
            stdout: Stream.fromChunk(stdout),
            stderr: Stream.fromChunk(stderr),
            exitCode,
            isRunning: Effect.succeed(false),
            kill: () => Effect.void
          })
        )
      )
    )
  )

/** The executor; it tells the words of each command that it runs. */
export const instantCommands = (
  told: (words: ReadonlyArray<string>) => void
): CommandExecutor.CommandExecutor =>
  CommandExecutor.makeExecutor((command) =>
    Effect.suspend(() => {
      told(Command.flatten(command).flatMap((one) => [one.command, ...one.args]))
      return Effect.runSyncExit(ended(command))
    })
  )
