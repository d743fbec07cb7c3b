/**
 * A program with every observer that could carry a secret away: loggers, a tracer and metrics.
 */
import { Console } from "node:console"
import { Writable } from "node:stream"
import { inspect } from "node:util"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Metric from "effect/Metric"
import type * as Tracer from "effect/Tracer"
import { spansOf } from "../support/spans.js"

const deep = { depth: 30, showHidden: true, customInspect: false, compact: false } as const

const loggers = {
  string: Logger.stringLogger,
  logfmt: Logger.logfmtLogger,
  json: Logger.jsonLogger,
  structured: Logger.map(Logger.structuredLogger, (entry) => inspect(entry, deep)),
  pretty: undefined
}

const consoleInto = (lines: Array<string>) => {
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk))
      done()
    }
  })
  return { ...Effect.runSync(Effect.console), unsafe: new Console(stream, stream) }
}

/** How a span ended, as an exporter would print it. */
const endOf = ({ status }: Tracer.Span): string => {
  if (status._tag === "Started") return ""
  const { exit } = status
  const cause = exit._tag === "Failure" ? Cause.pretty(exit.cause, { renderErrorCause: true }) : ""
  return `${exit} ${JSON.stringify(exit)} ${cause}`
}

export interface Texts {
  readonly [path: string]: string
}

/** Every metric of this process. None that was ever counted leaves them. */
export const metrics = Effect.map(
  Metric.snapshot,
  (pairs) => `${inspect(pairs, deep)} ${JSON.stringify(pairs)}`
)

/** Runs a program, logs all that comes of it, and tells what the observers have seen. */
export const watched = <A, E, R>(
  program: Effect.Effect<A, E, R>,
  annotations: Readonly<Record<string, unknown>> = {}
): Effect.Effect<{ readonly result: A | E; readonly texts: Texts }, never, R> => {
  const logs: Record<string, Array<string>> = { console: [] }
  const layers = Object.entries(loggers).map(([name, logger]) => {
    if (logger === undefined) return Logger.add(Logger.prettyLogger({ colors: false, mode: "tty" }))
    const lines: Array<string> = []
    logs[name] = lines
    return Logger.add(Logger.map(logger, (line) => void lines.push(line)))
  })
  const logged = program.pipe(
    Effect.tap((value) => Effect.logTrace("succeeded", value)),
    Effect.tapErrorCause((cause) => Effect.logFatal("failed", cause)),
    Effect.tapError((error) => Effect.logError(error)),
    Effect.annotateLogs(annotations),
    Effect.withLogSpan("call"),
    Effect.withSpan("program", { attributes: annotations }),
    Logger.withMinimumLogLevel(LogLevel.All),
    Effect.withConsole(consoleInto(logs["console"] ?? [])),
    Effect.merge
  )
  const { program: traced, spans } = spansOf(logged)
  return Effect.gen(function* () {
    const result = yield* layers.reduce((effect, layer) => Effect.provide(effect, layer), traced)
    const printed = spans.flatMap((span) => [span.name, inspect(span, deep), endOf(span)])
    return {
      result,
      texts: {
        ...Object.fromEntries(
          Object.entries(logs).map(([name, lines]) => [`log lines, ${name}`, lines.join("\n")])
        ),
        spans: printed.join("\n")
      }
    }
  })
}
