// A provider's paths are written otherwise.
import * as ConfigProvider from "effect/ConfigProvider"

/** Settings as the environment's are given: the underscore parts the segments of a path. */
export const environmentOf = (variables: Readonly<Record<string, string>>) =>
  ConfigProvider.fromMap(new Map(Object.entries(variables)), { pathDelim: "_" })
