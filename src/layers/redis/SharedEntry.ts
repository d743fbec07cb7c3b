/**
 * Credentials that the processes of a fleet share through an entry in Redis: one of them asks the source while it holds a
 * lease, the others go on with what is valid or wait for what it gets.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import { decode, entryId, type Names } from "../../protocol/redisEntry.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import type { SourceError } from "../../services/CredentialSource.js"
import { between, memory, type Renewable } from "../../services/RefreshSchedule.js"
import { RandomBytes } from "../cache/Lock.js"
import type { Listener } from "./Engine.js"
import { type Held, KeptCredentials, leftOf } from "./KeptCredentials.js"
import { codeOf, Outage, SharedFailure } from "./outages.js"
import { count, firstWord, type Grant, type Kept, type Parts, Renewal } from "./Renewal.js"
import { type Look, lookIn, type Steps, stepsOf } from "./steps.js"
import { passed, type Stamp, stamp } from "./Times.js"

/** Between two looks of who waits: it doubles, and is told of a message earlier. In milliseconds. */
const poll = { first: 50, longest: 500 }

/** What is known of the search of one read. */
interface Search {
  readonly names: Names
  readonly steps: Steps
  readonly began: Stamp
  rounds: number
  listener: Listener | undefined
  /** An entry that a key of ours does not open, so that it is replaced. */
  spoiled: string | undefined
  /** Whether credentials have ended in our hands. */
  ended: boolean
}

export class SharedEntry<Credentials extends Renewable> {
  private digest: string | undefined
  private readonly kept: KeptCredentials<Credentials>
  private readonly renewal: Renewal<Credentials>
  private readonly outage: Outage
  private readonly failure: SharedFailure
  private warned = false

  constructor(private readonly parts: Parts<Credentials>) {
    this.kept = new KeptCredentials(parts.fromContent)
    this.renewal = new Renewal(parts, this.kept)
    this.outage = new Outage(parts.source.name)
    this.failure = new SharedFailure(parts.cloud, parts.source.name)
  }

  readonly get: Effect.Effect<Credentials, SourceError> = Effect.gen({ self: this }, function* () {
    const names = yield* this.names
    if (names === undefined) return yield* this.parts.source.get
    const now = yield* stamp
    if (this.outage.endsAt(now) !== undefined) return yield* this.bypass
    const failure = this.failure.at(now)
    if (failure !== undefined) return yield* this.goOn(failure, undefined)
    const search: Search = {
      names,
      steps: stepsOf(names),
      began: now,
      rounds: 0,
      listener: undefined,
      spoiled: undefined,
      ended: false
    }
    return yield* Effect.ensuring(
      this.search(search),
      Effect.suspend(() => search.listener?.stop ?? Effect.void)
    )
  })

  invalidate(accessKeyId: string): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      this.kept.rejected = accessKeyId
      const names = yield* this.names
      const now = yield* stamp
      if (names !== undefined && this.outage.endsAt(now) === undefined) {
        // Where Redis does not hear of it, the next look of this process replaces the entry.
        yield* this.parts.engine.run(stepsOf(names).invalidate(entryId(names.digest, accessKeyId)))
      }
      yield* this.parts.source.invalidate?.(accessKeyId) ?? Effect.void
    })
  }

  /** Where the entry is. What is kept for another purpose is forgotten. */
  private get names(): Effect.Effect<Names | undefined> {
    return Effect.map(Effect.result(this.parts.names), (known) => {
      const names = Result.getOrUndefined(known)
      if (names !== undefined && names.digest !== this.digest) {
        this.digest = names.digest
        this.kept.last = undefined
        this.failure.end()
      }
      return names
    })
  }

  /** Looks until there is something to give. A lease that was granted is used or given back, whatever interrupts. */
  private search(search: Search): Effect.Effect<Credentials, SourceError> {
    return Effect.uninterruptibleMask((restore) =>
      Effect.gen({ self: this }, function* () {
        for (; ; search.rounds++) {
          const random = yield* RandomBytes
          const token = Buffer.from(yield* random(16)).toString("base64url")
          const sent = yield* stamp
          const { digest } = search.names
          const { rejected } = this.kept
          const unwanted = search.spoiled ?? (rejected === undefined ? "-" : entryId(digest, rejected))
          const outcome = yield* restore(
            this.parts.engine.run(search.steps.look(token, this.parts.times.lease, unwanted))
          )
          if (outcome._tag === "Away") {
            return yield* restore(Effect.andThen(this.outage.begin(outcome.why), this.bypass))
          }
          const look = lookIn(outcome.reply)
          this.renewal.tell(look.now, sent)
          const given =
            look.fence === ""
              ? yield* restore(this.others(search, look, sent))
              : yield* this.granted(search, { digest, steps: search.steps, token, look, sent }, restore)
          if (given !== undefined) return given
        }
      })
    )
  }

  /** This process renews. Nothing where it has to look again. */
  private granted(
    search: Search,
    grant: Grant,
    restore: <A, E>(effect: Effect.Effect<A, E>) => Effect.Effect<A, E>
  ): Effect.Effect<Credentials | undefined, SourceError> {
    return Effect.gen({ self: this }, function* () {
      const { engine, keyring, source } = this.parts
      this.outage.end()
      const decoded = decode(keyring, grant.digest, grant.look.entry)
      const release = engine.run(grant.steps.release(grant.token))
      if (grant.look.entry !== "" && decoded._tag === "Foreign") {
        yield* release
        return yield* restore(this.foreign)
      }
      const now = yield* stamp
      const { last } = this.kept
      // Redis was emptied, or away when this was got: nobody need ask again.
      if (last !== undefined && this.kept.isGood(last, now, last.window))
        return yield* this.settle(search, yield* this.renewal.put(grant, last))
      const asked = yield* Effect.exit(restore(this.renewal.ask(grant)))
      if (Exit.isSuccess(asked)) {
        yield* count(this.parts.cloud, "renewal")
        this.warned = false
        if (asked.value.expiration !== undefined) {
          const fresh = yield* this.renewal.fresh(asked.value)
          return yield* this.settle(search, yield* this.renewal.put(grant, fresh))
        }
        // What never ends, or does not say when, is not kept: it would outlive whoever gave it.
        yield* release
        return asked.value
      }
      const error = Option.getOrUndefined(Cause.findErrorOption(asked.cause))
      const code = error === undefined ? undefined : codeOf(error)
      const millis = between(memory, yield* Random.next)
      yield* code === undefined ? release : engine.run(grant.steps.fail(grant.token, code, millis))
      if (error === undefined) return yield* asked
      return yield* this.goOn(error, this.kept.read(decoded, grant.look.now, grant.sent), source.name)
    })
  }

  /** Gives what was put. Nothing where this process has to look again. */
  private settle(
    search: Search,
    { failed, held, now }: Kept<Credentials>
  ): Effect.Effect<Credentials | undefined> {
    return Effect.gen({ self: this }, function* () {
      if (failed !== "") {
        yield* this.outage.begin(failed)
        return this.give(held, now, this.outage.endsAt(now))
      }
      // Stopped for so long that all of it has ended: somebody has newer, or this process gets newer.
      if (leftOf(held, now) <= 0 && !search.ended) {
        search.ended = true
        return undefined
      }
      return this.give(held, now)
    })
  }

  /** Somebody else renews, or has renewed, or nobody can. Nothing where it has to look again. */
  private others(
    search: Search,
    look: Look,
    sent: Stamp
  ): Effect.Effect<Credentials | undefined, SourceError> {
    return Effect.gen({ self: this }, function* () {
      const { mandatory, patience } = this.parts.times
      const now = yield* stamp
      const decoded = decode(this.parts.keyring, search.names.digest, look.entry)
      if (look.entry !== "" && decoded._tag === "Foreign") return yield* this.foreign
      const found = this.kept.read(decoded, look.now, sent)
      if (look.state === "held") this.outage.end()
      if (look.state === "fresh") {
        if (found !== undefined) {
          yield* count(this.parts.cloud, search.rounds === 0 ? "hit" : "wait")
          return this.give(found, now)
        }
        if (search.spoiled !== undefined) return yield* this.foreign
        search.spoiled =
          decoded._tag === "Read" ? decoded.head.id : decoded._tag === "Damaged" ? decoded.id : "-"
        return undefined
      }
      const best = this.kept.better(found, now)
      if (best !== undefined && this.kept.isGood(best, now, mandatory)) {
        yield* count(this.parts.cloud, "hit")
        return this.give(best, now)
      }
      if (look.state.startsWith("!")) {
        return yield* this.goOn(this.failure.tell(look.state, now, look.rest), found)
      }
      if (look.state !== "held") {
        return yield* Effect.andThen(this.outage.begin(firstWord(look.state)), this.bypass)
      }
      if (passed(search.began, now) >= patience) return yield* this.bypass
      yield* this.wait(search, look.rest)
      return undefined
    })
  }

  /** Waits a little for whoever holds the lease. What came before this process could hear is seen by a look at once. */
  private wait(search: Search, lasts: number): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      const { listener } = search
      if (listener === undefined) {
        search.listener = yield* Effect.uninterruptible(this.parts.engine.listen(search.names.channel))
        return
      }
      const random = yield* Random.next
      const pause = Math.min(poll.longest, poll.first * 2 ** Math.min(search.rounds, 10)) * (0.5 + random)
      yield* listener.wait(Math.ceil(Math.min(pause, lasts + 20 * random)) + 1)
    })
  }

  /** What has not ended is used to its end where the source is down, and to its last minute where it refuses for now. */
  private goOn(
    error: SourceError,
    found: Held<Credentials> | undefined,
    by?: string
  ): Effect.Effect<Credentials, SourceError> {
    return Effect.gen({ self: this }, function* () {
      const now = yield* stamp
      const best = this.kept.better(found, now)
      if (!(error instanceof StsCredentialError && error.mayPass)) return yield* error
      const margin = error.recoverable ? 0 : this.parts.times.mandatory
      if (best === undefined || !this.kept.isGood(best, now, margin)) return yield* error
      const log = this.warned || by === undefined ? Effect.logDebug : Effect.logWarning
      this.warned = true
      yield* log(`${this.parts.source.name} could not renew credentials. ${error.message}`)
      return this.give(best, now)
    })
  }

  private get foreign(): Effect.Effect<Credentials, SourceError> {
    const log = this.warned ? Effect.logDebug : Effect.logWarning
    this.warned = true
    return Effect.andThen(
      log(
        `What Redis keeps of ${this.parts.source.name} is not read, nor replaced: no encryption key of this process opens it`
      ),
      this.bypass
    )
  }

  /**
   * Without Redis. What is kept serves until a moment that each process picks by itself, so that the fleet does not ask all
   * at once; where nothing is kept it waits a little for the same reason.
   */
  private get bypass(): Effect.Effect<Credentials, SourceError> {
    return Effect.gen({ self: this }, function* () {
      const { source, times } = this.parts
      const now = yield* stamp
      const tryAgain = this.outage.endsAt(now)
      yield* count(this.parts.cloud, "bypass")
      const serving = this.kept.lasting(now, times.mandatory)
      if (serving !== undefined) {
        const until = yield* this.outage.servesUntil(serving, now, times.mandatory)
        if (now.wall < until) return this.give(serving, now, Math.min(until, tryAgain ?? until))
      } else if (tryAgain !== undefined && this.kept.lasting(now, 0) === undefined) {
        yield* Effect.sleep(Math.ceil((yield* Random.next) * times.spread))
      }
      const asked = yield* Effect.result(source.get)
      if (Result.isFailure(asked)) return yield* this.goOn(asked.failure, undefined, source.name)
      if (asked.success.expiration === undefined) return asked.success
      this.warned = tryAgain === undefined && this.warned
      return this.give(yield* this.renewal.fresh(asked.success), yield* stamp, tryAgain)
    })
  }

  /** Gives credentials: the source's failure is over. */
  private give(held: Held<Credentials>, now: Stamp, refreshAt?: number): Credentials {
    this.failure.end()
    return this.kept.give(held, now, refreshAt)
  }

  get status() {
    return this.kept.status
  }
}
