/** `exec`: a command with fresh credentials in its environment. */
import { spawn } from "node:child_process"
import process from "node:process"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { ProgramError, UsageError } from "./endings.js"
import { given, type Keys, regionOf } from "./formats.js"
import * as Serve from "./serve.js"
import { newSecret } from "./server.js"
import * as Session from "./session.js"
import * as Source from "./source.js"

const forwarded = ["SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGINT"] as const

/** What shells end with where a command cannot be run. */
const unrunnable: Readonly<Record<string, readonly [status: number, reason: string]>> = {
  ENOENT: [127, "there is no such command"],
  EACCES: [126, "you may not run it"]
}

/**
 * From here on it is the command that signals are for. A terminal sends its own to both. There is no moment without a
 * listener: what came in it would be lost.
 */
const forwardSignals = (pass: (signal: NodeJS.Signals) => void): void => {
  for (const signal of forwarded) {
    const before = process.listeners(signal)
    const fromTerminal = signal === "SIGINT" || signal === "SIGQUIT"
    process.on(signal, () => {
      if (!fromTerminal || process.stdin.isTTY !== true) pass(signal)
    })
    for (const listener of before) process.removeListener(signal, listener)
  }
}

const endAs = (code: number | null, signal: NodeJS.Signals | null): void => {
  process.exitCode = code ?? 1
  if (signal === null) return
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
}

/** Runs a command, and ends as it does. */
const run = ([command = "", ...args]: ReadonlyArray<string>, env: NodeJS.ProcessEnv) =>
  Effect.callback<void, ProgramError>((resume) => {
    forwardSignals((signal) => child.kill(signal))
    const child = spawn(command, args, { stdio: "inherit", env })
    child.once("error", (error: NodeJS.ErrnoException) => {
      const [status, reason] = unrunnable[error.code ?? ""] ?? [1, error.code]
      resume(Effect.fail(new ProgramError({ message: `${command} cannot be run: ${reason}.`, status })))
    })
    child.once("close", (code, signal) => {
      endAs(code, signal)
      resume(Effect.void)
    })
  })

/** Our environment with these variables; without those that have no value. */
const surroundings = (variables: Keys): NodeJS.ProcessEnv => {
  const env = { ...process.env }
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete env[name]
    else env[name] = value
  }
  return env
}

/** The command. */
export const exec = (cloud: Source.Cloud) => {
  const variables = (asked: Source.Asked, server: boolean) =>
    Effect.gen(function* () {
      if (server) {
        const place = { host: "127.0.0.1", port: 0, secret: newSecret() }
        return (yield* Serve.open(cloud, asked, {}, place)).variables
      }
      const { get, region } = yield* cloud.fresh(asked)
      const keys = given(cloud.names, yield* get)
      return { ...keys, ...(yield* regionOf(cloud.names, region, asked.region)) }
    })

  return Command.make(
    "exec",
    {
      ...Source.flags,
      ...Session.flags,
      server: Flag.Boolean("server").pipe(
        Flag.withDefault(false),
        Flag.withDescription(
          "Give the command a local server to ask for credentials, so that it can run for longer than one of them lasts."
        )
      ),
      command: Argument.String("command").pipe(
        Argument.withDescription("The command to run and its arguments, after --."),
        Argument.atLeast(1)
      )
    },
    ({ command, server, ...asked }) =>
      Effect.gen(function* () {
        if (command[0] === "") return yield* new UsageError({ message: "The command is empty." })
        yield* run(command, surroundings(yield* variables(asked, server)))
      }).pipe(Effect.scoped)
  ).pipe(
    Command.withDescription(
      "Run a command with fresh credentials in its environment, and end with its status."
    ),
    Command.withExamples([
      { command: `effect-sts ${cloud.name} exec --role ARN -- terraform plan`, description: "As a role" }
    ])
  )
}
