// Loggers are replaced one by one.
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"

/** Keeps what is logged, in place of printing it: every message, and of those the warnings and errors. */
export const keptLogs = () => {
  const messages: Array<string> = []
  const warnings: Array<string> = []
  const logger = Logger.make(({ logLevel, message }) => {
    messages.push(String(message))
    if (LogLevel.greaterThanEqual(logLevel, LogLevel.Warning)) warnings.push(String(message))
  })
  return { messages, warnings, layer: Logger.replace(Logger.defaultLogger, logger) }
}

/** Logs whatever there is to log. */
export const talkative = Logger.withMinimumLogLevel(LogLevel.All)

/** Logs nothing. */
export const silent = Logger.withMinimumLogLevel(LogLevel.None)
