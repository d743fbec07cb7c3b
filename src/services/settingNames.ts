/** Which settings there are in the environment, or whatever Effect's ConfigProvider stands for. */
import type * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import { configProvider, segmentsBelow, textOf } from "./configProvider.js"

const separator = "_"

// A provider may take `_` for what parts the segments of a path, as the environment's does, or for a letter.
const below = (
  provider: ConfigProvider.ConfigProvider,
  prefix: string
): Effect.Effect<ReadonlyArray<string>> => {
  const from = (path: ReadonlyArray<string>): Effect.Effect<ReadonlyArray<string>> =>
    Effect.flatMap(segmentsBelow(provider, path), (segments) =>
      Effect.map(
        Effect.forEach(segments, (segment) => {
          const next = [...path, segment]
          const name = next.join(separator)
          if (
            !`${prefix}${separator}`.startsWith(`${name}${separator}`) &&
            !name.startsWith(prefix + separator)
          ) {
            return Effect.succeed([])
          }
          return Effect.map(from(next), (names) => [name, ...names])
        }),
        (found) => found.flat()
      )
    )
  return from([])
}

const isSet = (name: string) =>
  Effect.match(textOf(name), {
    onSuccess: (text = "") => text.trim() !== "",
    onFailure: () => false
  })

/**
 * The names of the settings that begin with a prefix such as `AWS` and are not blank, in alphabetical order.
 */
export const settingNames = (prefix: string): Effect.Effect<ReadonlyArray<string>> =>
  Effect.flatMap(configProvider, (provider) => below(provider, prefix)).pipe(
    Effect.flatMap((names) => Effect.filter(names, isSet)),
    Effect.map((names) => [...names].sort())
  )
