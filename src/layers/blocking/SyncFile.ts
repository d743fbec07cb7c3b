/** Open files for `Effect.runSync`. */

import * as fs from "node:fs"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import { attempt, type PlatformError, toInfo } from "../platform.js"

class SyncFile implements FileSystem.File {
  readonly [FileSystem.FileTypeId]: typeof FileSystem.FileTypeId = FileSystem.FileTypeId
  private position = 0n

  constructor(
    readonly fd: number,
    /** Whether the system itself writes at the end. */
    private readonly append: boolean
  ) {}

  get stat() {
    return this.tried("stat", () => toInfo(fs.fstatSync(this.fd)))
  }

  get sync() {
    return this.tried("sync", () => fs.fsyncSync(this.fd))
  }

  seek(offset: bigint, from: FileSystem.SeekMode) {
    return Effect.sync(() => {
      this.position = offset + (from === "current" ? this.position : 0n)
      return this.position
    })
  }

  read(buffer: Uint8Array, options?: FileSystem.File.ReadOptions) {
    return this.tried("read", () => this.readInto(buffer, options))
  }

  readAlloc(size: number, options?: FileSystem.File.ReadOptions) {
    return this.tried("readAlloc", () => {
      const buffer = new Uint8Array(size)
      const bytes = this.readInto(buffer, options)
      return bytes === 0 ? Option.none() : Option.some(buffer.subarray(0, bytes))
    })
  }

  truncate(length = 0) {
    return this.tried("truncate", () => {
      fs.ftruncateSync(this.fd, length)
      const end = BigInt(length)
      if (this.position > end) this.position = end
    })
  }

  write(buffer: Uint8Array) {
    return this.tried("write", () => this.writeSome(buffer))
  }

  writeAll(buffer: Uint8Array) {
    return this.tried("writeAll", () => {
      let written = 0
      while (written < buffer.length) written += this.writeSome(buffer.subarray(written))
    })
  }

  private readInto(buffer: Uint8Array, options?: FileSystem.File.ReadOptions): number {
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
export const open = (
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
    (fd) => new SyncFile(fd, flag.startsWith("a"))
  )
}
