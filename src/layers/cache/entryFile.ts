/**
 * The file of a cache's credentials: what it holds, and the seal around that. It is read and written, neither where it is
 * not its owner's alone, and what processes that ended too early have left beside it goes.
 */

import { dirname, join } from "node:path"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import {
  type Content,
  keyOf,
  lengths,
  open,
  type Purpose,
  type Seal,
  seal
} from "../../protocol/cacheEntry.js"
import { type JsonObject, textIfAny } from "../../protocol/json.js"
import { type Cloud, StsConfigError, type StsCredentialError } from "../../schemas/StsError.js"
import type { SourceError } from "../../services/CredentialSource.js"
import { advisoryWindowOf, jitterShare, type Renewable } from "../../services/RefreshSchedule.js"
import { read as readAlibaba } from "../alibaba/credentials.js"
import { read as readAws } from "../aws/credentials.js"
import type { Found, Place } from "../credentials.js"
import { faultOf, makeFolder, readRegular, reasonOf, type Warn, write } from "../PrivateFile.js"
import { isPartOf, RandomBytes, ThisProcess } from "./Lock.js"
import type { CredentialsOf, EncryptionKey } from "./Purpose.js"

/** What can be set of every cache that processes share. */
export interface Sharing {
  /**
   * Everything that the credentials depend on, above all whose they are: the same key gives the same credentials.
   * `keyOfRole` makes one for roles. It must not contain a secret: a file has it as it is, and Redis its hash.
   */
  readonly key: Purpose | Effect.Effect<Purpose, SourceError>
  /** How long to wait for another process that is asking the source before asking it here too. Default: 1 minute. */
  readonly maxWait?: Duration.Input | undefined
}

/** What of credentials is kept; the times are the file's matter. */
type Kept = Omit<Content, "issuedAt" | "expiresAt">

interface Codec<Credentials> {
  readonly toKept: (credentials: Credentials) => Kept
  readonly read: (
    place: Place,
    found: Found & { readonly accountId?: string | undefined }
  ) => Result.Result<Credentials, StsCredentialError>
}

const revealed = (secret: Redacted.Redacted | undefined): string | undefined =>
  secret === undefined ? undefined : Redacted.value(secret)

const codecs: { readonly [C in Cloud]: Codec<CredentialsOf[C]> } = {
  alibaba: {
    toKept: ({ accessKeyId, accessKeySecret, securityToken, source }) => ({
      id: accessKeyId,
      secret: Redacted.value(accessKeySecret),
      token: revealed(securityToken),
      accountId: undefined,
      source
    }),
    read: readAlibaba
  },
  aws: {
    toKept: ({ accessKeyId, accountId, secretAccessKey, sessionToken, source }) => ({
      id: accessKeyId,
      secret: Redacted.value(secretAccessKey),
      token: revealed(sessionToken),
      accountId,
      source
    }),
    read: readAws
  }
}

/** What of credentials is kept. */
export const toKept = <C extends Cloud>(cloud: C, credentials: CredentialsOf[C]): Kept =>
  codecs[cloud].toKept(credentials)

const keys: Place["keys"] = { id: "id", secret: "secret", token: "token", expiration: "expiresAt" }

/** The credentials of a file; none where they cannot be any. */
export const fromContent = <C extends Cloud>(
  cloud: C,
  { expiresAt, source, ...found }: Content
): Result.Result<CredentialsOf[C], string> =>
  Result.mapError(
    codecs[cloud].read(
      { source: source ?? "file cache", keys },
      { ...found, expiration: new Date(expiresAt).toISOString() }
    ),
    () => "it is damaged"
  )

/** The key's bytes or the passphrase, or what is wrong with it: a program without types may state anything. */
export const secretOf = (stated: EncryptionKey | undefined): Result.Result<Uint8Array | string, string> => {
  const secret: unknown = Redacted.isRedacted(stated) ? Redacted.value<unknown>(stated) : ""
  const isKey = secret instanceof Uint8Array
  if (!isKey && typeof secret !== "string") return Result.fail("must be bytes or a passphrase")
  if (secret.length === 0) return Result.fail("is empty")
  return isKey && secret.length !== lengths.key
    ? Result.fail(`must be ${lengths.key} bytes`)
    : Result.succeed(secret)
}

const inBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64")

const bytes = (object: JsonObject, name: string): Uint8Array =>
  Buffer.from(textIfAny(object, name) ?? "", "base64")

type KeyFor = (salt: Uint8Array) => Uint8Array

// Making a key of a passphrase is slow by design, so the last one is remembered.
const remembering = (passphrase: Redacted.Redacted<string>): KeyFor => {
  let last: { readonly salt: string; readonly key: Redacted.Redacted<Uint8Array> } | undefined
  return (salt) => {
    const name = inBase64(salt)
    if (last?.salt !== name) {
      last = { salt: name, key: Redacted.make(keyOf(Redacted.value(passphrase), salt)) }
    }
    return Redacted.value(last.key)
  }
}

/**
 * Makes seals, each with a nonce of its own. A key of another length than 32 bytes or an empty passphrase is a
 * `StsConfigError`.
 */
export const makeSeals = (
  encryptionKey: EncryptionKey
): Result.Result<Effect.Effect<Seal>, StsConfigError> => {
  const stated = secretOf(encryptionKey)
  if (Result.isFailure(stated)) {
    return Result.fail(new StsConfigError({ key: "FileCache.encryptionKey", detail: stated.failure }))
  }
  const secret = stated.success
  const isKey = typeof secret !== "string"
  const keyFor: KeyFor = isKey ? () => secret : remembering(Redacted.make(secret))
  const sealing = (nonce: Uint8Array, salt: Uint8Array): Seal => ({
    close: (header, content) => ({
      ...(isKey ? {} : { salt: inBase64(salt) }),
      nonce: inBase64(nonce),
      text: inBase64(seal(keyFor(salt), nonce, header, content))
    }),
    open: (header, sealed) =>
      open(keyFor(bytes(sealed, "salt")), bytes(sealed, "nonce"), header, bytes(sealed, "text"))
  })
  return Result.succeed(
    Effect.flatMap(RandomBytes, (random) =>
      Effect.zipWith(random(lengths.nonce), random(lengths.salt), sealing)
    )
  )
}

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
export type Leftovers = ReadonlyArray<{
  readonly name: RegExp
  readonly age: number
  /** The name of the lock that such a file may be a part of, and is no leftover then. */
  readonly lock?: ((name: string) => string) | undefined
}>

/** Files that were begun and never put in their place, and successors of locks that are no more. */
export const unfinished: Leftovers = [
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
export const outlived: Leftovers = [{ name: /^[0-9a-f]{64}(\.sealed)?\.json$/, age: 3 * day }]

const ageOf = (fs: FileSystem.FileSystem, file: string): Effect.Effect<number> =>
  Effect.zipWith(Clock.currentTimeMillis, Effect.option(fs.stat(file)), (now, info) => {
    const written = Option.getOrUndefined(Option.flatMap(info, ({ mtime }) => mtime))
    return written === undefined ? 0 : now - written.getTime()
  })

/** Removes such files. What cannot be removed stays. */
const sweep = (fs: FileSystem.FileSystem, folder: string, leftovers: Leftovers): Effect.Effect<void> =>
  Effect.gen(function* () {
    for (const name of yield* fs.readDirectory(folder)) {
      const kind = leftovers.find((one) => one.name.test(name))
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
export interface EntryPlace<Credentials> {
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
        : Effect.succeed("is not a folder"),
    onFailure: (error) => Effect.succeed(`cannot be made (${reasonOf(error)})`)
  })
  return Effect.ignore(makeFolder(fs, folder)).pipe(
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
  { decode, file }: EntryPlace<Credentials>,
  warn: Warn
): Effect.Effect<Entry<Credentials> | undefined> => {
  const refuse = (why: string) => Effect.as(warn(`${file} is not used and is replaced: ${why}`), undefined)
  return Effect.gen(function* () {
    const info = yield* Effect.mapError(fs.stat(file), faultOf)
    const { forged, readable } = yield* exposureOf(info)
    if (forged !== undefined) return yield* refuse(`it ${forged}`)
    if (readable) yield* warn(`${file} holds secrets and can be read by others: chmod 600 ${file}`)
    const entry = decode(yield* readRegular(fs, file))
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
  { encode, file }: EntryPlace<Credentials>,
  credentials: Credentials,
  leftovers: Leftovers,
  warn: Warn
): Effect.Effect<void> => {
  const { expiration } = credentials
  if (expiration === undefined) return Effect.void
  return Effect.flatMap(Clock.currentTimeMillis, (now) =>
    DateTime.toEpochMillis(expiration) <= now
      ? Effect.void
      : write(fs, file, encode(credentials, now)).pipe(
          Effect.andThen(sweep(fs, dirname(file), leftovers)),
          Effect.catch((error) => warn(`${file} could not be written (${reasonOf(error)})`))
        )
  )
}
