/**
 * The file of a cache's credentials: read, written, neither where it is not its owner's alone, and what processes that
 * ended too early have left beside it.
 */

import { dirname, join } from "node:path"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import type * as Result from "effect/Result"
import { advisoryWindowOf, jitterShare, type Renewable } from "../../services/Refreshing.js"
import { type Warn, write } from "../PrivateFile.js"
import * as TextFile from "../textFile.js"
import { isPartOf } from "./Lock.js"
import { ThisProcess } from "./ThisProcess.js"

/** What others may do. */
interface Exposure {
  /** Why what it holds may be somebody else's doing, in words. */
  readonly forged: string | undefined
  /** Whether others may read it. */
  readonly readable: boolean
}

const othersWrite = 0o022
const othersRead = 0o044

/** How far others reach a file or folder. A system that tells no user has no such modes either. */
const exposureOf = ({ mode, uid }: FileSystem.File.Info): Effect.Effect<Exposure> =>
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

const minute = 60_000
const day = 24 * 60 * minute

/** Names of files and the age from which they are of no more use. */
export type Litter = ReadonlyArray<{
  readonly name: RegExp
  readonly age: number
  /** The name of the lock that such a file may be a part of, and is no litter then. */
  readonly lock?: ((name: string) => string) | undefined
}>

/** Files that were begun and never put in their place, and successors of locks that are no more. */
export const unfinished: Litter = [
  {
    name: /^\.[0-9a-f]{40,64}(\.sealed)?\.json(\.[0-9a-f]{32})?(\.lock)?\.[0-9a-f]{16}\.tmp$/,
    age: 10 * minute
  },
  {
    name: /^[0-9a-f]{40,64}(\.sealed)?\.json\.[0-9a-f]{32}\.lock$/,
    age: day,
    lock: (name) => name.replace(/\.[0-9a-f]{32}\.lock$/, ".lock")
  }
]

/** Credentials that nobody has renewed for longer than any last. */
export const outlived: Litter = [{ name: /^[0-9a-f]{64}(\.sealed)?\.json$/, age: 3 * day }]

const ageOf = (fs: FileSystem.FileSystem, file: string): Effect.Effect<number> =>
  Effect.zipWith(Clock.currentTimeMillis, Effect.option(fs.stat(file)), (now, info) => {
    const written = Option.getOrUndefined(Option.flatMap(info, ({ mtime }) => mtime))
    return written === undefined ? 0 : now - written.getTime()
  })

/** Removes such files. What cannot be removed stays. */
const sweep = (fs: FileSystem.FileSystem, folder: string, litter: Litter): Effect.Effect<void> =>
  Effect.gen(function* () {
    for (const name of yield* fs.readDirectory(folder)) {
      const kind = litter.find((one) => one.name.test(name))
      const file = join(folder, name)
      if (kind === undefined || (yield* ageOf(fs, file)) <= kind.age) continue
      const lock = kind.lock?.(name)
      if (lock !== undefined && (yield* isPartOf(fs, join(folder, lock), file))) continue
      yield* Effect.ignore(fs.remove(file))
    }
  }).pipe(Effect.ignore)

/** Credentials of a file. Times in milliseconds since 1970. */
export interface Entry<Credentials> {
  readonly credentials: Credentials
  readonly expiresAt: number
  /** From then on they are renewed by one process, while they serve the others on. */
  readonly dueAt: number
}

/**
 * When credentials of a file are due, in milliseconds: when a refresher, which every process may have above it, first
 * asks for new ones.
 */
export const dueAt = (expiresAt: number, lifetime: number): number =>
  expiresAt - advisoryWindowOf(lifetime) * (1 + jitterShare)

/** A file, and how it is written and read. */
export interface Place<Credentials> {
  readonly file: string
  readonly encode: (credentials: Credentials, now: number) => string
  /** The credentials, or in words what the file is instead. */
  readonly decode: (text: string) => Result.Result<Entry<Credentials>, string>
}

/** Makes the file's folder, and tells whether nobody else can put credentials there. */
export const isOwn = (fs: FileSystem.FileSystem, file: string, warn: Warn): Effect.Effect<boolean> => {
  const folder = dirname(file)
  const fault = Effect.matchEffect(fs.stat(folder), {
    onSuccess: (info) =>
      info.type === "Directory"
        ? Effect.map(exposureOf(info), ({ forged }) => forged)
        : Effect.succeed("is no folder"),
    onFailure: (error) => Effect.succeed(`cannot be made (${TextFile.reasonOf(error)})`)
  })
  return Effect.ignore(fs.makeDirectory(folder, { recursive: true, mode: 0o700 })).pipe(
    Effect.andThen(fault),
    Effect.flatMap((why) =>
      why === undefined
        ? Effect.succeed(true)
        : Effect.as(warn(`Credentials are not kept in ${folder}: it ${why}`), false)
    )
  )
}

/** What a file holds; nothing where there is none or it is not to be trusted. */
export const read = <Credentials>(
  fs: FileSystem.FileSystem,
  { decode, file }: Place<Credentials>,
  warn: Warn
): Effect.Effect<Entry<Credentials> | undefined> => {
  const refuse = (why: string) => Effect.as(warn(`${file} is not used and is replaced: ${why}`), undefined)
  return Effect.gen(function* () {
    const info = yield* Effect.mapError(fs.stat(file), TextFile.faultOf)
    const { forged, readable } = yield* exposureOf(info)
    if (forged !== undefined) return yield* refuse(`it ${forged}`)
    if (readable) yield* warn(`${file} holds secrets and can be read by others: chmod 600 ${file}`)
    const entry = decode(yield* TextFile.readRegular(fs, file))
    return entry._tag === "Success" ? entry.success : yield* refuse(entry.failure)
  }).pipe(
    Effect.catch(({ _tag, reason }) =>
      _tag === "Absent" ? Effect.succeed(undefined) : refuse(`it cannot be read (${reason})`)
    )
  )
}

/**
 * Writes credentials, and cleans up after others. Those that never end are not written: they would outlive whatever gave
 * them.
 */
export const keep = <Credentials extends Renewable>(
  fs: FileSystem.FileSystem,
  { encode, file }: Place<Credentials>,
  credentials: Credentials,
  litter: Litter,
  warn: Warn
): Effect.Effect<void> => {
  const { expiration } = credentials
  if (expiration === undefined) return Effect.void
  return Effect.flatMap(Clock.currentTimeMillis, (now) =>
    DateTime.toEpochMillis(expiration) <= now
      ? Effect.void
      : write(fs, file, encode(credentials, now)).pipe(
          Effect.andThen(sweep(fs, dirname(file), litter)),
          Effect.catch((error) => warn(`${file} could not be written (${TextFile.reasonOf(error)})`))
        )
  )
}
