import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { size } from "../../src/layers/platform.js"
import { refuse } from "./systemErrors.js"

export interface Entry {
  readonly text: string
  readonly mode?: number
  readonly unreadable?: boolean
}

/** A file system that holds these files, and the paths that were read. */
export const files = (entries: Readonly<Record<string, Entry | string>>) => {
  const read: Array<string> = []
  const find = (path: string): Entry | undefined => {
    const entry = entries[path]
    return typeof entry === "string" ? { text: entry } : entry
  }
  const layer = Layer.succeed(
    FileSystem.FileSystem,
    FileSystem.makeNoop({
      readFileString: (path) =>
        Effect.suspend(() => {
          read.push(path)
          const entry = find(path)
          if (entry === undefined) return refuse("readFileString", path, "NotFound")
          return entry.unreadable
            ? refuse("readFileString", path, "PermissionDenied")
            : Effect.succeed(entry.text)
        }),
      stat: (path) =>
        Effect.suspend(() => {
          const entry = find(path)
          return entry === undefined
            ? refuse("stat", path, "NotFound")
            : Effect.succeed({
                type: "File",
                mtime: Option.none(),
                atime: Option.none(),
                birthtime: Option.none(),
                dev: 0n,
                ino: Option.none(),
                mode: 0o100000 | (entry.mode ?? 0o600),
                nlink: Option.none(),
                uid: Option.none(),
                gid: Option.none(),
                rdev: Option.none(),
                size: size(entry.text.length),
                blksize: Option.none(),
                blocks: Option.none()
              } satisfies FileSystem.File.Info)
        })
    })
  )
  return { read, layer }
}
