/** What a running fiber has besides its services: the clock, time limits, the configuration, spans and metrics. */
import * as Clock from "effect/Clock"
import type * as Config from "effect/Config"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Metric from "effect/Metric"
import * as Tracer from "effect/Tracer"
import { StsConfigError } from "../schemas/StsError.js"

/** The fiber that runs an effect. */
export type RunningFiber = Fiber.Fiber<unknown, unknown>

/** The clock that a fiber goes by. */
export const clockOf = (fiber: RunningFiber): Clock.Clock => fiber.getRef(Clock.Clock)

/** The system's clock. */
export const systemClock: Clock.Clock = Context.get(Context.empty(), Clock.Clock)

/** How effects run that wait or start fibers of their own. */
export type Cooperation = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

let cooperation: Cooperation | undefined

/**
 * Set by what blocks the thread, for the whole process, because there is only one thread: how to run under
 * `Effect.runSync`.
 */
export const cooperateBy = (how: Cooperation): void => {
  cooperation = how
}

/** Runs an effect that waits or starts fibers of its own, whichever way `Effect.runSync` needs it. */
export const cooperating: Cooperation = (effect) =>
  Effect.suspend(() => (cooperation === undefined ? effect : cooperation(effect)))

/** How to run what waits, where that is not the usual way. */
export const cooperationNow = (): Cooperation | undefined => cooperation

/** Runs an effect with the services of the running fiber, but not below its span. */
export const runPromiseExit: Effect.Effect<<A, E>(effect: Effect.Effect<A, E>) => Promise<Exit.Exit<A, E>>> =
  /* @__PURE__ */ Effect.map(/* @__PURE__ */ Effect.context<never>(), (context) => {
    const run = Effect.runPromiseExitWith(Context.omit(Tracer.ParentSpan)(context))
    return (effect) => run(effect)
  })

/** What is rung when the time is over. */
export interface Bell {
  readonly ring: () => void
}

/** Something that rings later and can be kept from it. */
export type Alarm = NodeJS.Timeout | Fiber.Fiber<void>

const ring = (bell: Bell): void => bell.ring()

/**
 * Rings so many milliseconds later by a fiber's clock. The system's clock needs no fiber for that; any other (a test's, a
 * blocking one) is asked to sleep in one.
 */
export const after = (fiber: RunningFiber, millis: number, bell: Bell): Alarm => {
  const clock = clockOf(fiber)
  if (clock === systemClock && millis < 2 ** 31) return setTimeout(ring, millis, bell)
  const sleeper = Effect.runForkWith(fiber.context)(clock.sleep(Duration.millis(millis)))
  sleeper.addObserver((exit) => {
    if (exit._tag === "Success") bell.ring()
  })
  return sleeper
}

/** Keeps an alarm from ringing. */
export const cancel = (alarm: Alarm): void => {
  if ("interruptUnsafe" in alarm) alarm.interruptUnsafe()
  else clearTimeout(alarm)
}

const patience = 100

const left = (fiber: Fiber.Fiber<unknown, unknown>, turns: number): Effect.Effect<void> =>
  Effect.suspend(() =>
    turns === 0 || fiber.pollUnsafe() !== undefined
      ? Effect.void
      : Effect.andThen(Effect.yieldNow, left(fiber, turns - 1))
  )

const stopped = (fiber: Fiber.Fiber<unknown, unknown>): Effect.Effect<void> =>
  Effect.andThen(
    Effect.sync(() => fiber.interruptUnsafe()),
    left(fiber, patience)
  )

/** Fails where an effect takes longer, by the fiber's clock, and interrupts it. */
export const timeLimit = <A, E, R, E1>(
  effect: Effect.Effect<A, E, R>,
  millis: number,
  onTimeout: () => E1
): Effect.Effect<A, E | E1, R> =>
  cooperating(
    Effect.withFiber<A, E | E1, R>((parent) =>
      Effect.callback<A, E | E1>((resume) => {
        const main = Effect.runForkWith(parent.context as Context.Context<R>)(effect)
        const alarm = after(parent, millis, {
          ring: () => resume(Effect.andThen(stopped(main), Effect.fail(onTimeout())))
        })
        main.addObserver((exit) => {
          cancel(alarm)
          resume(exit)
        })
        return Effect.suspend(() => {
          cancel(alarm)
          return stopped(main)
        })
      })
    )
  )

/** Where a fiber's configuration comes from. */
export const configProviderOf = (fiber: Fiber.Fiber<unknown, unknown>): ConfigProvider.ConfigProvider =>
  fiber.getRef(ConfigProvider.ConfigProvider)

/** Where the running fiber's configuration comes from. */
export const configProvider: Effect.Effect<ConfigProvider.ConfigProvider> = /* @__PURE__ */ Effect.withFiber(
  (fiber) => Effect.succeed(configProviderOf(fiber))
)

/**
 * What is stated under a name; undefined where nothing is. A failure may print what it found, so nothing of it is kept.
 */
export const textOf = (name: string): Effect.Effect<string | undefined, StsConfigError> =>
  Effect.withFiber((fiber) =>
    configProviderOf(fiber)
      .load([name])
      .pipe(
        Effect.map((node) => node?.value),
        Effect.mapError(
          () => new StsConfigError({ key: name, detail: "could not be read from the configuration" })
        )
      )
  )

/** The setting that a configuration lacks, or has not as it should be, by its name; nothing where there are several. */
export const settingIn = ({ cause }: Config.ConfigError): string | undefined =>
  cause._tag === "SchemaError" && cause.issue._tag === "Pointer" ? cause.issue.path.join("_") : undefined

const segments = (node: ConfigProvider.Node | undefined): ReadonlyArray<string> => {
  switch (node?._tag) {
    case "Record":
      return [...node.keys]
    case "Array":
      return Array.from({ length: node.length }, (_, index) => String(index))
    default:
      return []
  }
}

/** The names that a configuration has below a path; none where it cannot be read. */
export const segmentsBelow = (
  provider: ConfigProvider.ConfigProvider,
  path: ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<string>> =>
  Effect.map(
    Effect.orElseSucceed(provider.load(path), () => undefined),
    segments
  )

/** Whether spans are recorded. One that is not recorded still costs more than all the rest of a call's bookkeeping. */
export const isTraced = ({ cache }: RunningFiber): boolean => cache.tracer !== undefined

/** Runs an effect in a span of its own, of the kind `client`. */
export const withClientSpan = <A, E, R>(
  name: string,
  attributes: Record<string, unknown>,
  use: (span: Tracer.Span) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> =>
  Effect.useSpan(name, { kind: "client", attributes }, (span) => Effect.withParentSpan(use(span), span))

type Tags = Readonly<Record<string, string>>

/** A metric that counts. */
export type Counter = Metric.Counter<number>

/** A metric that sorts values by size. */
export type Histogram = Metric.Histogram<number>

/** A counter that only rises. */
export const counter = (name: string, description: string, tags: Tags): Counter =>
  Metric.counter(name, { description, incremental: true, attributes: tags })

/** A histogram with these upper bounds. */
export const histogram = (
  name: string,
  description: string,
  bounds: ReadonlyArray<number>,
  tags: Tags
): Histogram =>
  Metric.histogram(name, {
    description,
    boundaries: Metric.boundariesFromIterable(bounds),
    attributes: tags
  })

/** Adds to a counter, or a value to a histogram, without an effect of its own. */
export const record = (series: Counter | Histogram, amount: number, fiber: RunningFiber): void =>
  series.updateUnsafe(amount, fiber.context)
