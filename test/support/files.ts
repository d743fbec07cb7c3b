/**
 * Files in memory: `files` to read, and a `Disk` that can also be written.
 */
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

interface Stored {
  text: string
  mode: number
}

const infoOf = ({ mode, text }: Stored): FileSystem.File.Info => ({
  type: "File",
  mtime: Option.none(),
  atime: Option.none(),
  birthtime: Option.none(),
  dev: 0n,
  ino: Option.none(),
  mode: 0o100000 | mode,
  nlink: Option.none(),
  uid: Option.none(),
  gid: Option.none(),
  rdev: Option.none(),
  size: size(text.length),
  blksize: Option.none(),
  blocks: Option.none()
})

/** Files by their paths. Whether it can be written may be changed at any time. */
export class Disk {
  readonly files = new Map<string, Stored>()
  writable = true
  readable = true

  constructor(entries: Readonly<Record<string, string>> = {}) {
    for (const [path, text] of Object.entries(entries)) this.files.set(path, { text, mode: 0o600 })
  }

  text(path: string): string | undefined {
    return this.files.get(path)?.text
  }

  put(path: string, text: string): void {
    this.files.set(path, { text, mode: 0o600 })
  }

  private found<A>(method: string, path: string, use: (stored: Stored) => A) {
    return Effect.suspend(() => {
      const stored = this.files.get(path)
      if (stored === undefined) return refuse(method, path, "NotFound")
      return this.readable ? Effect.succeed(use(stored)) : refuse(method, path, "PermissionDenied")
    })
  }

  readonly layer: Layer.Layer<FileSystem.FileSystem> = Layer.succeed(
    FileSystem.FileSystem,
    FileSystem.makeNoop({
      readFileString: (path) => this.found("readFileString", path, ({ text }) => text),
      stat: (path) => this.found("stat", path, infoOf),
      realPath: (path) => this.found("realPath", path, () => path),
      makeDirectory: () => Effect.void,
      writeFileString: (path, text, options) =>
        Effect.suspend(() => {
          if (!this.writable) return refuse("writeFile", path, "PermissionDenied")
          if (this.files.has(path)) return refuse("writeFile", path, "AlreadyExists")
          this.files.set(path, { text, mode: options?.mode ?? 0o666 })
          return Effect.void
        }),
      link: (from, to) =>
        this.found("link", from, (stored) => stored).pipe(
          Effect.flatMap((stored) => {
            if (this.files.has(to)) return refuse("link", to, "AlreadyExists")
            this.files.set(to, stored)
            return Effect.void
          })
        ),
      readDirectory: (folder) =>
        Effect.sync(() =>
          [...this.files.keys()].flatMap((path) =>
            path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1)] : []
          )
        ),
      remove: (path) => this.found("remove", path, () => void this.files.delete(path)),
      rename: (from, to) =>
        this.found("rename", from, (stored) => {
          this.files.delete(from)
          this.files.set(to, stored)
        }),
      open: (path, options) =>
        Effect.suspend(() => {
          if (!this.writable) return refuse("open", path, "PermissionDenied")
          if (this.files.has(path)) return refuse("open", path, "AlreadyExists")
          const stored: Stored = { text: "", mode: options?.mode ?? 0o666 }
          this.files.set(path, stored)
          return Effect.succeed({
            writeAll: (bytes: Uint8Array) =>
              Effect.sync(() => {
                stored.text += new TextDecoder().decode(bytes)
              }),
            sync: Effect.void
          } as unknown as FileSystem.File)
        })
    })
  )
}
