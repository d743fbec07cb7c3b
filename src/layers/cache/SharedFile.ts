/**
 * Credentials that the processes of one machine share through a file: one of them asks the source, the others wait for
 * what it gets.
 */

import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import { StsCredentialError } from "../../schemas/StsError.js"
import type { CredentialSource, SourceError } from "../../services/CredentialSource.js"
import type { Renewable } from "../../services/Refreshing.js"
import { type Warn, warnOnce } from "../PrivateFile.js"
import { provideCaptured } from "../platform.js"
import { type Entry, type EntryPlace, isOwn, keep, type Leftovers, read } from "./entryFile.js"
import { type Lock, whileHeld } from "./Lock.js"

/** What is done in turn, and how long it waits. */
interface Turn<A, E> {
  readonly lock: Lock
  /** Milliseconds to wait for the lock. */
  readonly patience: number
  readonly use: Effect.Effect<A, E>
  /** Whether waiting has brought what was waited for. Asked while another process holds the lock. */
  readonly meanwhile: Effect.Effect<Option.Option<A>>
  readonly warn: Warn
}

const pauses = { first: 20, growth: 1.5, longest: 250 }

/**
 * Runs an effect while no other process runs one in turn. Where the lock is not to be had it is run all the same, with a
 * warning.
 */
export const inTurn = <A, E>(
  fs: FileSystem.FileSystem,
  { lock, meanwhile, patience, use, warn }: Turn<A, E>
): Effect.Effect<A, E> => {
  const without = (why: string) =>
    Effect.andThen(warn(`Other processes may do the same at the same time: ${lock.path} ${why}`), use)
  const wait = (waited: number, pause: number): Effect.Effect<A, E> =>
    waited >= patience
      ? without(`was held for ${Math.round(patience / 1000)} s`)
      : Effect.flatMap(Random.next, (random) => {
          const now = Math.ceil(pause * (1 + random))
          return Effect.andThen(
            Effect.sleep(now),
            from(waited + now, Math.min(pause * pauses.growth, pauses.longest))
          )
        })
  const from = (waited: number, pause: number): Effect.Effect<A, E> =>
    Effect.flatMap(whileHeld(fs, lock, use), (outcome): Effect.Effect<A, E> => {
      switch (outcome._tag) {
        case "Done":
          return Effect.succeed(outcome.value)
        case "Impossible":
          return without(`cannot be made (${outcome.reason})`)
        case "Busy":
          return Effect.flatMap(meanwhile, (found) =>
            Option.isSome(found) ? Effect.succeed(found.value) : wait(waited, pause)
          )
      }
    })
  return from(0, pauses.first)
}

/** What a cache needs. */
interface Options<Credentials, R> {
  /** Where the credentials are kept. Where that is not known the source is asked, which says what is wrong. */
  readonly place: Effect.Effect<EntryPlace<Credentials>, SourceError, R>
  /** How long to wait for a process that is asking the source. A minute. */
  readonly maxWait?: Duration.Input | undefined
  /** After how long a process that is asking the source counts as gone. 5 minutes. */
  readonly staleAfter?: Duration.Input | undefined
  readonly leftovers: Leftovers
}

const minute = 60_000

class SharedFile<Credentials extends Renewable> {
  private readonly warn = warnOnce()
  private readonly patience: number
  private readonly staleAfter: number
  private rejected: string | undefined
  private warned = false

  constructor(
    private readonly fs: FileSystem.FileSystem,
    private readonly source: CredentialSource<Credentials>,
    private readonly options: Options<Credentials, never>
  ) {
    this.patience = Duration.toMillis(options.maxWait ?? minute)
    this.staleAfter = Duration.toMillis(options.staleAfter ?? 5 * minute)
  }

  readonly get: Effect.Effect<Credentials, SourceError> = Effect.gen({ self: this }, function* () {
    const place = yield* this.place
    if (place === undefined) return yield* this.source.get
    const found = yield* this.look(place)
    return found !== undefined && (yield* this.isGood(found))
      ? found.credentials
      : yield* this.renewed(place, found)
  })

  invalidate(accessKeyId: string): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      this.rejected = accessKeyId
      const place = yield* this.place
      if (place !== undefined) yield* this.forget(place, accessKeyId)
      yield* this.source.invalidate?.(accessKeyId) ?? Effect.void
    })
  }

  /** The file's place, unless nobody knows it or others could put credentials there. */
  private get place(): Effect.Effect<EntryPlace<Credentials> | undefined> {
    return Effect.flatMap(Effect.option(this.options.place), (known) => {
      const place = Option.getOrUndefined(known)
      return place === undefined
        ? Effect.succeed(undefined)
        : Effect.map(isOwn(this.fs, place.file, this.warn), (own) => (own ? place : undefined))
    })
  }

  private look(place: EntryPlace<Credentials>): Effect.Effect<Entry<Credentials> | undefined> {
    return read(this.fs, place, this.warn)
  }

  private inTurn<A, E>(
    { file }: EntryPlace<Credentials>,
    use: Effect.Effect<A, E>,
    meanwhile: Effect.Effect<Option.Option<A>>
  ): Effect.Effect<A, E> {
    const { fs, patience, staleAfter, warn } = this
    return inTurn(fs, { lock: { path: `${file}.lock`, staleAfter }, patience, use, meanwhile, warn })
  }

  private forget(place: EntryPlace<Credentials>, accessKeyId: string): Effect.Effect<void> {
    const remove = Effect.flatMap(this.look(place), (found) =>
      found?.credentials.accessKeyId === accessKeyId ? Effect.ignore(this.fs.remove(place.file)) : Effect.void
    )
    return this.inTurn(place, remove, Effect.succeedNone)
  }

  private lasts(entry: Entry<Credentials>, until: number): Effect.Effect<boolean> {
    return Effect.map(
      Clock.currentTimeMillis,
      (now) => entry.credentials.accessKeyId !== this.rejected && now < until
    )
  }

  /** Whether nobody needs to ask the source: what was found is not due, or somebody has renewed it meanwhile. */
  private isGood(found: Entry<Credentials>, before?: Entry<Credentials>): Effect.Effect<boolean> {
    const isNew = before !== undefined && before.credentials.accessKeyId !== found.credentials.accessKeyId
    return this.lasts(found, isNew ? found.expiresAt - minute : found.dueAt)
  }

  private renewed(
    place: EntryPlace<Credentials>,
    before: Entry<Credentials> | undefined
  ): Effect.Effect<Credentials, SourceError> {
    // Until their last minute credentials serve while another process renews them.
    const meanwhile = Effect.gen({ self: this }, function* () {
      const found = yield* this.look(place)
      return found !== undefined && (yield* this.lasts(found, found.expiresAt - minute))
        ? Option.some(found.credentials)
        : Option.none()
    })
    return this.inTurn(place, this.renew(place, before), meanwhile)
  }

  /** Looks again first: another process may have been here. */
  private renew(
    place: EntryPlace<Credentials>,
    before: Entry<Credentials> | undefined
  ): Effect.Effect<Credentials, SourceError> {
    return Effect.uninterruptibleMask((restore) =>
      Effect.gen({ self: this }, function* () {
        const found = yield* this.look(place)
        if (found !== undefined && (yield* this.isGood(found, before))) return found.credentials
        const answer = yield* Effect.result(restore(this.source.get))
        if (answer._tag === "Failure") return yield* this.goOn(found, answer.failure)
        this.warned = false
        // Nothing comes between the answer and the file: it may have cost somebody a code.
        yield* keep(this.fs, place, answer.success, this.options.leftovers, this.warn)
        return answer.success
      })
    )
  }

  /** What has not ended is used to its end where the source is down, and to its last minute where it refuses for now. */
  private goOn(
    found: Entry<Credentials> | undefined,
    error: SourceError
  ): Effect.Effect<Credentials, SourceError> {
    return Effect.gen({ self: this }, function* () {
      const passes = error instanceof StsCredentialError && error.retryable
      if (!passes || found === undefined) return yield* error
      const until = error.reason === "Unavailable" ? found.expiresAt : found.expiresAt - minute
      if (!(yield* this.lasts(found, until))) return yield* error
      const log = this.warned ? Effect.logDebug : Effect.logWarning
      this.warned = true
      yield* log(`${this.source.name} could not renew credentials. ${error.message}`)
      return found.credentials
    })
  }
}

/**
 * A source whose credentials are shared through a file. Nothing that goes wrong with the file keeps credentials from who
 * asks: it is warned of once, and the source asked.
 */
export const make = <Credentials extends Renewable, R>(
  source: CredentialSource<Credentials>,
  { place, ...options }: Options<Credentials, R>
): Effect.Effect<CredentialSource<Credentials>, never, R | FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const withServices = yield* provideCaptured<R>()
    const shared = new SharedFile(fs, source, { ...options, place: withServices(place) })
    return {
      name: source.name,
      get: shared.get,
      invalidate: (accessKeyId) => shared.invalidate(accessKeyId)
    }
  })
