/**
 * The project's programs, one command each.
 *
 * @since 0.1.0
 */
import process from "node:process"

/**
 * A command: takes its arguments, answers the exit code.
 *
 * @category models
 * @since 0.1.0
 */
export interface Command {
  readonly run: (args: ReadonlyArray<string>) => Promise<number>
}

// Each is the file of its name beside this one, loaded only when it is asked for.
const commands: Readonly<Record<string, string>> = {
  emulator: "serve an emulator of the clouds' STS on a loopback port",
  demo: "see the library at work against the emulator"
}

const usage = `Usage: main.ts <command> [options]\n\n${Object.entries(commands)
  .map(([name, summary]) => `  ${name.padEnd(10)} ${summary}`)
  .join("\n")}\n`

const main = async ([name = "", ...args]: ReadonlyArray<string>): Promise<number> => {
  if (name === "--help") {
    process.stdout.write(usage)
    return 0
  }
  if (!Object.hasOwn(commands, name)) {
    process.stderr.write(name === "" ? usage : `Unknown command: ${name}\n\n${usage}`)
    return 2
  }
  const command: Command = await import(`./${name}.js`)
  return command.run(args)
}

process.exitCode = await main(process.argv.slice(2))
