/**
 * Credentials that the processes of a fleet share through an entry in Redis: one of them asks the source while it holds a
 * lease, the others go on with what is valid or wait for what it gets.
 *
 * No machine's wall clock decides: how long an entry lasts is told by the server's time in the reply that brought it, and
 * counted from when the question was sent, so it never seems to live longer than it does.
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import type { Content } from "../../protocol/cacheEntry.js"
import {
  type Decoded,
  decode,
  encode,
  entryId,
  type Head,
  type Keyring,
  type Names
} from "../../protocol/redisEntry.js"
import { type Cloud, StsCredentialError } from "../../schemas/StsError.js"
import type { CredentialSource, SourceError } from "../../services/CredentialSource.js"
import { cooperating } from "../../services/fiber.js"
import { type FleetOutcome, fleet } from "../../services/Observation.js"
import {
  advisoryWindowOf,
  backoff,
  between,
  jitterShare,
  memory,
  Pause,
  type Renewable,
  terms
} from "../../services/RefreshSchedule.js"
import { RandomBytes } from "../cache/Lock.js"
import type { Engine, Listener } from "./Engine.js"
import { type Look, lookIn, numberIn, putIn, type Rate, reserve, stepsOf } from "./steps.js"

const minute = 60_000

/** What lasts how long, in milliseconds. */
interface Lengths {
  /** A lease; it is extended every third of it while the source works. */
  readonly lease: number
  /** The longest wait for another process. */
  readonly patience: number
  /** The longest wait before the source is asked where Redis is away and nothing is kept. */
  readonly spread: number
  /** The last part of credentials, in which they serve nobody who can wait for new ones. */
  readonly mandatory: number
  /** How long before their end credentials of a lifetime are due. */
  readonly windowOf: (lifetime: number) => number
}

const usual: Lengths = {
  lease: 5_000,
  patience: minute,
  spread: 2_000,
  mandatory: minute,
  // When a refresher, which every process has above it, first asks for new ones.
  windowOf: (lifetime) => advisoryWindowOf(lifetime) * (1 + jitterShare)
}

/** What lasts how long; tests that cannot wait for hours have it otherwise. */
export const Times = Context.Reference("effect-sts/redis/Times", { defaultValue: () => usual })

/** Between two looks of who waits: it doubles, and is told of a message earlier. */
const poll = { first: 50, longest: 500 }

/** How long Redis is left alone after it failed: it doubles. */
const rest = { first: 1_000, longest: 30_000 }

/** A moment by both clocks: a machine that sleeps stops the one, somebody who sets the time moves the other. */
interface Stamp {
  readonly wall: number
  readonly nanos: bigint
}

const stamp: Effect.Effect<Stamp> = Effect.zipWith(
  Clock.currentTimeMillis,
  Clock.monotonicTimeNanos,
  (wall, nanos) => ({ wall, nanos })
)

const passed = (from: Stamp, to: Stamp): number =>
  Math.max(0, to.wall - from.wall, Number(to.nanos - from.nanos) / 1e6)

/** Credentials and how long they last from a moment on, in milliseconds. */
interface Held<Credentials> {
  readonly credentials: Credentials
  readonly left: number
  readonly at: Stamp
  /** So long before their end they are due. */
  readonly window: number
  readonly origin: string
  /** How old they were then. */
  readonly age: number
}

const leftOf = ({ at, left }: Held<unknown>, now: Stamp): number => left - passed(at, now)

/** What is known of the search of one read. */
interface Search {
  readonly names: Names
  readonly steps: ReturnType<typeof stepsOf>
  readonly began: Stamp
  rounds: number
  listener: Listener | undefined
  /** An entry that a key of ours does not open, so that it is replaced. */
  spoiled: string | undefined
  /** Whether credentials have ended in our hands. */
  ended: boolean
}

/** A lease that is ours. */
interface Grant {
  readonly token: string
  readonly look: Look
  readonly sent: Stamp
}

/** What such a source is made of. */
export interface Parts<Credentials> {
  readonly cloud: Cloud
  readonly source: CredentialSource<Credentials>
  readonly engine: Engine
  readonly keyring: Keyring
  /** Where the entry is; where that is not known the source is asked, which says what is wrong. */
  readonly names: Effect.Effect<Names, SourceError>
  readonly toContent: (credentials: Credentials, issuedAt: number, expiresAt: number) => Content
  readonly fromContent: (content: Content) => Result.Result<Credentials, string>
  readonly rate: Rate | undefined
  readonly times: Lengths
}

/** What a failure of the source is called in Redis, where the whole fleet shall hear of it. */
const codeOf = (error: SourceError): string | undefined => {
  if (!(error instanceof StsCredentialError)) return undefined
  const isShared = error.reason === "Unavailable" || error.reason === "Refused"
  return isShared ? `${error.reason}${error.transient === true ? "+" : ""}` : undefined
}

export class SharedEntry<Credentials extends Renewable> {
  private digest: string | undefined
  private last: Held<Credentials> | undefined
  private rejected: string | undefined
  /** The server's time, as it was last told. */
  private told: { readonly now: number; readonly at: Stamp } | undefined
  /** When this process asks by itself while Redis is away. */
  private alone: { readonly of: Held<Credentials>; readonly at: number } | undefined
  private failure: StsCredentialError | undefined
  private readonly remembered = new Pause(memory.max)
  private readonly resting = new Pause(rest.longest)
  private failures = 0
  private warned = false

  constructor(private readonly parts: Parts<Credentials>) {}

  readonly get: Effect.Effect<Credentials, SourceError> = Effect.gen({ self: this }, function* () {
    const names = yield* this.names
    if (names === undefined) return yield* this.parts.source.get
    const now = yield* stamp
    if (this.resting.lasts(now.wall)) return yield* this.bypass
    if (this.failure !== undefined && this.remembered.lasts(now.wall)) {
      return yield* this.goOn(this.failure, undefined)
    }
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
      this.rejected = accessKeyId
      const names = yield* this.names
      const now = yield* Clock.currentTimeMillis
      if (names !== undefined && !this.resting.lasts(now)) {
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
        this.last = undefined
        this.failure = undefined
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
          const rejected = this.rejected === undefined ? "-" : entryId(digest, this.rejected)
          const outcome = yield* restore(
            this.parts.engine.run(
              search.steps.look(token, this.parts.times.lease, search.spoiled ?? rejected)
            )
          )
          if (outcome._tag === "Away") return yield* restore(this.leave(outcome.why))
          const look = lookIn(outcome.reply)
          this.told = { now: look.now, at: sent }
          const given =
            look.fence === ""
              ? yield* restore(this.others(search, look, sent))
              : yield* this.granted(search, { token, look, sent }, restore)
          if (given !== undefined) return given
        }
      })
    )
  }

  /** What an entry holds, unless it was rejected. */
  private read(found: Decoded, now: number, at: Stamp): Held<Credentials> | undefined {
    if (found._tag !== "Read") return undefined
    const credentials = Result.getOrUndefined(this.parts.fromContent(found.content))
    if (credentials === undefined || credentials.accessKeyId === this.rejected) return undefined
    const { dueAt, endsAt, issuedAt } = found.head
    return {
      credentials,
      left: endsAt - now,
      at,
      window: endsAt - dueAt,
      origin: "Redis",
      age: now - issuedAt
    }
  }

  /** This process renews. Nothing where it has to look again. */
  private granted(
    search: Search,
    grant: Grant,
    restore: <A, E>(effect: Effect.Effect<A, E>) => Effect.Effect<A, E>
  ): Effect.Effect<Credentials | undefined, SourceError> {
    return Effect.gen({ self: this }, function* () {
      const { engine, keyring, source } = this.parts
      this.back()
      const { digest } = search.names
      const decoded = decode(keyring, digest, grant.look.entry)
      const release = engine.run(search.steps.release(grant.token))
      if (grant.look.entry !== "" && decoded._tag === "Foreign") {
        yield* release
        return yield* restore(this.foreign)
      }
      const now = yield* stamp
      const { last } = this
      // Redis was emptied, or away when this was got: nobody need ask again.
      if (last !== undefined && this.isGood(last, now, last.window))
        return yield* this.put(search, grant, last)
      const asked = yield* Effect.exit(restore(this.whileHeld(search, grant.token, this.ask)))
      if (Exit.isSuccess(asked)) {
        yield* this.count("renewal")
        this.warned = false
        if (asked.value.expiration !== undefined)
          return yield* this.put(search, grant, yield* this.fresh(asked.value))
        // What never ends, or does not say when, is not kept: it would outlive whoever gave it.
        yield* release
        return asked.value
      }
      const error = Option.getOrUndefined(Cause.findErrorOption(asked.cause))
      const code = error === undefined ? undefined : codeOf(error)
      const millis = between(memory, yield* Random.next)
      yield* code === undefined ? release : engine.run(search.steps.fail(grant.token, code, millis))
      if (error === undefined) return yield* asked
      return yield* this.goOn(error, this.read(decoded, grant.look.now, grant.sent), source.name)
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
      const found = this.read(decoded, look.now, sent)
      if (look.state === "held") this.back()
      if (look.state === "fresh") {
        if (found !== undefined) {
          yield* this.count(search.rounds === 0 ? "hit" : "wait")
          return this.give(found, now)
        }
        if (search.spoiled !== undefined) return yield* this.foreign
        search.spoiled =
          decoded._tag === "Read" ? decoded.head.id : decoded._tag === "Damaged" ? decoded.id : "-"
        return undefined
      }
      const best = this.better(found, now)
      if (best !== undefined && this.isGood(best, now, mandatory)) {
        yield* this.count("hit")
        return this.give(best, now)
      }
      if (look.state.startsWith("!")) {
        const error = this.failedElsewhere(look.state)
        this.failure = error
        this.remembered.begin(now.wall, look.rest)
        return yield* this.goOn(error, found)
      }
      if (look.state !== "held") return yield* this.leave(/^\w+/.exec(look.state)?.[0] ?? "it cannot write")
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

  /** Asks the source when the fleet's rate allows it. */
  private get ask(): Effect.Effect<Credentials, SourceError> {
    return Effect.gen({ self: this }, function* () {
      const { cloud, engine, rate, source, times } = this.parts
      if (rate === undefined) return yield* source.get
      // Without Redis there is no rate, and no lease either: this asks on.
      const wait = numberIn(yield* engine.run(reserve(rate, times.patience))) ?? 0
      if (wait < 0) {
        const detail = `the fleet's ${rate.perSecond} calls a second are booked for longer than ${times.patience / 1_000} s`
        return yield* new StsCredentialError({ cloud, source: source.name, reason: "Unavailable", detail })
      }
      if (wait > 0) yield* Effect.sleep(wait)
      return yield* source.get
    })
  }

  /** Extends a lease while something lasts. */
  private whileHeld<A, E>({ steps }: Search, token: string, use: Effect.Effect<A, E>): Effect.Effect<A, E> {
    const { lease } = this.parts.times
    const extend: Effect.Effect<never> = Effect.suspend(() =>
      Effect.sleep(Math.ceil(lease / 3)).pipe(
        Effect.andThen(this.parts.engine.run(steps.extend(token, lease))),
        // One that is lost is told of by who puts what was paid for, which is taken all the same if nobody else holds it.
        Effect.flatMap((outcome) => (numberIn(outcome) === 0 ? Effect.never : extend))
      )
    )
    return cooperating(Effect.raceFirst(use, extend))
  }

  /** Credentials that the source has just given. */
  private fresh(credentials: Credentials): Effect.Effect<Held<Credentials>> {
    return Effect.map(stamp, (at) => {
      const left = DateTime.toEpochMillis(credentials.expiration as DateTime.Utc) - this.serverNow(at)
      return { credentials, left, at, window: this.parts.times.windowOf(left), origin: "its source", age: 0 }
    })
  }

  /** The server's time; this machine's where it was never told, or where its clocks have parted since. */
  private serverNow({ nanos, wall }: Stamp): number {
    const { told } = this
    if (told === undefined) return wall
    const since = Number(nanos - told.at.nanos) / 1e6
    return Math.abs(wall - told.at.wall - since) < 1_000 ? told.now + since : wall
  }

  /** Puts what this process has. Where somebody else was granted the lease meanwhile, that one's may be the better. */
  private put(search: Search, grant: Grant, mine: Held<Credentials>): Effect.Effect<Credentials | undefined> {
    return Effect.gen({ self: this }, function* () {
      const { engine, keyring } = this.parts
      const { credentials } = mine
      const endsAt = DateTime.toEpochMillis(credentials.expiration as DateTime.Utc)
      const sent = yield* stamp
      const serverNow = Math.floor(grant.look.now + passed(grant.sent, sent))
      const dueAt = yield* this.dueAt(endsAt, serverNow)
      const { digest } = search.names
      const issuedAt = Math.max(0, serverNow - Math.round(mine.age + passed(mine.at, sent)))
      const id = entryId(digest, credentials.accessKeyId)
      const head: Head = { fence: grant.look.fence, endsAt, dueAt, issuedAt, id }
      const random = yield* RandomBytes
      const content = this.parts.toContent(credentials, issuedAt, endsAt)
      const entry = encode(keyring, digest, head, content, yield* random(12))
      const outcome = yield* engine.run(search.steps.put(grant.token, grant.look.fence, endsAt, entry))
      const put = outcome._tag === "Done" ? putIn(outcome.reply) : undefined
      const now = yield* stamp
      const kept = { ...mine, left: endsAt - (put?.now ?? serverNow), at: sent, window: endsAt - dueAt }
      if (put === undefined || put.result === "failed") {
        yield* this.pause(outcome._tag === "Away" ? outcome.why : (/^\w+/.exec(put?.text ?? "")?.[0] ?? ""))
        return this.give(kept, now, this.resting.endsAt(now.wall))
      }
      if (put.result === "taken") return this.give(kept, now)
      yield* this.count("lease_lost")
      const stands = put.text === "" ? undefined : this.read(decode(keyring, digest, put.text), put.now, sent)
      // Of two that end in the same second the fleet shall have one.
      const best = stands !== undefined && leftOf(stands, now) >= leftOf(kept, now) ? stands : kept
      // Stopped for so long that all of it has ended: somebody has newer, or this process gets newer.
      if (leftOf(best, now) <= 0 && !search.ended) {
        search.ended = true
        return undefined
      }
      return this.give(best, now)
    })
  }

  /** When new credentials are due. Those that are due already are left alone for a while: the source has no newer. */
  private dueAt(endsAt: number, now: number): Effect.Effect<number> {
    return Effect.map(Random.next, (random) => {
      const { mandatory, windowOf } = this.parts.times
      const due = endsAt - windowOf(endsAt - now)
      const pause = Math.max(memory.min, Math.min(between(backoff, random), endsAt - mandatory - now))
      return Math.max(0, Math.floor(Math.min(endsAt, due > now ? due : now + pause)))
    })
  }

  private isGood(held: Held<Credentials>, now: Stamp, margin: number): boolean {
    return held.credentials.accessKeyId !== this.rejected && leftOf(held, now) > margin
  }

  /** What lasts longer of what was found and what this process has. */
  private better(found: Held<Credentials> | undefined, now: Stamp): Held<Credentials> | undefined {
    const { last } = this
    if (last === undefined || !this.isGood(last, now, 0)) return found
    return found !== undefined && leftOf(found, now) >= leftOf(last, now) ? found : last
  }

  /** Gives credentials, and tells the cache above when they end by this machine's clock. */
  private give(held: Held<Credentials>, now: Stamp, refreshAt?: number): Credentials {
    const { age, at, credentials, origin } = held
    this.last = held
    this.failure = undefined
    const since = now.wall - age - passed(at, now)
    terms.set(credentials, { endsAt: now.wall + leftOf(held, now), refreshAt, origin, since })
    return credentials
  }

  private failedElsewhere(state: string): StsCredentialError {
    const { cloud, source } = this.parts
    const refused = state.startsWith("!Refused")
    return new StsCredentialError({
      cloud,
      source: source.name,
      reason: refused ? "Refused" : "Unavailable",
      detail: `it ${refused ? "refused" : "failed"} a moment ago when another process of the fleet asked it`,
      hint: "That process has the whole error.",
      transient: state.endsWith("+") || undefined
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
      const best = this.better(found, now)
      const passes = error instanceof StsCredentialError && error.mayPass
      if (!passes || best === undefined) return yield* error
      if (!this.isGood(best, now, error.recoverable ? 0 : this.parts.times.mandatory)) return yield* error
      const log = this.warned || by === undefined ? Effect.logDebug : Effect.logWarning
      this.warned = true
      yield* log(`${this.parts.source.name} could not renew credentials. ${error.message}`)
      return this.give(best, now)
    })
  }

  /** Redis answers, and can be written. */
  private back(): void {
    this.failures = 0
    this.resting.end()
  }

  /** Leaves Redis alone for a while. Of each outage there is one warning. */
  private pause(why: string): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      const now = yield* Clock.currentTimeMillis
      const millis = Math.min(rest.longest, rest.first * 2 ** Math.min(this.failures, 10))
      const pause = millis * (0.5 + (yield* Random.next) / 2)
      this.resting.begin(now, pause)
      const log = this.failures++ === 0 ? Effect.logWarning : Effect.logDebug
      yield* log(
        `Redis cannot be used (${why}): credentials are got from ${this.parts.source.name} without it, and it is tried again in ${Math.ceil(pause / 1_000)} s. Is its limit (Redis.limit) long enough for where it is?`
      )
    })
  }

  private leave(why: string): Effect.Effect<Credentials, SourceError> {
    return Effect.andThen(this.pause(why), this.bypass)
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
      const { last } = this
      const tryAgain = this.resting.endsAt(now.wall)
      yield* this.count("bypass")
      if (last !== undefined && this.isGood(last, now, times.mandatory)) {
        const left = leftOf(last, now)
        if (this.alone?.of !== last) {
          // From when they are due, to their last minute.
          const early = Math.max(0, left - last.window)
          const random = yield* Random.next
          this.alone = { of: last, at: now.wall + early + random * (left - times.mandatory - early) }
        }
        const { at } = this.alone
        if (now.wall < at) return this.give(last, now, Math.min(at, tryAgain ?? at))
      } else if (tryAgain !== undefined && (last === undefined || !this.isGood(last, now, 0))) {
        yield* Effect.sleep(Math.ceil((yield* Random.next) * times.spread))
      }
      const asked = yield* Effect.result(source.get)
      if (Result.isFailure(asked)) return yield* this.goOn(asked.failure, undefined, source.name)
      if (asked.success.expiration === undefined) return asked.success
      this.warned = tryAgain === undefined && this.warned
      return this.give(yield* this.fresh(asked.success), yield* stamp, tryAgain)
    })
  }

  private count(outcome: FleetOutcome): Effect.Effect<void> {
    return Metric.update(fleet(this.parts.cloud, outcome), 1)
  }

  /** Whose credentials were last given, from where and since when, in milliseconds since 1970. */
  readonly status = Effect.map(stamp, (now) => {
    const { last } = this
    if (last === undefined) return undefined
    const { age, at, credentials, origin } = last
    return {
      accessKeyId: credentials.accessKeyId,
      origin,
      since: now.wall - age - passed(at, now),
      expiresAt: now.wall + leftOf(last, now)
    }
  })
}
