/**
 * What tests need of Effect that another major of it has otherwise.
 */
import * as ConfigProvider from "effect/ConfigProvider"
import type * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import type * as Cookies from "effect/http/Cookies"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Random from "effect/Random"
import * as Ref from "effect/Ref"
import * as References from "effect/References"
import type * as Scheduler from "effect/Scheduler"

/** A scheduler that hands out each task. */
export const schedulerInto = (take: (task: () => void) => void): Scheduler.Scheduler => ({
  executionMode: "async",
  shouldYield: () => false,
  makeDispatcher: () => ({ scheduleTask: take, flush: () => {} })
})

/** Draws always the same number between 0 and 1. */
export const drawing = (number: number) =>
  Effect.provideService(Random.Random, { nextIntUnsafe: () => 0, nextDoubleUnsafe: () => number })

/** Settings, and each path that is read. */
export const readFrom = (
  provider: ConfigProvider.ConfigProvider,
  note: (path: ReadonlyArray<string | number>) => void
): ConfigProvider.ConfigProvider =>
  ConfigProvider.make((path) => {
    note(path)
    return provider.load(path)
  })

/** A jar without cookies. */
export const noCookies = () => Effect.runSync(Ref.make<ReadonlyArray<Cookies.Cookie>>([]))

/** Effect's console over one of Node's. */
export const consoleOver = (console: Console.Console): Console.Console => console

/** Logs with these, in place of the one that prints. */
export const withLoggers = <A, E, R>(
  effect: Effect.Effect<A, E, R>,
  loggers: ReadonlyArray<Logger.Logger<unknown, void>>
): Effect.Effect<A, E, R> =>
  Effect.updateService(
    effect,
    References.CurrentLoggers,
    (others) => new Set([...others].filter((one) => one !== Logger.defaultLogger).concat(loggers))
  )

/** What a program's services are built into, and what then runs a program with them. */
export const build = Layer.build
export const runSyncIn = Effect.runSyncWith
