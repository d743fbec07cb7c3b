/**
 * Reading text from files whose names somebody stated or that are where they usually are: regular files and pipes of at
 * most 4 MiB, and nothing that could hold a thread or fill the memory.
 */

import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Pipe from "./pipe.js"
import * as PlatformError from "./platformError.js"

/**
 * Why a file could not be read: there is none, what is there is none that is read, or the system does not let us. The
 * reason is told in a few words, for a bracket behind the file's name.
 */
export interface Fault {
  readonly _tag: "Absent" | "Foreign" | "Failed"
  readonly reason: string
}

const most = 4 * 1024 * 1024

const foreign = (reason: string): Effect.Effect<never, Fault> => Effect.fail({ _tag: "Foreign", reason })

const tooLarge = foreign("larger than 4 MiB")

const systemCode = /\bE[A-Z][A-Z0-9]+\b/

/** What a file system complains of, in the system's own word where the platform's says too little. */
export const reasonOf = (error: PlatformError.PlatformError): string => {
  const { description, reason } = PlatformError.reasonOf(error)
  if (reason !== "Unknown" && reason !== "BadResource") return reason
  return systemCode.exec(description)?.[0] ?? reason
}

/** The same as a fault. */
export const faultOf = (error: PlatformError.PlatformError): Fault => {
  const reason = reasonOf(error)
  if (reason === "NotFound") return { _tag: "Absent", reason }
  return { _tag: reason === "ELOOP" ? "Foreign" : "Failed", reason }
}

const others: Readonly<Partial<Record<FileSystem.File.Type, string>>> = {
  Directory: "a folder",
  BlockDevice: "a device",
  CharacterDevice: "a device",
  FIFO: "a pipe",
  Socket: "a socket"
}

const refused = ({ type }: FileSystem.File.Info) => foreign(others[type] ?? "no regular file")

const regular = (fs: FileSystem.FileSystem, file: string): Effect.Effect<string, Fault> =>
  Effect.matchEffect(fs.readFileString(file), {
    onFailure: (error) => Effect.fail(faultOf(error)),
    onSuccess: (text) => (text.length > most ? tooLarge : Effect.succeed(text))
  })

// The one device that is stated on purpose, by who wants no file at all.
const isNull = (fs: FileSystem.FileSystem, { rdev, type }: FileSystem.File.Info): Effect.Effect<boolean> =>
  type !== "CharacterDevice" || Option.isNone(rdev)
    ? Effect.succeed(false)
    : Effect.match(fs.stat("/dev/null"), {
        onFailure: () => false,
        onSuccess: (empty) => Option.contains(empty.rdev, rdev.value)
      })

const readOr = (
  fs: FileSystem.FileSystem,
  file: string,
  other: (info: FileSystem.File.Info) => Effect.Effect<string, Fault>
): Effect.Effect<string, Fault> =>
  Effect.matchEffect(fs.stat(file), {
    // Reading says why, and some file systems in memory know of no more than that.
    onFailure: () => regular(fs, file),
    onSuccess: (info) => {
      if (info.type !== "File") return other(info)
      return info.size > most ? tooLarge : regular(fs, file)
    }
  })

/** Reads a regular file, as everything has to be that this package keeps itself. */
export const readRegular = (fs: FileSystem.FileSystem, file: string): Effect.Effect<string, Fault> =>
  readOr(fs, file, refused)

/**
 * Reads a file that somebody else made: a regular one, or a pipe such as a shell makes of `<(command)`, which has to be
 * written to within seconds. `/dev/null` is empty. Folders, sockets and other devices are not read.
 */
export const read = (fs: FileSystem.FileSystem, file: string): Effect.Effect<string, Fault> =>
  readOr(fs, file, (info) =>
    info.type === "FIFO"
      ? Effect.catch(Pipe.read(file, info, most), foreign)
      : Effect.flatMap(isNull(fs, info), (empty) => (empty ? Effect.succeed("") : refused(info)))
  )
