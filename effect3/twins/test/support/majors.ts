// All of it differs.
import * as Cookies from "@effect/platform/Cookies"
import * as ConfigProvider from "effect/ConfigProvider"
import type * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import * as HashSet from "effect/HashSet"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Random from "effect/Random"
import * as Ref from "effect/Ref"
import * as Runtime from "effect/Runtime"
import * as Scheduler from "effect/Scheduler"

export const schedulerInto = (take: (task: () => void) => void): Scheduler.Scheduler => Scheduler.make(take)

export const drawing = (number: number) => Effect.withRandom(Random.fixed([number]))

export const readFrom = (
  { flattened }: ConfigProvider.ConfigProvider,
  note: (path: ReadonlyArray<string>) => void
): ConfigProvider.ConfigProvider =>
  ConfigProvider.fromFlat({
    ...flattened,
    load: (path, ...rest) => {
      note(path)
      return flattened.load(path, ...rest)
    }
  })

export const noCookies = () => Effect.runSync(Ref.make(Cookies.empty))

export const consoleOver = (console: Console.UnsafeConsole): Console.Console => ({
  ...Effect.runSync(Effect.console),
  unsafe: console
})

export const withLoggers = <A, E, R>(
  effect: Effect.Effect<A, E, R>,
  loggers: ReadonlyArray<Logger.Logger<unknown, void>>
): Effect.Effect<A, E, R> =>
  Effect.locallyWith(effect, FiberRef.currentLoggers, (others) =>
    HashSet.union(HashSet.remove(others, Logger.defaultLogger), HashSet.fromIterable(loggers))
  )

export const build = Layer.toRuntime
export const runSyncIn = Runtime.runSync
