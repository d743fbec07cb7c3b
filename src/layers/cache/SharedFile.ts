/**
 * Credentials that the processes of one machine share through a file: one of them asks the source, the others wait for
 * what it gets.
 *
 * @since 0.1.0
 */
import { dirname } from "node:path"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import { StsCredentialError } from "../../schemas/StsError.js"
import type { CredentialSource, SourceError } from "../../services/CredentialSource.js"
import { advisoryWindowOf, jitterShare, type Renewable } from "../../services/Refreshing.js"
import { captured } from "../captured.js"
import { write } from "../secureFile.js"
import { type Outcome, whileHeld } from "./Lock.js"
import { type Litter, sweep } from "./litter.js"
import { exposureOf } from "./ownership.js"

/**
 * Credentials of a file. Times in milliseconds since 1970.
 *
 * @category models
 * @since 0.1.0
 */
export interface Entry<Credentials> {
  readonly credentials: Credentials
  readonly expiresAt: number
  /** From then on they are renewed by one process, while they serve the others on. */
  readonly dueAt: number
}

/**
 * When credentials of a file are due, in milliseconds: when a refresher, which every process may have above it, first
 * asks for new ones.
 *
 * @category accessors
 * @since 0.1.0
 */
export const dueAt = (expiresAt: number, lifetime: number): number =>
  expiresAt - advisoryWindowOf(lifetime) * (1 + jitterShare)

/**
 * A file, and how it is written and read.
 *
 * @category models
 * @since 0.1.0
 */
export interface Place<Credentials> {
  readonly file: string
  readonly encode: (credentials: Credentials, now: number) => string
  /** The credentials, or in words what the file is instead. */
  readonly decode: (text: string) => Either.Either<Entry<Credentials>, string>
}

/**
 * What a cache needs.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options<Credentials, R> {
  /** Where the credentials are kept. Where that is not known the source is asked, which says what is wrong. */
  readonly place: Effect.Effect<Place<Credentials>, SourceError, R>
  /** How long to wait for a process that is asking the source. A minute. */
  readonly patience?: Duration.DurationInput | undefined
  /** After how long a process that is asking the source counts as gone. 5 minutes. */
  readonly staleAfter?: Duration.DurationInput | undefined
  readonly litter: Litter
}

const minute = 60_000
const pauses = { first: 20, growth: 1.5, longest: 250 }

const reasonOf = (error: { readonly _tag: string; readonly reason?: string }): string =>
  error.reason ?? error._tag

class SharedFile<Credentials extends Renewable> {
  private readonly warned = new Set<string>()
  private readonly patience: number
  private readonly staleAfter: number
  private rejected: string | undefined

  constructor(
    private readonly fs: FileSystem.FileSystem,
    private readonly source: CredentialSource<Credentials>,
    private readonly options: Options<Credentials, never>
  ) {
    this.patience = Duration.toMillis(options.patience ?? minute)
    this.staleAfter = Duration.toMillis(options.staleAfter ?? 5 * minute)
  }

  readonly get: Effect.Effect<Credentials, SourceError> = Effect.suspend(() =>
    Effect.flatMap(this.place, (place) =>
      place === undefined
        ? this.source.get
        : Effect.flatMap(this.look(place), (found) =>
            Effect.flatMap(this.isGood(found), (good) =>
              good && found !== undefined ? Effect.succeed(found.credentials) : this.renewed(place, found)
            )
          )
    )
  )

  invalidate(accessKeyId: string): Effect.Effect<void> {
    return Effect.gen(this, function* () {
      this.rejected = accessKeyId
      const place = yield* this.place
      if (place !== undefined) {
        const forget = Effect.flatMap(this.look(place), (found) =>
          found?.credentials.accessKeyId === accessKeyId
            ? Effect.ignore(this.fs.remove(place.file))
            : Effect.void
        )
        yield* this.inTurn(place, forget, Effect.succeedNone)
      }
      yield* this.source.invalidate?.(accessKeyId) ?? Effect.void
    })
  }

  private warn(text: string): Effect.Effect<void> {
    return Effect.suspend(() => {
      if (this.warned.has(text)) return Effect.void
      this.warned.add(text)
      return Effect.logWarning(text)
    })
  }

  /** The file's place, unless nobody knows it or others could put credentials there. */
  private get place(): Effect.Effect<Place<Credentials> | undefined> {
    return Effect.gen(this, function* () {
      const place = yield* Effect.option(this.options.place)
      if (Option.isNone(place)) return undefined
      const folder = dirname(place.value.file)
      yield* Effect.ignore(this.fs.makeDirectory(folder, { recursive: true, mode: 0o700 }))
      const fault = yield* this.fs.stat(folder).pipe(
        Effect.flatMap(exposureOf),
        Effect.match({
          onSuccess: ({ forged }) => forged,
          onFailure: (error) => `cannot be made (${reasonOf(error)})`
        })
      )
      if (fault === undefined) return place.value
      yield* this.warn(`Credentials are not kept in ${folder}: it ${fault}`)
      return undefined
    })
  }

  private look({ decode, file }: Place<Credentials>): Effect.Effect<Entry<Credentials> | undefined> {
    const refuse = (why: string) =>
      Effect.as(this.warn(`${file} is not used and is replaced: ${why}`), undefined)
    return Effect.gen(this, function* () {
      const { forged, readable } = yield* exposureOf(yield* this.fs.stat(file))
      if (forged !== undefined) return yield* refuse(`it ${forged}`)
      if (readable) yield* this.warn(`${file} holds secrets and can be read by others: chmod 600 ${file}`)
      const entry = decode(yield* this.fs.readFileString(file))
      return entry._tag === "Right" ? entry.right : yield* refuse(entry.left)
    }).pipe(
      Effect.catchAll((error) =>
        error._tag === "SystemError" && error.reason === "NotFound"
          ? Effect.succeed(undefined)
          : refuse(`it cannot be read (${reasonOf(error)})`)
      )
    )
  }

  private lasts(entry: Entry<Credentials> | undefined, until: number): Effect.Effect<boolean> {
    return Effect.map(
      Clock.currentTimeMillis,
      (now) => entry !== undefined && entry.credentials.accessKeyId !== this.rejected && now < until
    )
  }

  /** Whether nobody needs to ask the source: what was found is not due, or somebody has renewed it meanwhile. */
  private isGood(found: Entry<Credentials> | undefined, before?: Entry<Credentials>): Effect.Effect<boolean> {
    if (found === undefined) return Effect.succeed(false)
    const isNew = before !== undefined && before.credentials.accessKeyId !== found.credentials.accessKeyId
    return this.lasts(found, isNew ? found.expiresAt - minute : found.dueAt)
  }

  private renewed(
    place: Place<Credentials>,
    before: Entry<Credentials> | undefined
  ): Effect.Effect<Credentials, SourceError> {
    const meanwhile = Effect.gen(this, function* () {
      const found = yield* this.look(place)
      const serves =
        (yield* this.isGood(found, before)) || (yield* this.lasts(found, (found?.expiresAt ?? 0) - minute))
      return found !== undefined && serves ? Option.some(found.credentials) : Option.none()
    })
    return this.inTurn(place, this.renew(place, before), meanwhile)
  }

  /** Runs an effect while no other process runs one, unless waiting has brought what was waited for. */
  private inTurn<A, E>(
    place: Place<Credentials>,
    use: Effect.Effect<A, E>,
    meanwhile: Effect.Effect<Option.Option<A>>
  ): Effect.Effect<A, E> {
    const { patience, staleAfter } = this
    const lock = { path: `${place.file}.lock`, staleAfter }
    const without = (why: string) =>
      Effect.zipRight(this.warn(`Another process may renew ${place.file} at the same time: ${why}`), use)
    const wait = (waited: number, pause: number): Effect.Effect<A, E> =>
      waited >= patience
        ? without(`its lock was held for ${Math.round(patience / 1000)} s`)
        : Effect.flatMap(Random.next, (random) => {
            const now = Math.ceil(pause * (1 + random))
            return Effect.zipRight(
              Effect.sleep(now),
              from(waited + now, Math.min(pause * pauses.growth, pauses.longest))
            )
          })
    const from = (waited: number, pause: number): Effect.Effect<A, E> =>
      Effect.flatMap(whileHeld(this.fs, lock, use), (outcome: Outcome<A>) => {
        if (outcome._tag === "Done") return Effect.succeed(outcome.value)
        if (outcome._tag === "Impossible") return without(`it cannot be locked (${outcome.reason})`)
        return Effect.flatMap(meanwhile, (found) =>
          Option.isSome(found) ? Effect.succeed(found.value) : wait(waited, pause)
        )
      })
    return from(0, pauses.first)
  }

  /** Looks again first: another process may have been here. */
  private renew(
    place: Place<Credentials>,
    before: Entry<Credentials> | undefined
  ): Effect.Effect<Credentials, SourceError> {
    return Effect.uninterruptibleMask((restore) =>
      Effect.gen(this, function* () {
        const found = yield* this.look(place)
        if (found !== undefined && (yield* this.isGood(found, before))) return found.credentials
        const answer = yield* Effect.either(restore(this.source.get))
        if (answer._tag === "Right") {
          // Nothing comes between the answer and the file: it may have cost somebody a code.
          yield* this.keep(place, answer.right)
          return answer.right
        }
        const error = answer.left
        const passes = error instanceof StsCredentialError && error.recoverable
        if (!passes || found === undefined || !(yield* this.lasts(found, found.expiresAt)))
          return yield* error
        yield* Effect.logWarning(`${this.source.name} could not renew credentials. ${error.message}`)
        return found.credentials
      })
    )
  }

  /** Credentials that never end are not written: they would outlive whatever gave them. */
  private keep({ encode, file }: Place<Credentials>, credentials: Credentials): Effect.Effect<void> {
    const { expiration } = credentials
    if (expiration === undefined) return Effect.void
    return Effect.flatMap(Clock.currentTimeMillis, (now) =>
      DateTime.toEpochMillis(expiration) <= now
        ? Effect.void
        : write(this.fs, file, encode(credentials, now)).pipe(
            Effect.zipRight(sweep(this.fs, dirname(file), this.options.litter)),
            Effect.catchAll((error) => this.warn(`${file} could not be written (${reasonOf(error)})`))
          )
    )
  }
}

/**
 * A source whose credentials are shared through a file. Nothing that goes wrong with the file keeps credentials from who
 * asks: it is warned of once, and the source asked.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = <Credentials extends Renewable, R>(
  source: CredentialSource<Credentials>,
  { place, ...options }: Options<Credentials, R>
): Effect.Effect<CredentialSource<Credentials>, never, R | FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const withServices = yield* captured<R>()
    const shared = new SharedFile(fs, source, { ...options, place: withServices(place) })
    return {
      name: source.name,
      get: shared.get,
      invalidate: (accessKeyId) => shared.invalidate(accessKeyId)
    }
  })
