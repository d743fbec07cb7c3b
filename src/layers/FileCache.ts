/**
 * Credentials that all processes of one machine share: each session is started once, and a person is asked for a code
 * once.
 *
 * They lie in files that only their owner may read, mode 0600 in a folder of mode 0700, and are encrypted where a key
 * is given. A folder that belongs to another user or that others can write to is not used, and neither is such a file;
 * one that others can read is warned about, and can no longer be read by them once it is replaced. A file that is
 * damaged, for something else, of another version or sealed with another key is warned of once, ignored and replaced.
 *
 * @since 0.1.0
 */
import { isAbsolute, join } from "node:path"
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Result from "effect/Result"
import { decode, encode, fileName, type Purpose, type Seal } from "../protocol/cacheEntry.js"
import { type Cloud, StsConfigError } from "../schemas/StsError.js"
import type { CredentialSource } from "../services/CredentialSource.js"
import {
  dueAt,
  type EntryPlace,
  fromContent,
  makeSeals,
  outlived,
  type Sharing,
  toKept,
  unfinished
} from "./cache/entryFile.js"
import type { CredentialsOf, EncryptionKey } from "./cache/Purpose.js"
import * as SharedFile from "./cache/SharedFile.js"
import { expand, here, located } from "./HomeDirectory.js"

/**
 * What the credentials are for.
 *
 * @since 0.1.0
 */
export * from "./cache/Purpose.js"

/**
 * Where credentials are kept, and what they are for.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options extends Sharing {
  /** An absolute path, or one that begins with `~/`. The folder is made when it is needed. */
  readonly directory: string
  /** Encrypts what is kept: 32 bytes, or a passphrase. Files without encryption are then neither read nor replaced. */
  readonly encryptionKey?: EncryptionKey | undefined
  /**
   * After how long a process that is asking the source counts as gone although it seems to be alive. One that has ended
   * on the same machine is noticed at once. Default: 5 minutes.
   */
  readonly staleAfter?: Duration.Input | undefined
}

const placeFor = <C extends Cloud>(
  cloud: C,
  directory: string,
  stated: Purpose,
  seal: Seal | undefined
): EntryPlace<CredentialsOf[C]> => {
  const purpose = { cloud, ...stated }
  return {
    file: join(directory, fileName(purpose, seal !== undefined)),
    encode: (credentials, now) => {
      const { expiration } = credentials
      const expiresAt = expiration === undefined ? now : DateTime.toEpochMillis(expiration)
      return encode(purpose, { ...toKept(cloud, credentials), issuedAt: now, expiresAt }, seal)
    },
    decode: (text) =>
      Result.gen(function* () {
        const content = yield* decode(purpose, text, seal)
        const { expiresAt, issuedAt } = content
        return {
          credentials: yield* fromContent(cloud, content),
          expiresAt,
          dueAt: dueAt(expiresAt, expiresAt - issuedAt)
        }
      })
  }
}

const sealing = (
  key: EncryptionKey | undefined
): Result.Result<Effect.Effect<Seal | undefined>, StsConfigError> =>
  key === undefined ? Result.succeed(Effect.succeed(undefined)) : makeSeals(key)

/**
 * A source that asks another only where the cache's file has no credentials that are still good: of all processes that
 * find none, one asks, and the others wait for what it gets. Where credentials are due and another process is renewing
 * them, or the source is down, those of the file serve until they end. Credentials that never end are not kept.
 *
 * A process that ends while it asks, however suddenly, holds nobody up. Where the folder cannot be used, or a lock not
 * be had in time, there is a warning, and the source is asked as if there were no cache.
 *
 * It keeps nothing in memory: put it below `Refreshing`.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Layer from "effect/Layer"
 * import { Aws, FileCache, Refreshing } from "effect-sts"
 *
 * const role = {
 *   roleArn: "arn:aws:iam::123456789012:role/auditor",
 *   mfaSerial: "arn:aws:iam::123456789012:mfa/alice"
 * }
 * const base = Aws.Environment.source
 *
 * const auditor = Aws.AssumedRole.make(base, role).pipe(
 *   Effect.flatMap((source) =>
 *     FileCache.make("aws", source, {
 *       directory: "/home/alice/.cache/effect-sts",
 *       key: FileCache.keyOfRole("aws", base, role)
 *     })
 *   )
 * )
 *
 * const provider = Layer.effect(
 *   Aws.CredentialProvider,
 *   Effect.map(auditor, (source) => Refreshing.make("aws", source))
 * )
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = <C extends Cloud>(
  cloud: C,
  source: CredentialSource<CredentialsOf[C]>,
  { directory, encryptionKey, key, ...times }: Options
): Effect.Effect<CredentialSource<CredentialsOf[C]>, StsConfigError, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const folder = expand(directory, yield* located(here), here)
    if (!isAbsolute(folder)) {
      return yield* new StsConfigError({ key: "FileCache.directory", detail: "must be an absolute path" })
    }
    const seal = yield* Effect.fromResult(sealing(encryptionKey))
    const purpose = Effect.isEffect(key) ? key : Effect.succeed(key)
    return yield* SharedFile.make(source, {
      place: Effect.zipWith(purpose, seal, (stated, sealed) => placeFor(cloud, folder, stated, sealed)),
      ...times,
      leftovers: [...unfinished, ...outlived]
    })
  })
