/** Writing files that hold secrets: whole or not at all, and for their owner alone. */
import { randomBytes } from "node:crypto"
import { basename, dirname, join } from "node:path"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type { PlatformError } from "./platformError.js"

const ownerOnly = { file: 0o600, folder: 0o700 }

// In the same folder, because a rename is atomic only within one file system.
const temporaryBeside = (file: string): string =>
  join(dirname(file), `.${basename(file)}.${randomBytes(8).toString("hex")}.tmp`)

const writeNew = (fs: FileSystem.FileSystem, file: string, text: string) =>
  Effect.scoped(
    Effect.gen(function* () {
      // The mode holds from the file's first moment, and a file or link that somebody laid there is an error.
      const opened = yield* fs.open(file, { flag: "wx", mode: ownerOnly.file })
      yield* opened.writeAll(new TextEncoder().encode(text))
      yield* opened.sync
    })
  )

// A link to anything but a file is not followed: what would be replaced there is a folder or one of the system's devices.
const placeOf = (fs: FileSystem.FileSystem, path: string): Effect.Effect<string> =>
  fs.stat(path).pipe(
    Effect.flatMap(({ type }) => (type === "File" ? fs.realPath(path) : Effect.succeed(path))),
    Effect.orElseSucceed(() => path)
  )

/**
 * Replaces a file's content in one step: readers see the old or the new one, never a part. The file is the owner's
 * alone (mode 0600), as is the folder where it has to be made (0700). A link to a file is followed, not replaced. Nothing of a
 * write that failed remains, and one that has begun is not interrupted.
 */
export const write = (
  fs: FileSystem.FileSystem,
  path: string,
  text: string
): Effect.Effect<void, PlatformError> =>
  Effect.gen(function* () {
    yield* fs.makeDirectory(dirname(path), { recursive: true, mode: ownerOnly.folder })
    const file = yield* placeOf(fs, path)
    const temporary = temporaryBeside(file)
    yield* writeNew(fs, temporary, text).pipe(
      Effect.andThen(fs.rename(temporary, file)),
      Effect.onError(() => Effect.ignore(fs.remove(temporary)))
    )
  }).pipe(Effect.uninterruptible)
