// A provider tells the segments below a path by itself.
import * as Config from "effect/Config"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as HashSet from "effect/HashSet"
import { StsConfigError } from "../schemas/StsError.js"

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

export const segmentsBelow = (
  { flattened }: ConfigProvider.ConfigProvider,
  path: ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<string>> =>
  Effect.map(
    Effect.orElseSucceed(flattened.enumerateChildren(path), () => HashSet.empty<string>()),
    (segments) => [...segments]
  )
