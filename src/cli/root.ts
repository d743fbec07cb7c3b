/** The commands. Each is loaded when it is asked for: a cloud's library takes longer to load than to run. */
import * as Command from "effect/cli/Command"
import { Json } from "./settings.js"

const descriptions = {
  aws: "Get AWS credentials, and call AWS STS.",
  alibaba: "Get Alibaba Cloud credentials, and call Alibaba Cloud STS.",
  emulator: "Run an emulator of both clouds' STS, for tests and for trying things out.",
  demo: "See the library at work, step by step."
}

type Name = keyof typeof descriptions

const described = <N extends Name, Input, Context, E, R>(command: Command.Command<N, Input, Context, E, R>) =>
  Command.withDescription(command, descriptions[command.name])

const loaders = {
  aws: async () => described((await import("./aws/commands.js")).aws),
  alibaba: async () => described((await import("./alibaba/commands.js")).alibaba),
  emulator: async () => described((await import("./emulator.js")).emulator),
  demo: async () => described((await import("./demo.js")).demo)
}

/** In the place of a command that nobody asks for: enough for the list of commands. */
const unloaded = (name: Name) => described(Command.make(name))

const names = Object.keys(descriptions) as ReadonlyArray<Name>

/**
 * The tree of commands.
 *
 * @param isWanted whether a command will be needed whole
 */
export const load = async (isWanted: (name: string) => boolean) => {
  const commands = await Promise.all(names.map((name) => (isWanted(name) ? loaders[name]() : unloaded(name))))
  return Command.make("effect-sts").pipe(
    Command.withDescription("Get temporary cloud credentials at the command line."),
    Command.withSubcommands(commands),
    Command.withGlobalFlags([Json])
  )
}
