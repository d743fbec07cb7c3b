/**
 * The fleet with `RedisCache`: this package's own code in every process, over the tests' model of Redis and its scripts.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import { MinimumLogLevel, TracerEnabled } from "effect/References"
import * as Scheduler from "effect/Scheduler"
import { RandomBytes } from "../../src/layers/cache/Lock.js"
import * as RedisCache from "../../src/layers/RedisCache.js"
import { type Engine, Redis } from "../../src/layers/redis/Engine.js"
import { Credentials } from "../../src/schemas/aws/Credentials.js"
import { StsCredentialError } from "../../src/schemas/StsError.js"
import type { CredentialSource } from "../../src/services/CredentialSource.js"
import * as Refreshing from "../../src/services/Refreshing.js"
import { RedisModel } from "../../test/support/redisModel.js"
import type { Contender, Member, Process, World } from "./Day.js"
import { perSecond } from "./Sts.js"

const encryptionKey = Redacted.make(new Uint8Array(32).fill(7))

/** AssumeRole of a process, as a source. */
const sourceOf = (
  { assume }: World,
  process: Process,
  role: number,
  number: () => number
): CredentialSource<Credentials> => ({
  name: "AssumeRole",
  get: Effect.callback<Credentials, StsCredentialError>((resume) =>
    assume(process, role, (given) => {
      if (typeof given === "number") {
        const accessKeyId = `ASIA${number()}`
        const secretAccessKey = Redacted.make("secret")
        const sessionToken = Redacted.make("token")
        const expiration = DateTime.makeUnsafe(given)
        return resume(
          Effect.succeed(new Credentials({ accessKeyId, secretAccessKey, sessionToken, expiration }))
        )
      }
      const isDown = given === "Unavailable"
      const reason = isDown ? "Unavailable" : "Refused"
      const more = isDown ? {} : { transient: true }
      resume(
        Effect.fail(
          new StsCredentialError({ cloud: "aws", source: "AssumeRole", reason, detail: given, ...more })
        )
      )
    })
  )
})

/** A Redis that counts what it is asked for, and tells who listens. */
const counting = ({ time }: World) => {
  const model = new RedisModel(() => Math.floor(time.now))
  let [steps, most, second, inSecond] = [0, 0, 0, 0]
  const engine: Engine = {
    listen: model.engine.listen,
    run: (step) =>
      Effect.suspend(() => {
        const now = Math.floor(time.now / 1_000)
        inSecond = now === second ? inSecond + 1 : 1
        second = now
        steps++
        most = Math.max(most, inSecond)
        return model.engine.run(step)
      })
  }
  return {
    engine,
    load: {
      become: (condition: "well" | "away" | "silent") => {
        model.wake()
        model.condition = condition
      },
      flush: () => model.flush(),
      get steps() {
        return steps
      },
      get most() {
        return most
      }
    }
  }
}

const contender = (name: string, rateLimit?: RedisCache.RateLimit): Contender => ({
  name,
  fleet: (world) => {
    const { random, time } = world
    const { engine, load } = counting(world)
    let [issued, salt] = [0, 0]
    const ambient = Context.empty().pipe(
      Context.add(Scheduler.Scheduler, time.scheduler),
      Context.add(Random.Random, {
        nextDoubleUnsafe: random,
        nextIntUnsafe: () => Math.floor(random() * 2 ** 53)
      }),
      // Only that they differ matters here.
      Context.add(RandomBytes, (count) =>
        Effect.sync(() => {
          const bytes = new Uint8Array(count)
          new DataView(bytes.buffer).setUint32(0, salt++)
          return bytes
        })
      ),
      Context.add(TracerEnabled, false),
      Context.add(MinimumLogLevel, "None"),
      Context.add(Redis, engine)
    )
    const contexts = new WeakMap<Process, typeof ambient>()
    const contextOf = (process: Process) => {
      const context = contexts.get(process) ?? Context.add(ambient, Clock.Clock, time.clockOf(process))
      contexts.set(process, context)
      return context
    }
    const member = (process: Process, role: number): Member => {
      const context = contextOf(process)
      const source = sourceOf(world, process, role, () => ++issued)
      const cache = Effect.runSyncWith(context)(
        RedisCache.make("aws", source, { key: { role: `role-${role}` }, encryptionKey, rateLimit })
      )
      const kept = Refreshing.make("aws", cache)
      const run = Effect.runForkWith(context)
      const asked = Effect.flatMap(Effect.result(kept.get), (outcome) =>
        Effect.map(kept.status, (status) => ({ isGiven: outcome._tag === "Success", status }))
      )
      return {
        read: (done) => {
          run(asked).addObserver((exit) => {
            if (exit._tag === "Failure") throw new Error(String(exit.cause))
            const { isGiven, status } = exit.value
            done({
              endsAt: isGiven ? status?.expiresAt : undefined,
              quietUntil: isGiven ? (status?.retryAt ?? status?.refreshAt ?? time.now) : time.now
            })
          })
        }
      }
    }
    return { member, redis: load }
  }
})

export const redisFleet = contender("effect-sts, RedisCache")

/** Half of what STS allows. */
export const ratedFleet = contender("effect-sts, RedisCache with a rate", {
  account: "1",
  perSecond: perSecond / 2
})
