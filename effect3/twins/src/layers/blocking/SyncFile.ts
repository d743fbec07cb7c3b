// Sizes and places in files have types of their own.

import * as fs from "node:fs"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import { attempt, type PlatformError, toInfo } from "../platform.js"

class SyncFile implements FileSystem.File {
  readonly [FileSystem.FileTypeId]: FileSystem.FileTypeId = FileSystem.FileTypeId
  private position = 0n

  constructor(
    readonly fd: FileSystem.File.Descriptor,
    /** Whether the system itself writes at the end. */
    private readonly append: boolean
  ) {}

  get stat() {
    return this.tried("stat", () => toInfo(fs.fstatSync(this.fd)))
  }

  get sync() {
    return this.tried("sync", () => fs.fsyncSync(this.fd))
  }

  seek(offset: FileSystem.SizeInput, from: FileSystem.SeekMode) {
    return Effect.sync(() => {
      this.position = FileSystem.Size(offset) + (from === "current" ? this.position : 0n)
    })
  }

  read(buffer: Uint8Array) {
    return this.tried("read", () => FileSystem.Size(this.readInto(buffer)))
  }

  readAlloc(size: FileSystem.SizeInput) {
    return this.tried("readAlloc", () => {
      const buffer = new Uint8Array(Number(size))
      const bytes = this.readInto(buffer)
      return bytes === 0 ? Option.none() : Option.some(buffer.subarray(0, bytes))
    })
  }

  truncate(length: FileSystem.SizeInput = 0) {
    return this.tried("truncate", () => {
      fs.ftruncateSync(this.fd, Number(length))
      const end = FileSystem.Size(length)
      if (this.position > end) this.position = end
    })
  }

  write(buffer: Uint8Array) {
    return this.tried("write", () => FileSystem.Size(this.writeSome(buffer)))
  }

  writeAll(buffer: Uint8Array) {
    return this.tried("writeAll", () => {
      let written = 0
      while (written < buffer.length) written += this.writeSome(buffer.subarray(written))
    })
  }

  private readInto(buffer: Uint8Array): number {
    const bytes = fs.readSync(this.fd, buffer, { position: this.position })
    this.position += BigInt(bytes)
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

export const open = (
  target: string,
  options?: FileSystem.OpenFileOptions
): Effect.Effect<FileSystem.File, PlatformError, Scope.Scope> => {
  const flag = options?.flag ?? "r"
  return Effect.map(
    Effect.acquireRelease(
      attempt({ module: "FileSystem", method: "open", subject: target }, () =>
        fs.openSync(target, flag, options?.mode)
      ),
      (fd) => Effect.sync(() => fs.closeSync(fd))
    ),
    (fd) => new SyncFile(FileSystem.FileDescriptor(fd), flag.startsWith("a"))
  )
}
