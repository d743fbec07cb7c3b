/**
 * Reading text from files whose names somebody stated or that are where they usually are: regular files and pipes of at
 * most 4 MiB, and nothing that could hold a thread or fill the memory.
 *
 * Pipes are read without ever waiting for them in the system: whoever waits there holds a thread that nothing can call
 * back, and after four of those no file of the whole process is read any more.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Semaphore from "effect/Semaphore"
import * as Platform from "./platform.js"
import { globalValue } from "./platform.js"

/** What one pipe has given, and whose turn it is to read on: two readers would get a part each. */
interface Pipe {
  readonly turn: Semaphore.Semaphore
  text: Redacted.Redacted | undefined
}

// A pipe gives its text once, and credentials are asked for again and again.
const pipes = globalValue(Symbol.for("effect-sts/pipes"), () => new Map<string, Pipe>())
const mostPipes = 64

const pipeOf = (file: string, { dev, ino }: FileSystem.File.Info): Pipe => {
  const key = `${dev} ${Option.getOrUndefined(ino)} ${file}`
  const known = pipes.get(key)
  if (known !== undefined) return known
  const oldest = pipes.size < mostPipes ? undefined : pipes.keys().next().value
  if (oldest !== undefined) pipes.delete(oldest)
  const made: Pipe = { turn: Semaphore.makeUnsafe(1), text: undefined }
  pipes.set(key, made)
  return made
}

/** Milliseconds that are waited in all: for a writer, for one where there was a text before, and for its text. */
const patience = { writer: 1_000, nextWriter: 100, text: 10_000 }
const pause = 10

const open = (file: string): number => {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
  if (fstatSync(descriptor).isFIFO()) return descriptor
  closeSync(descriptor)
  throw new Error("replaced meanwhile")
}

const codeOf = (error: unknown): string => {
  const { code } = error as NodeJS.ErrnoException
  return typeof code === "string" ? code : "replaced meanwhile"
}

const attempt = <A>(run: () => A): Effect.Effect<A, string> => Effect.try({ try: run, catch: codeOf })

/** As many bytes as are there: none where nobody writes, undefined where somebody will. */
const some = (descriptor: number): Uint8Array | undefined => {
  const buffer = new Uint8Array(65_536)
  try {
    return buffer.subarray(0, readSync(descriptor, buffer))
  } catch (error) {
    if (codeOf(error) === "EAGAIN") return undefined
    throw error
  }
}

const drained = (descriptor: number, forWriter: number, most: number): Effect.Effect<string, string> =>
  Effect.gen(function* () {
    const chunks: Array<Uint8Array> = []
    let size = 0
    let hasWriter = false
    for (let waited = 0; ; ) {
      const chunk = yield* attempt(() => some(descriptor))
      if (chunk !== undefined && chunk.length > 0) {
        chunks.push(chunk)
        size += chunk.length
        if (size > most) return yield* Effect.fail("larger than 4 MiB")
        continue
      }
      if (chunk === undefined) hasWriter = true
      else if (hasWriter || size > 0) return new TextDecoder().decode(Buffer.concat(chunks))
      if (!hasWriter && waited >= forWriter) return yield* Effect.fail("a pipe that nobody writes to")
      if (waited >= patience.text) return yield* Effect.fail("a pipe whose writer takes too long")
      yield* Effect.sleep(pause)
      waited += pause
    }
  })

/** One that has no name for another writer to find. */
const isAnonymous = (file: string): boolean => /^\/(dev|proc\/\w+)\/fd\//.test(file)

/**
 * Reads what is written to a pipe until its writer closes it, or says why there is nothing to read. What a pipe has
 * given once it gives again as long as nobody writes anything else.
 */
const readPipe = (file: string, info: FileSystem.File.Info, most: number): Effect.Effect<string, string> => {
  const pipe = pipeOf(file, info)
  return Effect.suspend(() => {
    const { text } = pipe
    if (text !== undefined && isAnonymous(file)) return Effect.succeed(Redacted.value(text))
    return Effect.acquireUseRelease(
      attempt(() => open(file)),
      (descriptor) => drained(descriptor, text === undefined ? patience.writer : patience.nextWriter, most),
      (descriptor) => Effect.sync(() => closeSync(descriptor))
    ).pipe(
      Effect.tap((given) =>
        Effect.sync(() => {
          pipe.text = Redacted.make(given)
        })
      ),
      Effect.catch((reason) =>
        text === undefined ? Effect.fail(reason) : Effect.succeed(Redacted.value(text))
      )
    )
  }).pipe(pipe.turn.withPermits(1))
}

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
export const reasonOf = (error: Platform.PlatformError): string => {
  const { description, reason } = Platform.reasonOf(error)
  if (reason !== "Unknown" && reason !== "BadResource") return reason
  return systemCode.exec(description)?.[0] ?? reason
}

/** The same as a fault. */
export const faultOf = (error: Platform.PlatformError): Fault => {
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
    onSuccess: (text) => (text.length > most ? tooLarge : Effect.succeed(text))
  })

// The one device that is stated on purpose, by who wants no file at all.
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
      ? Effect.catch(readPipe(file, info, most), foreign)
      : Effect.flatMap(isNull(fs, info), (empty) => (empty ? Effect.succeed("") : refused(info)))
  )
