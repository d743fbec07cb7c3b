/**
 * Where settings are read.
 *
 * @since 0.1.0
 */
import * as ConfigProvider from "effect/ConfigProvider"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as HashSet from "effect/HashSet"

/**
 * Where a fiber reads its settings.
 *
 * @category accessors
 * @since 0.1.0
 */
export const configProviderOf = (
  fiber: Fiber.RuntimeFiber<unknown, unknown>
): ConfigProvider.ConfigProvider => Context.get(fiber.currentDefaultServices, ConfigProvider.ConfigProvider)

/**
 * Where the running fiber reads its settings.
 *
 * @category accessors
 * @since 0.1.0
 */
export const configProvider: Effect.Effect<ConfigProvider.ConfigProvider> = Effect.configProviderWith(
  Effect.succeed
)

/**
 * The segments that go on from a path. A provider that does not tell has none.
 *
 * @category accessors
 * @since 0.1.0
 */
export const segmentsBelow = (
  { flattened }: ConfigProvider.ConfigProvider,
  path: ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<string>> =>
  Effect.map(
    Effect.orElseSucceed(flattened.enumerateChildren(path), () => HashSet.empty<string>()),
    (segments) => [...segments]
  )
