/** The files of locks: each names its holder, and the holder's id names the file of its successor. */

import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import { damaged, decode, type Holder } from "../../protocol/lockRecord.js"
import * as TextFile from "../textFile.js"

/**
 * The holder that a file names; none where there is no file. What is no file of ours, a folder or a link to nothing for
 * example, is nobody's as a damaged one is.
 */
export const read = (
  fs: FileSystem.FileSystem,
  path: string
): Effect.Effect<Holder | undefined, TextFile.Fault> =>
  Effect.map(TextFile.readRegular(fs, path), (content) => decode(path, content)).pipe(
    Effect.catch((fault): Effect.Effect<Holder | undefined, TextFile.Fault> => {
      const nobodys = damaged(path, "")
      if (fault._tag === "Foreign") return Effect.succeed(nobodys)
      if (fault._tag === "Failed") return Effect.fail(fault)
      return Effect.match(fs.readLink(path), { onFailure: () => undefined, onSuccess: () => nobodys })
    })
  )

/** Where the successor of a holder is. */
export const successorOf = (lock: string, { id }: Holder): string => lock.replace(/\.lock$/, `.${id}.lock`)

/** A place in the line of a lock and those who succeeded its holders. */
export interface Spot {
  readonly path: string
  readonly id: string
}

/** The way along a line, past holders to whom `passes` applies, to where it is free or held. */
export interface Way {
  readonly passed: ReadonlyArray<Spot>
  readonly end: string
  readonly holder: Holder | undefined
}

const longest = 1_000

const tooLong: TextFile.Fault = { _tag: "Failed", reason: `it has more than ${longest} successors` }

/**
 * Goes along a line. A file that leads back, as a copy of another does, is damaged: the line goes on from it alone.
 */
export const walk = (
  fs: FileSystem.FileSystem,
  lock: string,
  passes: (holder: Holder, path: string) => Effect.Effect<boolean>
): Effect.Effect<Way, TextFile.Fault> =>
  Effect.gen(function* () {
    const passed = new Map<string, Spot>()
    for (let path = lock; passed.size < longest; ) {
      const found = yield* read(fs, path)
      const holder = found !== undefined && passed.has(found.id) ? damaged(path, found.id) : found
      if (holder === undefined || !(yield* passes(holder, path))) {
        return { passed: [...passed.values()], end: path, holder }
      }
      passed.set(holder.id, { path, id: holder.id })
      path = successorOf(lock, holder)
    }
    return yield* Effect.fail(tooLong)
  })

/** Whether a file is the lock or in the line of its successors. What is not will never be again. */
export const isPartOf = (
  fs: FileSystem.FileSystem,
  lock: string,
  file: string
): Effect.Effect<boolean, TextFile.Fault> =>
  Effect.map(
    walk(fs, lock, (_, path) => Effect.succeed(path !== file)),
    ({ end }) => end === file
  )
