import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"

/** Runs an effect and gathers what it warns of. */
export const gathering = () => {
  const warnings: Array<string> = []
  const logger = Logger.make(({ logLevel, message }) => {
    if (LogLevel.greaterThanEqual(logLevel, LogLevel.Warning)) warnings.push(String(message))
  })
  return {
    warnings,
    gathered: <A, E, R>(effect: Effect.Effect<A, E, R>) =>
      Effect.provide(effect, Logger.replace(Logger.defaultLogger, logger))
  }
}
