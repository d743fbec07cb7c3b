import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import { StsConfigError } from "../schemas/StsError.js"

export const configProviderOf = (fiber: Fiber.Fiber<unknown, unknown>): ConfigProvider.ConfigProvider =>
  fiber.getRef(ConfigProvider.ConfigProvider)

export const configProvider: Effect.Effect<ConfigProvider.ConfigProvider> = Effect.withFiber((fiber) =>
  Effect.succeed(configProviderOf(fiber))
)

/** What is stated under a name; none where nothing is. A failure may print what it found, so nothing of it is kept. */
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

export const segmentsBelow = (
  provider: ConfigProvider.ConfigProvider,
  path: ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<string>> =>
  Effect.map(
    Effect.orElseSucceed(provider.load(path), () => undefined),
    segments
  )
