/** What processes leave in a cache's folder that end before they can clean up. */
import { join } from "node:path"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import { isPartOf } from "./lockFile.js"

const minute = 60_000
const day = 24 * 60 * minute

/** Names of files and the age from which they are of no more use. */
export type Litter = ReadonlyArray<{
  readonly name: RegExp
  readonly age: number
  /** The name of the lock that such a file may be a part of, and is no litter then. */
  readonly lock?: ((name: string) => string) | undefined
}>

/** Files that were begun and never put in their place, and successors of locks that are no more. */
export const unfinished: Litter = [
  {
    name: /^\.[0-9a-f]{40,64}(\.sealed)?\.json(\.[0-9a-f]{32})?(\.lock)?\.[0-9a-f]{16}\.tmp$/,
    age: 10 * minute
  },
  {
    name: /^[0-9a-f]{40,64}(\.sealed)?\.json\.[0-9a-f]{32}\.lock$/,
    age: day,
    lock: (name) => name.replace(/\.[0-9a-f]{32}\.lock$/, ".lock")
  }
]

/** Credentials that nobody has renewed for longer than any last. */
export const outlived: Litter = [{ name: /^[0-9a-f]{64}(\.sealed)?\.json$/, age: 3 * day }]

const ageOf = (fs: FileSystem.FileSystem, file: string): Effect.Effect<number> =>
  Effect.zipWith(Clock.currentTimeMillis, Effect.option(fs.stat(file)), (now, info) => {
    const written = Option.getOrUndefined(Option.flatMap(info, ({ mtime }) => mtime))
    return written === undefined ? 0 : now - written.getTime()
  })

/** Removes such files. What cannot be removed stays. */
export const sweep = (fs: FileSystem.FileSystem, folder: string, litter: Litter): Effect.Effect<void> =>
  Effect.gen(function* () {
    for (const name of yield* fs.readDirectory(folder)) {
      const kind = litter.find((one) => one.name.test(name))
      const file = join(folder, name)
      if (kind === undefined || (yield* ageOf(fs, file)) <= kind.age) continue
      const lock = kind.lock?.(name)
      if (lock !== undefined && (yield* isPartOf(fs, join(folder, lock), file))) continue
      yield* Effect.ignore(fs.remove(file))
    }
  }).pipe(Effect.ignore)
