/** Whether others may read or change what holds secrets. */

import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import { ThisProcess } from "./ThisProcess.js"

/** What others may do. */
export interface Exposure {
  /** Why what it holds may be somebody else's doing, in words. */
  readonly forged: string | undefined
  /** Whether others may read it. */
  readonly readable: boolean
}

const othersWrite = 0o022
const othersRead = 0o044

/** How far others reach a file or folder. A system that tells no user has no such modes either. */
export const exposureOf = ({ mode, uid }: FileSystem.File.Info): Effect.Effect<Exposure> =>
  Effect.map(ThisProcess, (self) => {
    if (self.uid === undefined) return { forged: undefined, readable: false }
    const foreign = uid._tag === "Some" && uid.value !== self.uid
    const writable = (mode & othersWrite) !== 0
    return {
      forged: foreign
        ? "belongs to another user"
        : writable
          ? "can be changed by others, which chmod go-w prevents"
          : undefined,
      readable: (mode & othersRead) !== 0
    }
  })
