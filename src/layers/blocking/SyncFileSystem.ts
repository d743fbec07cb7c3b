/** A file system for `Effect.runSync`: every operation is done when its effect returns. */

import { randomBytes } from "node:crypto"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import {
  attempt,
  count,
  descriptor,
  type FileLength,
  type FileOffset,
  type PlatformError,
  type ReadOptions,
  toInfo,
  typeOf,
  unsupported
} from "../platform.js"

class SyncFile implements FileSystem.File {
  readonly [FileSystem.FileTypeId]: typeof FileSystem.FileTypeId = FileSystem.FileTypeId
  private position = 0n

  constructor(
    readonly fd: ReturnType<typeof descriptor>,
    /** Whether the system itself writes at the end. */
    private readonly append: boolean
  ) {}

  get stat() {
    return this.tried("stat", () => toInfo(fs.fstatSync(this.fd)))
  }

  get sync() {
    return this.tried("sync", () => fs.fsyncSync(this.fd))
  }

  seek(offset: FileOffset, from: FileSystem.SeekMode) {
    return Effect.sync(() => {
      this.position = BigInt(offset) + (from === "current" ? this.position : 0n)
      return this.position
    })
  }

  read(buffer: Uint8Array, options?: ReadOptions) {
    return this.tried("read", () => count(this.readInto(buffer, options)))
  }

  readAlloc(size: FileLength, options?: ReadOptions) {
    return this.tried("readAlloc", () => {
      const buffer = new Uint8Array(Number(size))
      const bytes = this.readInto(buffer, options)
      return bytes === 0 ? Option.none() : Option.some(buffer.subarray(0, bytes))
    })
  }

  truncate(length: FileLength = 0) {
    return this.tried("truncate", () => {
      fs.ftruncateSync(this.fd, Number(length))
      const end = BigInt(length)
      if (this.position > end) this.position = end
    })
  }

  write(buffer: Uint8Array) {
    return this.tried("write", () => count(this.writeSome(buffer)))
  }

  writeAll(buffer: Uint8Array) {
    return this.tried("writeAll", () => {
      let written = 0
      while (written < buffer.length) written += this.writeSome(buffer.subarray(written))
    })
  }

  private readInto(buffer: Uint8Array, options?: ReadOptions): number {
    const bytes = fs.readSync(this.fd, buffer, { position: options?.position ?? this.position })
    if (options?.position === undefined) this.position += BigInt(bytes)
    return bytes
  }

  private writeSome(buffer: Uint8Array): number {
    const position = this.append ? null : Number(this.position)
    const bytes = fs.writeSync(this.fd, buffer, 0, buffer.length, position)
    if (!this.append) this.position += BigInt(bytes)
    return bytes
  }

  private tried<A>(method: string, run: () => A) {
    return attempt({ module: "FileSystem", method, subject: this.fd }, run)
  }
}

/** Opens a file until the scope closes. */
const open = (
  target: string,
  options?: Parameters<FileSystem.FileSystem["open"]>[1]
): Effect.Effect<FileSystem.File, PlatformError, Scope.Scope> => {
  const flag = options?.flag ?? "r"
  return Effect.map(
    Effect.acquireRelease(
      attempt({ module: "FileSystem", method: "open", subject: target }, () =>
        fs.openSync(target, flag, options?.mode)
      ),
      (fd) => Effect.sync(() => fs.closeSync(fd))
    ),
    (fd) => new SyncFile(descriptor(fd), flag.startsWith("a"))
  )
}

/** What a method of the platform's file system may be told. */
type Options<Method extends keyof FileSystem.FileSystem> = FileSystem.FileSystem[Method] extends (
  ...args: infer Args
) => unknown
  ? Extract<Args[number], object | undefined>
  : never

const tried = <A>(method: string, subject: string, run: () => A) =>
  attempt({ module: "FileSystem", method, subject }, run)

const temporaryParent = (options: Options<"makeTempDirectory">): string =>
  path.join(options?.directory ?? os.tmpdir(), options?.prefix ?? path.sep)

const makeTempDirectory = (method: string) => (options?: Options<"makeTempDirectory">) =>
  tried(method, temporaryParent(options), () => fs.mkdtempSync(temporaryParent(options)))

const makeTempFile = (method: string) => (options?: Options<"makeTempFile">) =>
  Effect.flatMap(makeTempDirectory(method)(options), (directory) => {
    const file = path.join(directory, randomBytes(6).toString("hex") + (options?.suffix ?? ""))
    return tried(method, file, () => {
      fs.writeFileSync(file, "", { flag: "wx" })
      return file
    })
  })

const remove = (method: string) => (target: string, options?: Options<"remove">) =>
  tried(method, target, () =>
    fs.rmSync(target, { recursive: options?.recursive ?? false, force: options?.force ?? false })
  )

const removeTree = (method: string) => (directory: string) =>
  Effect.orDie(remove(method)(directory, { recursive: true, force: true }))

const writeOptions = (options: Parameters<FileSystem.FileSystem["writeFile"]>[2]): fs.WriteFileOptions => ({
  ...(options?.flag === undefined ? {} : { flag: options.flag }),
  ...(options?.mode === undefined ? {} : { mode: options.mode })
})

const accessMode = (options: Options<"access">): number =>
  fs.constants.F_OK |
  (options?.readable === true ? fs.constants.R_OK : 0) |
  (options?.writable === true ? fs.constants.W_OK : 0)

/** What older versions of the platform do not ask for. */
const looking = {
  lstat: (target: string) => tried("lstat", target, () => toInfo(fs.lstatSync(target))),
  readDirectoryEntries: (target: string) =>
    tried("readDirectoryEntries", target, () =>
      fs
        .readdirSync(target, { withFileTypes: true })
        .map((entry) => ({ name: entry.name, type: typeOf(entry) }))
    )
}

/** The file system. `watch` fails: it waits for events, which a blocked thread never hears. */
export const fileSystem: FileSystem.FileSystem = FileSystem.make({
  ...looking,
  access: (target, options) => tried("access", target, () => fs.accessSync(target, accessMode(options))),
  chmod: (target, mode) => tried("chmod", target, () => fs.chmodSync(target, mode)),
  chown: (target, uid, gid) => tried("chown", target, () => fs.chownSync(target, uid, gid)),
  copy: (from, to, options) =>
    tried("copy", from, () =>
      fs.cpSync(from, to, {
        force: options?.overwrite ?? false,
        preserveTimestamps: options?.preserveTimestamps ?? false,
        recursive: true
      })
    ),
  copyFile: (from, to) => tried("copyFile", from, () => fs.copyFileSync(from, to)),
  link: (from, to) => tried("link", from, () => fs.linkSync(from, to)),
  makeDirectory: (target, options) =>
    tried("makeDirectory", target, () => {
      fs.mkdirSync(target, { recursive: options?.recursive ?? false, mode: options?.mode })
    }),
  makeTempDirectory: makeTempDirectory("makeTempDirectory"),
  makeTempDirectoryScoped: (options) =>
    Effect.acquireRelease(
      makeTempDirectory("makeTempDirectoryScoped")(options),
      removeTree("makeTempDirectoryScoped")
    ),
  makeTempFile: makeTempFile("makeTempFile"),
  makeTempFileScoped: (options) =>
    Effect.acquireRelease(makeTempFile("makeTempFileScoped")(options), (file) =>
      removeTree("makeTempFileScoped")(path.dirname(file))
    ),
  open,
  readDirectory: (target, options) =>
    tried("readDirectory", target, () =>
      fs.readdirSync(target, { recursive: options?.recursive ?? false, encoding: "utf8" })
    ),
  readFile: (target) => tried("readFile", target, () => new Uint8Array(fs.readFileSync(target))),
  readLink: (target) => tried("readLink", target, () => fs.readlinkSync(target)),
  realPath: (target) => tried("realPath", target, () => fs.realpathSync(target)),
  remove: remove("remove"),
  rename: (from, to) => tried("rename", from, () => fs.renameSync(from, to)),
  stat: (target) => tried("stat", target, () => toInfo(fs.statSync(target))),
  symlink: (target, link) => tried("symlink", target, () => fs.symlinkSync(target, link)),
  truncate: (target, length) =>
    tried("truncate", target, () =>
      fs.truncateSync(target, length === undefined ? undefined : Number(length))
    ),
  utimes: (target, atime, mtime) => tried("utimes", target, () => fs.utimesSync(target, atime, mtime)),
  watch: () => Stream.fail(unsupported("FileSystem", "watch")),
  writeFile: (target, data, options) =>
    tried("writeFile", target, () => fs.writeFileSync(target, data, writeOptions(options)))
})

/** The file system as a layer. */
export const layer: Layer.Layer<FileSystem.FileSystem> = Layer.succeed(FileSystem.FileSystem, fileSystem)
