// A fiber has default services apart from its context, and runs more by a runtime. Waiting needs no cooperation.
import * as Clock from "effect/Clock"
import * as Config from "effect/Config"
import type { ConfigError } from "effect/ConfigError"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as DefaultServices from "effect/DefaultServices"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FiberRef from "effect/FiberRef"
import * as HashSet from "effect/HashSet"
import * as Metric from "effect/Metric"
import * as MetricBoundaries from "effect/MetricBoundaries"
import * as MetricKey from "effect/MetricKey"
import type * as MetricKeyType from "effect/MetricKeyType"
import * as MetricLabel from "effect/MetricLabel"
import * as Runtime from "effect/Runtime"
import * as Tracer from "effect/Tracer"
import { StsConfigError } from "../schemas/StsError.js"

export type RunningFiber = Fiber.RuntimeFiber<unknown, unknown>

export const clockOf = (fiber: RunningFiber): Clock.Clock =>
  Context.get(fiber.currentDefaultServices, Clock.Clock)

export const systemClock: Clock.Clock = Context.get(DefaultServices.liveServices, Clock.Clock)

export type Cooperation = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

export const cooperating: Cooperation = (effect) => effect

export const cooperationNow = (): Cooperation | undefined => undefined

export const runPromiseExit: Effect.Effect<<A, E>(effect: Effect.Effect<A, E>) => Promise<Exit.Exit<A, E>>> =
  Effect.map(Effect.runtime<never>(), (runtime) => {
    const run = Runtime.runPromiseExit(Runtime.updateContext(runtime, Context.omit(Tracer.ParentSpan)))
    return (effect) => run(effect)
  })

export interface Bell {
  readonly ring: () => void
}

export type Alarm = NodeJS.Timeout | Fiber.RuntimeFiber<void>

const ring = (bell: Bell): void => bell.ring()

const forkBeside = <A, E>(fiber: RunningFiber, effect: Effect.Effect<A, E>): Fiber.RuntimeFiber<A, E> => {
  const [context, fiberRefs] = [fiber.currentContext as never, fiber.getFiberRefs()]
  const runtime = Runtime.make({ context, fiberRefs, runtimeFlags: Runtime.defaultRuntimeFlags })
  return Runtime.runFork(runtime, effect, { scheduler: fiber.currentScheduler })
}

export const after = (fiber: RunningFiber, millis: number, bell: Bell): Alarm => {
  const clock = clockOf(fiber)
  if (clock === systemClock && millis < 2 ** 31) return setTimeout(ring, millis, bell)
  const sleeper = forkBeside(fiber, clock.sleep(Duration.millis(millis)))
  sleeper.addObserver((exit) => {
    if (exit._tag === "Success") bell.ring()
  })
  return sleeper
}

export const cancel = (alarm: Alarm): void => {
  if ("unsafeInterruptAsFork" in alarm) alarm.unsafeInterruptAsFork(alarm.id())
  else clearTimeout(alarm)
}

const left = (fiber: Fiber.RuntimeFiber<unknown, unknown>, turns: number): Effect.Effect<void> =>
  Effect.suspend(() =>
    turns === 0 || fiber.unsafePoll() !== null
      ? Effect.void
      : Effect.zipRight(Effect.yieldNow(), left(fiber, turns - 1))
  )

const stopped = (fiber: Fiber.RuntimeFiber<unknown, unknown>): Effect.Effect<void> =>
  Effect.zipRight(Fiber.interruptFork(fiber), left(fiber, 100))

export const timeLimit = <A, E, R, E1>(
  effect: Effect.Effect<A, E, R>,
  millis: number,
  onTimeout: () => E1
): Effect.Effect<A, E | E1, R> =>
  Effect.withFiberRuntime<A, E | E1, R>((parent) =>
    Effect.async<A, E | E1>((resume) => {
      const main = forkBeside(parent, effect as Effect.Effect<A, E>)
      const alarm = after(parent, millis, {
        ring: () => resume(Effect.zipRight(stopped(main), Effect.fail(onTimeout())))
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

export const configProviderOf = (
  fiber: Fiber.RuntimeFiber<unknown, unknown>
): ConfigProvider.ConfigProvider => Context.get(fiber.currentDefaultServices, ConfigProvider.ConfigProvider)

export const configProvider: Effect.Effect<ConfigProvider.ConfigProvider> = Effect.configProviderWith(
  Effect.succeed
)

export const textOf = (name: string): Effect.Effect<string | undefined, StsConfigError> =>
  Config.string(name).pipe(
    Config.withDefault(undefined),
    Effect.mapError(
      () => new StsConfigError({ key: name, detail: "could not be read from the configuration" })
    )
  )

export const settingIn = (error: ConfigError): string | undefined =>
  "path" in error ? error.path.join("_") : undefined

export const segmentsBelow = (
  { flattened }: ConfigProvider.ConfigProvider,
  path: ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<string>> =>
  Effect.map(
    Effect.orElseSucceed(flattened.enumerateChildren(path), () => HashSet.empty<string>()),
    (segments) => [...segments]
  )

// A span that no tracer keeps costs more than the rest of a call's bookkeeping.
const keepsNothing = Context.get(DefaultServices.liveServices, Tracer.Tracer)

export const isTraced = ({ currentTracer }: RunningFiber): boolean =>
  currentTracer !== undefined && currentTracer !== keepsNothing

export const withClientSpan = <A, E, R>(
  name: string,
  attributes: Record<string, unknown>,
  use: (span: Tracer.Span) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> =>
  Effect.useSpan(name, { kind: "client", captureStackTrace: false, attributes }, (span) =>
    Effect.withParentSpan(use(span), span)
  )

type Tags = Readonly<Record<string, string>>

const labels = (tags: Tags) => Object.entries(tags).map(([name, value]) => MetricLabel.make(name, value))

export type Counter = Metric.Metric.Counter<number>

export type Histogram = Metric.Metric.Histogram<number>

export const counter = (name: string, description: string, tags: Tags): Counter =>
  Metric.fromMetricKey(
    MetricKey.counter(name, { description, incremental: true }).pipe(
      MetricKey.taggedWithLabels(labels(tags))
    ) as MetricKey.MetricKey<MetricKeyType.MetricKeyType.Counter<number>>
  )

export const histogram = (
  name: string,
  description: string,
  bounds: ReadonlyArray<number>,
  tags: Tags
): Histogram =>
  Metric.fromMetricKey(
    MetricKey.histogram(name, MetricBoundaries.fromIterable(bounds), description).pipe(
      MetricKey.taggedWithLabels(labels(tags))
    )
  )

export const record = (series: Counter | Histogram, amount: number, fiber: RunningFiber): void =>
  series.unsafeUpdate(amount, fiber.getFiberRef(FiberRef.currentMetricLabels))
