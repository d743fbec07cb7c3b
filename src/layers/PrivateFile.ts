/**
 * Files that hold secrets: the first that exists is read, and one that others may read is warned of once.
 *
 * @since 0.1.0
 */
import { platform } from "node:os"
import { dirname } from "node:path"
import type * as PlatformError from "@effect/platform/Error"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"

/**
 * A file that was read.
 *
 * @category models
 * @since 0.1.0
 */
export interface Content {
  readonly _tag: "Read"
  readonly file: string
  readonly text: string
}

/**
 * What came of looking for a file.
 *
 * @category models
 * @since 0.1.0
 */
export type Outcome =
  | Content
  | { readonly _tag: "Unreadable"; readonly file: string; readonly reason: string }
  | { readonly _tag: "Absent" }

/**
 * Reads files that hold secrets.
 *
 * @category models
 * @since 0.1.0
 */
export interface PrivateFile {
  /** Reads the first of the files that exists. */
  readonly readFirst: (files: ReadonlyArray<string>) => Effect.Effect<Outcome>
  /** Reads a file that may hold no secrets, without a look at who else may read it. */
  readonly read: (file: string) => Effect.Effect<Outcome>
  /** Warns if others may read the file. */
  readonly checkMode: (file: string) => Effect.Effect<void>
}

const groupOrOthers = 0o077
const anyExecute = 0o111

const warning = (file: string, mode: number): string =>
  `${file} holds secrets and has mode ${(mode & 0o777).toString(8).padStart(4, "0")}; only its owner should read it, and nobody execute it: chmod 600 ${file}`

const reasonOf = (error: PlatformError.PlatformError): string =>
  error._tag === "SystemError" ? error.reason : "BadArgument"

/**
 * A reader that warns once of each file that is readable by group or others, or executable.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make: Effect.Effect<PrivateFile, never, FileSystem.FileSystem> = Effect.map(
  FileSystem.FileSystem,
  (fs) => {
    const warned = new Set<string>()
    const checkMode = (file: string) =>
      Effect.flatMap(Effect.option(fs.stat(file)), (info) => {
        const mode = info._tag === "Some" ? info.value.mode : 0
        const loose = (mode & (groupOrOthers | anyExecute)) !== 0
        // Windows keeps permissions elsewhere and reports the same mode for every file.
        if (!loose || warned.has(file) || platform() === "win32") return Effect.void
        warned.add(file)
        return Effect.logWarning(warning(file, mode))
      })
    // Somebody put it there, and what it leads to is gone: a secret that is not mounted, for example.
    const isBrokenLink = (path: string) =>
      Effect.flatMap(Effect.isSuccess(fs.readLink(path)), (isLink) =>
        isLink ? Effect.isFailure(fs.stat(path)) : Effect.succeed(false)
      )
    const missing = (file: string): Effect.Effect<Outcome> =>
      Effect.map(Effect.exists([file, dirname(file)], isBrokenLink), (broken) =>
        broken
          ? { _tag: "Unreadable", file, reason: "a link on the way leads to nothing" }
          : { _tag: "Absent" }
      )
    const read = (file: string): Effect.Effect<Outcome> =>
      Effect.matchEffect(fs.readFileString(file), {
        onSuccess: (text) => Effect.succeed({ _tag: "Read", file, text } as const),
        onFailure: (error) =>
          reasonOf(error) === "NotFound"
            ? missing(file)
            : Effect.succeed({ _tag: "Unreadable", file, reason: reasonOf(error) } as const)
      })
    const readFirst = ([file, ...others]: ReadonlyArray<string>): Effect.Effect<Outcome> =>
      file === undefined
        ? Effect.succeed({ _tag: "Absent" })
        : Effect.flatMap(read(file), (outcome): Effect.Effect<Outcome> => {
            if (outcome._tag === "Absent") return readFirst(others)
            return outcome._tag === "Read" ? Effect.as(checkMode(file), outcome) : Effect.succeed(outcome)
          })
    return { readFirst, read, checkMode }
  }
)
