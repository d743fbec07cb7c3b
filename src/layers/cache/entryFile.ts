/** The file of a cache's credentials: read, written, and neither where it is not its owner's alone. */
import { dirname } from "node:path"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as Result from "effect/Result"
import { advisoryWindowOf, jitterShare, type Renewable } from "../../services/Refreshing.js"
import type { Warn } from "../PrivateFile.js"
import { write } from "../secureFile.js"
import * as TextFile from "../textFile.js"
import { type Litter, sweep } from "./litter.js"
import { exposureOf } from "./ownership.js"

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
