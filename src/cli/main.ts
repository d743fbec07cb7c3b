/** The project's programs, one command each. */
import process from "node:process"

/** A command: takes its arguments, answers the exit code. */
export interface Command {
  readonly run: (args: ReadonlyArray<string>) => Promise<number>
}

// Loaded only when it is asked for.
const commands: Readonly<
  Record<string, { readonly summary: string; readonly load: () => Promise<Command> }>
> = {
  emulator: {
    summary: "serve an emulator of the clouds' STS on a loopback port",
    load: () => import("./emulator.js")
  },
  demo: {
    summary: "see the library at work against the emulator",
    load: () => import("./demo.js")
  }
}

const usage = `Usage: main.ts <command> [options]\n\n${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`)
  .join("\n")}\n`

const main = async ([name = "", ...args]: ReadonlyArray<string>): Promise<number> => {
  if (name === "--help") {
    process.stdout.write(usage)
    return 0
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command === undefined) {
    process.stderr.write(name === "" ? usage : `Unknown command: ${name}\n\n${usage}`)
    return 2
  }
  const { run } = await command.load()
  return run(args)
}

process.exitCode = await main(process.argv.slice(2))
