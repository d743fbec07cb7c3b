/**
 * A program with every observer that could carry a secret away: loggers, a tracer and metrics.
 */

import { Console } from "node:console"
import { Writable } from "node:stream"
import { inspect } from "node:util"
import * as Cause from "effect/Cause"
import * as Consoles from "effect/Console"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Logger from "effect/Logger"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import type * as Tracer from "effect/Tracer"
import { talkative } from "../support/logs.js"
import { consoleOver, withLoggers } from "../support/majors.js"
import { spansOf } from "../support/spans.js"

const deep = { depth: 30, showHidden: true, customInspect: false, compact: false } as const

const loggers = {
  // The default logger prints the same.
  string: Logger.formatSimple,
  logfmt: Logger.formatLogFmt,
  json: Logger.formatJson,
  structured: Logger.map(Logger.formatStructured, (entry) => inspect(entry, deep))
}

/** Writes to the console. */
const pretty = Logger.consolePretty({ colors: false, mode: "tty" })

const consoleInto = (lines: Array<string>) => {
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk))
      done()
    }
  })
  return consoleOver(new Console(stream, stream))
}

/** How spans ended, as an exporter would print it. */
const ends = (spans: ReadonlyArray<Tracer.Span>): ReadonlyArray<string> => {
  const exits = spans.map(({ status }) => (status._tag === "Ended" ? status.exit : Exit.void))
  return [...new Set(exits)].map(endOf)
}

const endOf = (exit: Exit.Exit<unknown, unknown>): string => {
  const cause = exit._tag === "Failure" ? Cause.pretty(exit.cause) : ""
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
  const keeping = Object.entries(loggers).map(([name, logger]) => {
    const lines: Array<string> = []
    logs[name] = lines
    return Logger.map(logger, (line) => void lines.push(line))
  })
  const logged = program.pipe(
    Effect.tap((value) => Effect.logTrace("succeeded", value)),
    Effect.tapCause((cause) => Effect.logFatal("failed", cause)),
    Effect.tapError((error) => Effect.logError(error)),
    Effect.annotateLogs(annotations),
    Effect.withLogSpan("call"),
    Effect.withSpan("program", { attributes: annotations }),
    talkative,
    Effect.provideService(Consoles.Console, consoleInto(logs["console"] ?? [])),
    Effect.matchEffect({
      onFailure: (error): Effect.Effect<A | E> => Effect.succeed(error),
      onSuccess: (value): Effect.Effect<A | E> => Effect.succeed(value)
    })
  )
  const { program: traced, spans } = spansOf(logged)
  return Effect.gen(function* () {
    const result = yield* withLoggers(traced, [pretty, ...keeping])
    const parents = new Set(spans.map(({ parent }) => Option.getOrUndefined(parent)))
    const printed = [
      // What is printed of a span holds its parents.
      ...spans.filter((span) => !parents.has(span)).map((span) => inspect(span, deep)),
      ...ends(spans)
    ]
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
