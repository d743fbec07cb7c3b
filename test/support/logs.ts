import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as References from "effect/References"

export const keptLogs = () => {
  const messages: Array<string> = []
  const warnings: Array<string> = []
  const logger = Logger.make(({ logLevel, message }) => {
    messages.push(String(message))
    if (LogLevel.isGreaterThanOrEqualTo(logLevel, "Warn")) warnings.push(String(message))
  })
  return { messages, warnings, layer: Logger.layer([logger]) }
}

export const talkative = Effect.provideService(References.MinimumLogLevel, "All")

export const silent = Effect.provideService(References.MinimumLogLevel, "None")
