/**
 * The files of locks: each names its holder, and the holder's id names the file of its successor.
 *
 * @since 0.1.0
 */
import type * as PlatformError from "@effect/platform/Error"
import type * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import { decode, type Holder } from "../../protocol/lockRecord.js"

const notFound = (error: PlatformError.PlatformError): boolean =>
  error._tag === "SystemError" && error.reason === "NotFound"

/**
 * The holder that a file names; none where there is no file.
 *
 * @category constructors
 * @since 0.1.0
 */
export const read = (
  fs: FileSystem.FileSystem,
  path: string
): Effect.Effect<Holder | undefined, PlatformError.PlatformError> =>
  Effect.map(fs.readFileString(path), (content) => decode(path, content)).pipe(
    Effect.catchIf(notFound, () => Effect.succeed(undefined))
  )

/**
 * Where the successor of a holder is.
 *
 * @category accessors
 * @since 0.1.0
 */
export const successorOf = (lock: string, { id }: Holder): string => lock.replace(/\.lock$/, `.${id}.lock`)

/**
 * Whether a file is the lock or in the line of its successors. What is not will never be again.
 *
 * @category accessors
 * @since 0.1.0
 */
export const isPartOf = (
  fs: FileSystem.FileSystem,
  lock: string,
  file: string
): Effect.Effect<boolean, PlatformError.PlatformError> => {
  const from = (path: string): Effect.Effect<boolean, PlatformError.PlatformError> =>
    path === file
      ? Effect.succeed(true)
      : Effect.flatMap(read(fs, path), (holder) =>
          holder === undefined ? Effect.succeed(false) : from(successorOf(lock, holder))
        )
  return from(lock)
}
