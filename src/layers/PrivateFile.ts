/**
 * Files that hold secrets: regular files and pipes of at most 4 MiB, and nothing that could hold a thread or fill the
 * memory. The first that exists is read, and one that others may read is warned of once. They are written whole or not at
 * all, and for their owner alone.
 */
import { randomBytes } from "node:crypto"
import { platform } from "node:os"
import { basename, dirname, join } from "node:path"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import { printable } from "../protocol/scrub.js"
import { maxBytes, readPipe } from "./pipe.js"
import { globalValue, type PlatformError, reasonOf as platformReason } from "./platform.js"

/**
 * Why a file could not be read: there is none, it is of a kind that is not read, or the system does not allow it. The
 * reason is a few words, to stand in brackets after the file's name.
 */
export interface Fault {
  readonly _tag: "Absent" | "Foreign" | "Failed"
  readonly reason: string
}

const foreign = (reason: string): Effect.Effect<never, Fault> => Effect.fail({ _tag: "Foreign", reason })

const tooLarge = foreign("larger than 4 MiB")

const systemCode = /\bE[A-Z][A-Z0-9]+\b/

/** What a file system complains of, in the system's own word where the platform's says too little. */
export const reasonOf = (error: PlatformError): string => {
  const { description, reason } = platformReason(error)
  if (reason !== "Unknown" && reason !== "BadResource") return reason
  return systemCode.exec(description)?.[0] ?? reason
}

/** The same as a fault. */
export const faultOf = (error: PlatformError): Fault => {
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

const refused = ({ type }: FileSystem.File.Info) => foreign(others[type] ?? "not a regular file")

const regular = (fs: FileSystem.FileSystem, file: string): Effect.Effect<string, Fault> =>
  Effect.matchEffect(fs.readFileString(file), {
    onFailure: (error) => Effect.fail(faultOf(error)),
    onSuccess: (text) => (text.length > maxBytes ? tooLarge : Effect.succeed(text))
  })

// The one device that is stated on purpose, to have no file at all.
const isNull = (fs: FileSystem.FileSystem, { rdev, type }: FileSystem.File.Info): Effect.Effect<boolean> =>
  type !== "CharacterDevice" || Option.isNone(rdev)
    ? Effect.succeed(false)
    : Effect.match(fs.stat("/dev/null"), {
        onFailure: () => false,
        onSuccess: (empty) => Option.getOrUndefined(empty.rdev) === rdev.value
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
      return info.size > maxBytes ? tooLarge : regular(fs, file)
    }
  })

/** Reads a regular file, as everything has to be that this package keeps itself. */
export const readRegular = (fs: FileSystem.FileSystem, file: string): Effect.Effect<string, Fault> =>
  readOr(fs, file, refused)

/**
 * Reads a file that another program or a person made: a regular one, or a pipe such as a shell makes of `<(command)`,
 * which has to be written to within seconds. `/dev/null` is empty. Folders, sockets and other devices are not read.
 */
export const readText = (fs: FileSystem.FileSystem, file: string): Effect.Effect<string, Fault> =>
  readOr(fs, file, (info) =>
    info.type === "FIFO"
      ? Effect.catch(readPipe(file, info), foreign)
      : Effect.flatMap(isNull(fs, info), (empty) => (empty ? Effect.succeed("") : refused(info)))
  )

/** A file that was read. */
export interface Content {
  /** The file was read. */
  readonly _tag: "Read"
  /** The file's path. */
  readonly file: string
  /** All that it holds. */
  readonly text: string
}

/** A file that is there and cannot be read. */
export interface Unreadable {
  /** The file is there and cannot be read. */
  readonly _tag: "Unreadable"
  /** The file's path. */
  readonly file: string
  /** Why it cannot be read, in words. */
  readonly reason: string
}

/** That there is no file. */
interface Absent {
  /** There is no file. */
  readonly _tag: "Absent"
  /** Files that are there, cannot be read and were not asked for by name. */
  readonly unreadable: ReadonlyArray<Unreadable>
}

type Outcome = Content | Unreadable | Absent

/**
 * Reads files that hold secrets.
 *
 * A file that cannot be read is `Unreadable` where it was asked for: by its name, or by the name of something in it.
 * One that is merely where such files usually are counts as absent, and is to be skipped with a warning.
 */
export interface PrivateFile {
  /** Reads the first of the files that exists, and passes over those that count as absent. */
  readonly readFirst: (files: ReadonlyArray<string>, asked: boolean) => Effect.Effect<Outcome>
  /** Reads a file that need not hold secrets, without checking who else may read it. */
  readonly read: (file: string, asked: boolean) => Effect.Effect<Outcome>
  /** Warns of files that cannot be read and count as absent: once, of all of them together. */
  readonly passOver: (files: ReadonlyArray<Unreadable>) => Effect.Effect<void>
  /** Warns if others may read the file. */
  readonly checkMode: (file: string) => Effect.Effect<void>
  /** Warns of a file, once of each thing. */
  readonly warn: Warn
}

/** Logs a warning the first time it is given. */
export type Warn = (text: string) => Effect.Effect<void>

/** Warnings that are each logged once. */
export const warnOnce = (): Warn => {
  const warned = new Set<string>()
  return (text) =>
    Effect.suspend(() => {
      if (warned.has(text)) return Effect.void
      warned.add(text)
      return Effect.logWarning(printable(text))
    })
}

const ofFileSystems = /* @__PURE__ */ globalValue(
  Symbol.for("effect-sts/PrivateFile"),
  () => new WeakMap<FileSystem.FileSystem, Warn>()
)

/** Warnings of files, each logged once for a file system however many sources read the file. */
const warnings = (fs: FileSystem.FileSystem): Warn => {
  const warn = ofFileSystems.get(fs) ?? warnOnce()
  ofFileSystems.set(fs, warn)
  return warn
}

export const wordsOf = ({ file, reason }: Unreadable): string => `${file} cannot be read (${reason})`

/** Whatever group and others may do, and that anybody may execute it. */
const loose = 0o077 | 0o111

const exposed = (file: string, mode: number): string =>
  `${file} holds secrets and has mode ${(mode & 0o777).toString(8).padStart(4, "0")}; only its owner should be able to read it: chmod 600 ${file}`

const reader = (fs: FileSystem.FileSystem, warn: Warn, passOver: PrivateFile["passOver"]): PrivateFile => {
  const checkMode = (file: string) =>
    Effect.flatMap(Effect.option(fs.stat(file)), (info) => {
      const mode = info._tag === "Some" && info.value.type === "File" ? info.value.mode : 0
      // Windows keeps permissions elsewhere and reports the same mode for every file.
      return (mode & loose) !== 0 && platform() !== "win32" ? warn(exposed(file, mode)) : Effect.void
    })
  // It was put there on purpose, and its target is gone: a secret that is not mounted, for example.
  const isBrokenLink = (path: string) =>
    Effect.flatMap(Effect.isSuccess(fs.readLink(path)), (isLink) =>
      isLink ? Effect.isFailure(fs.stat(path)) : Effect.succeed(false)
    )
  const isBrokenLinkOnTheWay = (file: string) =>
    Effect.flatMap(isBrokenLink(file), (broken) =>
      broken ? Effect.succeed(true) : isBrokenLink(dirname(file))
    )
  const without = (file: string, { _tag, reason }: Fault): Effect.Effect<Outcome> =>
    _tag === "Absent"
      ? Effect.map(isBrokenLinkOnTheWay(file), (broken) =>
          broken
            ? { _tag: "Unreadable", file, reason: "a symbolic link in its path is broken" }
            : { _tag: "Absent", unreadable: [] }
        )
      : Effect.succeed({ _tag: "Unreadable", file, reason })
  const read = (file: string, asked: boolean): Effect.Effect<Outcome> =>
    Effect.matchEffect(readText(fs, file), {
      onSuccess: (text) => Effect.succeed<Outcome>({ _tag: "Read", file, text }),
      onFailure: (fault) => without(file, fault)
    }).pipe(
      Effect.map((outcome) =>
        asked || outcome._tag !== "Unreadable" ? outcome : { _tag: "Absent", unreadable: [outcome] }
      )
    )
  const readFirst = (files: ReadonlyArray<string>, asked: boolean): Effect.Effect<Outcome> =>
    Effect.gen(function* () {
      const unreadable: Array<Unreadable> = []
      for (const file of files) {
        const outcome = yield* read(file, asked)
        if (outcome._tag === "Read") yield* checkMode(file)
        if (outcome._tag !== "Absent") {
          yield* passOver(unreadable)
          return outcome
        }
        unreadable.push(...outcome.unreadable)
      }
      yield* passOver(unreadable)
      return { _tag: "Absent", unreadable }
    })
  return { readFirst, read, passOver, checkMode, warn }
}

/** A reader that warns once of each file that is readable by group or others, or executable. */
export const make: Effect.Effect<PrivateFile, never, FileSystem.FileSystem> = /* @__PURE__ */ Effect.map(
  FileSystem.FileSystem,
  (fs) => {
    const warn = warnings(fs)
    return reader(fs, warn, (files) =>
      files.length === 0
        ? Effect.void
        : warn(files.map((file) => `${wordsOf(file)} and is ignored`).join("; "))
    )
  }
)

/** A reader for inspection only. What it skips is added to a list, without a warning. */
export const silent = (
  passedOver: Array<Unreadable> = []
): Effect.Effect<PrivateFile, never, FileSystem.FileSystem> =>
  Effect.map(FileSystem.FileSystem, (fs) =>
    reader(
      fs,
      () => Effect.void,
      (files) => Effect.sync(() => void passedOver.push(...files))
    )
  )

/**
 * Makes a folder, its owner's alone, and those above it that are missing. Each by itself: Node's way of making several at
 * once never ends where the system goes on saying that the one above is missing, as it does below `/proc`.
 */
export const makeFolder = (fs: FileSystem.FileSystem, path: string): Effect.Effect<void, PlatformError> => {
  const isThere = Effect.map(
    Effect.option(fs.stat(path)),
    (info) => info._tag === "Some" && info.value.type === "Directory"
  )
  const made = Effect.catch(fs.makeDirectory(path, { mode: 0o700 }), (error) =>
    Effect.flatMap(isThere, (there) => (there ? Effect.void : Effect.fail(error)))
  )
  const above = dirname(path)
  return Effect.catch(made, (error) =>
    reasonOf(error) === "NotFound" && above !== path
      ? Effect.andThen(makeFolder(fs, above), made)
      : Effect.fail(error)
  )
}

// In the same folder, because a rename is atomic only within one file system.
const temporaryBeside = (file: string): string =>
  join(dirname(file), `.${basename(file)}.${randomBytes(8).toString("hex")}.tmp`)

const writeNew = (fs: FileSystem.FileSystem, file: string, text: string) =>
  Effect.scoped(
    Effect.gen(function* () {
      // The mode holds from the file's first moment, and a file or link that is already there is an error.
      const opened = yield* fs.open(file, { flag: "wx", mode: 0o600 })
      yield* opened.writeAll(new TextEncoder().encode(text))
      yield* opened.sync
    })
  )

// A link to anything but a file is not followed: what would be replaced there is a folder or one of the system's devices.
const placeOf = (fs: FileSystem.FileSystem, path: string): Effect.Effect<string> =>
  fs.stat(path).pipe(
    Effect.flatMap(({ type }) => (type === "File" ? fs.realPath(path) : Effect.succeed(path))),
    Effect.orElseSucceed(() => path)
  )

/**
 * Replaces a file's content in one step: readers see the old or the new one, never a part. The file is the owner's
 * alone (mode 0600), as is the folder where it has to be made (0700). A link to a file is followed, not replaced. Nothing of a
 * write that failed remains, and one that has begun is not interrupted.
 */
export const write = (
  fs: FileSystem.FileSystem,
  path: string,
  text: string
): Effect.Effect<void, PlatformError> =>
  Effect.gen(function* () {
    yield* makeFolder(fs, dirname(path))
    const file = yield* placeOf(fs, path)
    const temporary = temporaryBeside(file)
    yield* writeNew(fs, temporary, text).pipe(
      Effect.andThen(fs.rename(temporary, file)),
      Effect.onError(() => Effect.ignore(fs.remove(temporary)))
    )
  }).pipe(Effect.uninterruptible)
