/**
 * What a process does that holds the lease of an entry: it asks the source, within the fleet's rate and while the lease is
 * extended, and puts what it got.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Random from "effect/Random"
import type * as Result from "effect/Result"
import type { Content } from "../../protocol/cacheEntry.js"
import { decode, encode, entryId, type Head, type Keyring, type Names } from "../../protocol/redisEntry.js"
import { type Cloud, StsCredentialError } from "../../schemas/StsError.js"
import type { CredentialSource, SourceError } from "../../services/CredentialSource.js"
import { cooperating } from "../../services/fiber.js"
import { type FleetOutcome, fleet } from "../../services/Observation.js"
import { backoff, between, memory, type Renewable } from "../../services/RefreshSchedule.js"
import { RandomBytes } from "../cache/Lock.js"
import type { Engine } from "./Engine.js"
import { type Held, type KeptCredentials, leftOf } from "./KeptCredentials.js"
import { type Look, numberIn, putIn, type Rate, reserve, type Steps } from "./steps.js"
import { type Lengths, passed, type Stamp, stamp } from "./Times.js"

/** What a shared entry is made of. */
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

/** Of a life that nobody but this machine's clock tells, as much is used: the clock may be minutes behind. */
const ownShare = 5 / 6

/** A lease that is ours. */
export interface Grant {
  readonly digest: string
  readonly steps: Steps
  readonly token: string
  /** The look that was granted it, and when it was sent. */
  readonly look: Look
  readonly sent: Stamp
}

/** What became of credentials that were put. */
export interface Kept<Credentials> {
  /** The best that there is now. */
  readonly held: Held<Credentials>
  readonly now: Stamp
  /** Why Redis did not take them; empty where it did, or has better ones. */
  readonly failed: string
}

export const count = (cloud: Cloud, outcome: FleetOutcome): Effect.Effect<void> =>
  Metric.update(fleet(cloud, outcome), 1)

/** The first word of what Redis says: the rest may quote something. */
export const firstWord = (text: string): string => /^\w+/.exec(text)?.[0] ?? "it cannot write"

export class Renewal<Credentials extends Renewable> {
  /** The server's time, as it was last told. */
  private told: { readonly now: number; readonly at: Stamp } | undefined

  constructor(
    private readonly parts: Parts<Credentials>,
    private readonly kept: KeptCredentials<Credentials>
  ) {}

  /** Remembers the server's time, told in the reply to what was sent then. */
  tell(now: number, at: Stamp): void {
    this.told = { now, at }
  }

  /** Asks the source while the lease is extended. */
  ask({ steps, token }: Grant): Effect.Effect<Credentials, SourceError> {
    const { lease } = this.parts.times
    const extend: Effect.Effect<never> = Effect.suspend(() =>
      Effect.sleep(Math.ceil(lease / 3)).pipe(
        Effect.andThen(this.parts.engine.run(steps.extend(token, lease))),
        // One that is lost is told of by who puts what was paid for, which is taken all the same if nobody else holds it.
        Effect.flatMap((outcome) => (numberIn(outcome) === 0 ? Effect.never : extend))
      )
    )
    return cooperating(Effect.raceFirst(this.withinRate, extend))
  }

  /** Asks the source when the fleet's rate allows it. */
  private get withinRate(): Effect.Effect<Credentials, SourceError> {
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

  /** Credentials that the source has just given. */
  fresh(credentials: Credentials): Effect.Effect<Held<Credentials>> {
    return Effect.map(stamp, (at) => {
      const now = this.serverNow(at)
      const stated = DateTime.toEpochMillis(credentials.expiration as DateTime.Utc) - (now ?? at.wall)
      const left = now === undefined ? stated * ownShare : stated
      return { credentials, left, at, window: this.parts.times.windowOf(left), origin: "its source", age: 0 }
    })
  }

  /** The server's time; nothing where it was never told, or where this machine's clocks have parted since. */
  private serverNow({ nanos, wall }: Stamp): number | undefined {
    const { told } = this
    if (told === undefined) return undefined
    const since = Number(nanos - told.at.nanos) / 1e6
    return Math.abs(wall - told.at.wall - since) < 1_000 ? told.now + since : undefined
  }

  /** Puts what this process has. Where somebody else was granted the lease meanwhile, that one's may be the better. */
  put(grant: Grant, mine: Held<Credentials>): Effect.Effect<Kept<Credentials>> {
    return Effect.gen({ self: this }, function* () {
      const { cloud, engine, keyring } = this.parts
      const { digest, look, steps, token } = grant
      const { credentials } = mine
      const endsAt = DateTime.toEpochMillis(credentials.expiration as DateTime.Utc)
      const sent = yield* stamp
      const serverNow = Math.floor(look.now + passed(grant.sent, sent))
      const dueAt = yield* this.dueAt(endsAt, serverNow)
      const issuedAt = Math.max(0, serverNow - Math.round(mine.age + passed(mine.at, sent)))
      const id = entryId(digest, credentials.accessKeyId)
      const head: Head = { fence: look.fence, endsAt, dueAt, issuedAt, id }
      const random = yield* RandomBytes
      const content = this.parts.toContent(credentials, issuedAt, endsAt)
      const entry = encode(keyring, digest, head, content, yield* random(12))
      const outcome = yield* engine.run(steps.put(token, look.fence, endsAt, entry))
      const put = outcome._tag === "Done" ? putIn(outcome.reply) : undefined
      const now = yield* stamp
      const held = { ...mine, left: endsAt - (put?.now ?? serverNow), at: sent, window: endsAt - dueAt }
      if (outcome._tag === "Away") return { held, now, failed: outcome.why }
      if (put?.result === "failed") return { held, now, failed: firstWord(put.text) }
      if (put?.result !== "refused") return { held, now, failed: "" }
      yield* count(cloud, "lease_lost")
      const stands =
        put.text === "" ? undefined : this.kept.read(decode(keyring, digest, put.text), put.now, sent)
      // Of two that end in the same second the fleet shall have one.
      const best = stands !== undefined && leftOf(stands, now) >= leftOf(held, now) ? stands : held
      return { held: best, now, failed: "" }
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
}
