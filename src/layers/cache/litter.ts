/**
 * What processes leave in a cache's folder that end before they can clean up.
 *
 * @since 0.1.0
 */
import { join } from "node:path"
import type * as FileSystem from "@effect/platform/FileSystem"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

const minute = 60_000
const day = 24 * 60 * minute

/**
 * Names of files and the age from which they are of no more use.
 *
 * @category models
 * @since 0.1.0
 */
export type Litter = ReadonlyArray<{ readonly name: RegExp; readonly age: number }>

/**
 * Files that were begun and never put in their place, and locks that nobody succeeded.
 *
 * @category constants
 * @since 0.1.0
 */
export const unfinished: Litter = [
  {
    name: /^\.[0-9a-f]{40,64}(\.sealed)?\.json(\.[0-9a-f]{32})?(\.lock)?\.[0-9a-f]{16}\.tmp$/,
    age: 10 * minute
  },
  { name: /^[0-9a-f]{40,64}(\.sealed)?\.json(\.[0-9a-f]{32})?\.lock$/, age: day }
]

/**
 * Credentials that nobody has renewed for longer than any last.
 *
 * @category constants
 * @since 0.1.0
 */
export const outlived: Litter = [{ name: /^[0-9a-f]{64}(\.sealed)?\.json$/, age: 3 * day }]

/**
 * Removes such files. What cannot be removed stays.
 *
 * @category combinators
 * @since 0.1.0
 */
export const sweep = (fs: FileSystem.FileSystem, folder: string, litter: Litter): Effect.Effect<void> =>
  Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    for (const name of yield* fs.readDirectory(folder)) {
      const kind = litter.find((one) => one.name.test(name))
      if (kind === undefined) continue
      const file = join(folder, name)
      const info = yield* Effect.option(fs.stat(file))
      const written = Option.getOrUndefined(Option.flatMap(info, ({ mtime }) => mtime))
      if (written !== undefined && now - written.getTime() > kind.age) yield* Effect.ignore(fs.remove(file))
    }
  }).pipe(Effect.ignore)
