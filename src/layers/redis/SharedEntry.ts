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
import type { SourceError } from "../../services/CredentialSource.js"
import type { Renewable } from "../../services/RefreshSchedule.js"
import { RandomBytes } from "../cache/Lock.js"
import type { Listener } from "./Engine.js"
import { codeOf, Fallback, silenceAfter } from "./Fallback.js"
import { KeptCredentials, leftOf } from "./KeptCredentials.js"
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
  /** The id of an entry that is looked at as if it were not there, or `-`. */
  unwanted: string
  /** Whether that is since a key of ours does not open it, so that it is replaced. */
  spoiled: boolean
  /** Whether credentials have ended in our hands. */
  ended: boolean
}

export class SharedEntry<Credentials extends Renewable> {
  private digest: string | undefined
  private readonly kept: KeptCredentials<Credentials>
  private readonly renewal: Renewal<Credentials>
  private readonly fallback: Fallback<Credentials>

  constructor(private readonly parts: Parts<Credentials>) {
    this.kept = new KeptCredentials(parts.fromContent)
    this.renewal = new Renewal(parts, this.kept)
    this.fallback = new Fallback(parts, this.kept, this.renewal)
  }

  readonly get: Effect.Effect<Credentials, SourceError> = Effect.gen({ self: this }, function* () {
    const names = yield* this.names
    if (names === undefined) return yield* this.parts.source.get
    const now = yield* stamp
    const { failure, outage } = this.fallback
    if (outage.endsAt(now) !== undefined) return yield* this.fallback.bypass
    const failed = failure.at(now)
    if (failed !== undefined) return yield* this.fallback.goOn(failed, undefined, false)
    const { rejected } = this.kept
    const search: Search = {
      names,
      steps: stepsOf(names),
      began: now,
      rounds: 0,
      listener: undefined,
      unwanted: rejected === undefined ? "-" : entryId(names.digest, rejected),
      spoiled: false,
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
      if (names !== undefined && this.fallback.outage.endsAt(now) === undefined) {
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
        this.fallback.failure.end()
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
          const outcome = yield* restore(
            this.parts.engine.run(search.steps.look(token, this.parts.times.lease, search.unwanted))
          )
          if (outcome._tag === "Away") return yield* restore(this.without(outcome.why))
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

  /** Redis cannot be used from now on. */
  private without(why: string): Effect.Effect<Credentials, SourceError> {
    return Effect.andThen(this.fallback.outage.begin(why), this.fallback.bypass)
  }

  /** This process renews. Nothing where it has to look again. */
  private granted(
    search: Search,
    grant: Grant,
    restore: <A, E>(effect: Effect.Effect<A, E>) => Effect.Effect<A, E>
  ): Effect.Effect<Credentials | undefined, SourceError> {
    return Effect.gen({ self: this }, function* () {
      const { engine, keyring, times } = this.parts
      this.fallback.outage.end()
      const decoded = decode(keyring, grant.digest, grant.look.entry)
      const release = engine.run(grant.steps.release(grant.token))
      if (grant.look.entry !== "" && decoded._tag === "Foreign") {
        yield* release
        return yield* restore(this.fallback.foreign)
      }
      const now = yield* stamp
      const { last } = this.kept
      // Redis was emptied, or away when this was got: nobody need ask again.
      if (last !== undefined && this.kept.isGood(last, now, last.window))
        return yield* this.settle(search, yield* this.renewal.put(grant, last))
      const asked = yield* Effect.exit(restore(this.renewal.ask(grant)))
      if (Exit.isSuccess(asked)) {
        yield* count(this.parts.cloud, "renewal")
        this.fallback.calm()
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
      const found = this.kept.read(decoded, grant.look.now, grant.sent)
      const failedAt = yield* stamp
      const best = this.kept.better(found, failedAt)
      const silence = silenceAfter(best, failedAt, times.mandatory, yield* Random.next)
      yield* code === undefined ? release : engine.run(grant.steps.fail(grant.token, code, silence))
      if (error === undefined) return yield* asked
      return yield* this.fallback.goOn(error, found, true)
    })
  }

  /** Gives what was put. Nothing where this process has to look again. */
  private settle(
    search: Search,
    { failed, held, now }: Kept<Credentials>
  ): Effect.Effect<Credentials | undefined> {
    return Effect.gen({ self: this }, function* () {
      if (failed !== "") {
        yield* this.fallback.outage.begin(failed)
        return this.fallback.give(held, now, this.fallback.outage.endsAt(now))
      }
      // Stopped for so long that all of it has ended: somebody has newer, or this process gets newer.
      if (leftOf(held, now) <= 0 && !search.ended) {
        search.ended = true
        return undefined
      }
      return this.fallback.give(held, now)
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
      if (look.entry !== "" && decoded._tag === "Foreign") return yield* this.fallback.foreign
      const found = this.kept.read(decoded, look.now, sent)
      const isFresh = look.state === "fresh"
      const hasFailed = look.state.startsWith("!")
      if (look.state === "held") this.fallback.outage.end()
      if (isFresh && found !== undefined) {
        yield* count(this.parts.cloud, search.rounds === 0 ? "hit" : "wait")
        return this.fallback.give(found, now)
      }
      if (found === undefined && look.entry !== "" && (isFresh || hasFailed)) {
        const id = decoded._tag === "Read" ? decoded.head.id : decoded._tag === "Damaged" ? decoded.id : "-"
        if (!search.spoiled && search.unwanted !== id) {
          search.spoiled = true
          search.unwanted = id
          return undefined
        }
        if (isFresh) return yield* this.fallback.foreign
      }
      const best = this.kept.better(found, now)
      if (best !== undefined && this.kept.isGood(best, now, mandatory)) {
        yield* count(this.parts.cloud, "hit")
        return this.fallback.give(best, now)
      }
      if (hasFailed) {
        const failure = this.fallback.failure.tell(look.state, now, look.rest)
        return yield* this.fallback.goOn(failure, found, false)
      }
      if (look.state !== "held") return yield* this.without(firstWord(look.state))
      if (passed(search.began, now) >= patience) return yield* this.fallback.bypass
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

  get status() {
    return this.kept.status
  }
}
