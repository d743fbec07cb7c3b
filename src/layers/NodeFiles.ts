/** Node's files, as far as tokens are read from them. */
import { readFile, type Stats, stat } from "node:fs"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import { fromErrno, type PlatformError, toInfo } from "./platform.js"

type Done<A> = (error: NodeJS.ErrnoException | null, value: A) => void

const asking = <A>(
  method: string,
  ask: (file: string, done: Done<A>) => void
): ((file: string) => Effect.Effect<A, PlatformError>) => {
  return (file) =>
    Effect.callback((resume) =>
      ask(file, (error, value) =>
        resume(
          error === null
            ? Effect.succeed(value)
            : Effect.fail(fromErrno({ module: "FileSystem", method, subject: file }, error))
        )
      )
    )
}

const statOf = asking<Stats>("stat", stat)

/**
 * Looks at files and reads their text. All else that a file system can do fails, so that it is for sources of tokens
 * alone and not for a program.
 */
export const layer: Layer.Layer<FileSystem.FileSystem> = Layer.succeed(
  FileSystem.FileSystem,
  FileSystem.makeNoop({
    stat: (file) => Effect.map(statOf(file), toInfo),
    readFileString: asking("readFileString", (file, done) => readFile(file, "utf8", done))
  })
)
