/**
 * Calls over a client that posts forms directly, as the package's own do: whatever comes between, one place ends a call.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as FastCheck from "fast-check"
import * as Alibaba from "../../src/alibaba.js"
import { RequestPolicy } from "../../src/index.js"
import { makeBuffered, type Outcome, type Post } from "../../src/services/Client.js"
import { property } from "../support/properties.js"
import { identityDocument, signing } from "../support/scripted.js"
import { VirtualClock } from "../support/time.js"

const bytes = (text: string) => new TextEncoder().encode(text)

const replies = {
  fine: {
    kind: "reply",
    status: 200,
    headers: { "content-type": "application/json" },
    body: bytes(JSON.stringify(identityDocument))
  },
  broken: { kind: "reply", status: 500, headers: {}, body: bytes("") },
  reset: { kind: "noReply", code: "ECONNRESET" },
  cut: { kind: "noBody", status: 200, headers: {}, code: "ECONNRESET" },
  unsendable: { kind: "unsendable", code: "ERR_INVALID_CHAR" }
} as const satisfies Record<string, Outcome>

type Ending = keyof typeof replies | "never" | "at once"

interface Exchange {
  settled: boolean
  aborted: boolean
}

/** A client that answers one exchange after the other as it is told, some time later, and watches what is under way. */
const posting = (clock: VirtualClock, millis: number, endings: ReadonlyArray<Ending>) => {
  const exchanges: Array<Exchange> = []
  const seen = { most: 0 }
  const underWay = () => exchanges.filter(({ aborted, settled }) => !(aborted || settled)).length
  const post: Post = (_url, _headers, _body, _context, sender) => {
    const exchange: Exchange = { settled: false, aborted: false }
    const ending = endings[exchanges.length % endings.length] ?? "fine"
    exchanges.push(exchange)
    seen.most = Math.max(seen.most, underWay())
    const settle = () => {
      assert.isFalse(exchange.settled)
      if (exchange.aborted) return
      exchange.settled = true
      sender.settle(ending === "never" || ending === "at once" ? replies.fine : replies[ending])
    }
    if (ending === "at once") settle()
    else if (ending !== "never") clock.after(millis, settle)
    return {
      abort: () => {
        exchange.aborted = true
      }
    }
  }
  const client = makeBuffered(() => Effect.die("only forms are posted"), post)
  return { exchanges, seen, underWay, layer: Layer.succeed(HttpClient.HttpClient, client) }
}

const over =
  ({ layer }: { readonly layer: Layer.Layer<HttpClient.HttpClient> }, clock: Clock.Clock) =>
  <A, E>(effect: Effect.Effect<A, E, Alibaba.Signer | Alibaba.CredentialProvider | HttpClient.HttpClient>) =>
    effect.pipe(Effect.provide(Layer.merge(layer, signing)), Effect.provideService(Clock.Clock, clock))

const call = Alibaba.getCallerIdentity()

describe("a call over a client that posts directly", () => {
  it.effect("ends at once when the exchange does", () => {
    const clock = new VirtualClock()
    const http = posting(clock, 0, ["at once"])
    return Effect.gen(function* () {
      assert.strictEqual((yield* call).arn, "acs:ram::123456789012:user/alice")
    }).pipe(over(http, clock))
  })

  it.effect("reports the exchange's result", () =>
    Effect.forEach(["reset", "cut", "unsendable"] as const, (ending) =>
      Effect.gen(function* () {
        const clock = new VirtualClock()
        const http = posting(clock, 1, [ending])
        const fiber = yield* Effect.forkChild(
          Effect.flip(call).pipe(RequestPolicy.adjust({ maxAttempts: 1 }), over(http, clock))
        )
        yield* clock.pass(5)
        const error = yield* Fiber.join(fiber)
        assert(error._tag === "StsTransportError")
        assert.strictEqual(error.reason, ending === "unsendable" ? "InvalidRequest" : "Reset")
        assert.strictEqual(error.retryable, ending !== "unsendable")
      })
    )
  )

  it.effect("aborts a slow attempt and retries", () => {
    const clock = new VirtualClock()
    const http = posting(clock, 10, ["never", "fine"])
    return Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(
        call.pipe(RequestPolicy.adjust({ attemptTimeout: 20, backoff: 1, jitter: false }))
      )
      yield* clock.pass(50)
      yield* Fiber.join(fiber)
      assert.deepStrictEqual(http.exchanges, [
        { settled: false, aborted: true },
        { settled: true, aborted: false }
      ])
    }).pipe(over(http, clock))
  })

  it.effect("fails by the call's own timeout when that is shorter", () => {
    const clock = new VirtualClock()
    const http = posting(clock, 10, ["never"])
    return Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(
        Effect.flip(call.pipe(RequestPolicy.adjust({ timeout: 20, attemptTimeout: 20 })))
      )
      yield* clock.pass(19)
      assert.strictEqual(http.underWay(), 1)
      yield* clock.pass(1)
      const error = yield* Fiber.join(fiber)
      assert.include(error.message, "The call took longer than 20 ms")
      assert.deepStrictEqual(http.exchanges, [{ settled: false, aborted: true }])
    }).pipe(over(http, clock))
  })
})

const ending = FastCheck.constantFrom<Ending>("fine", "broken", "reset", "cut", "never", "at once")

const caller = FastCheck.record({
  at: FastCheck.integer({ min: 0, max: 30 }),
  timeout: FastCheck.integer({ min: 1, max: 60 }),
  attemptTimeout: FastCheck.option(FastCheck.integer({ min: 1, max: 30 }), { nil: undefined }),
  interruptedAfter: FastCheck.option(FastCheck.integer({ min: 0, max: 60 }), { nil: undefined })
})

describe("calls that end in any way", () => {
  property(
    "leave nothing under way and no permit taken, and never have more than the limit under way",
    [
      FastCheck.integer({ min: 1, max: 3 }),
      FastCheck.integer({ min: 1, max: 20 }),
      FastCheck.array(ending, { minLength: 1, maxLength: 8 }),
      FastCheck.array(caller, { minLength: 1, maxLength: 12 })
    ],
    ([limit, millis, endings, callers]) => {
      const clock = new VirtualClock()
      const http = posting(clock, millis, endings)
      const limited = RequestPolicy.adjust({ maxConcurrentRequests: limit, backoff: 2, throttledBackoff: 2 })
      return Effect.gen(function* () {
        const fibers = yield* Effect.forEach(callers, ({ at, attemptTimeout, interruptedAfter, timeout }) => {
          const one = call.pipe(RequestPolicy.adjust({ timeout, attemptTimeout }), limited)
          const left =
            interruptedAfter === undefined
              ? one
              : Effect.flatMap(Effect.forkChild(one), (fiber) =>
                  Effect.andThen(Effect.sleep(interruptedAfter), Fiber.interrupt(fiber)).pipe(
                    Effect.andThen(Fiber.await(fiber)),
                    Effect.flatten
                  )
                )
          return Effect.forkChild(Effect.delay(left, at))
        })
        yield* clock.pass(400)
        assert.strictEqual(http.underWay(), 0)
        assert.isAtMost(http.seen.most, limit)
        for (const [index, fiber] of fibers.entries()) {
          const exit = yield* Fiber.await(fiber)
          if (Exit.isSuccess(exit)) assert.strictEqual(exit.value.arn, "acs:ram::123456789012:user/alice")
          else assert.isFalse(Cause.hasDies(exit.cause), Cause.pretty(exit.cause))
          const stays = callers[index]?.interruptedAfter === undefined
          if (stays && Exit.isFailure(exit)) assert.isTrue(Option.isSome(Cause.findErrorOption(exit.cause)))
        }
        // All permits are there again.
        const last = yield* Effect.forEach(Array.from({ length: limit }), () =>
          Effect.forkChild(
            Effect.exit(call.pipe(RequestPolicy.adjust({ timeout: 100, maxAttempts: 1 }), limited))
          )
        )
        const before = http.exchanges.length
        yield* clock.pass(1)
        assert.isAtLeast(http.exchanges.length - before, limit)
        yield* clock.pass(200)
        yield* Effect.forEach(last, Fiber.join)
      }).pipe(over(http, clock))
    },
    100
  )
})
