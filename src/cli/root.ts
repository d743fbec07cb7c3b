/** The tree of commands. Each is loaded when it is asked for: a cloud's library takes longer to load than to run. */
import * as Command from "effect/cli/Command"
import { Json } from "./settings.js"

const descriptions = {
  aws: "Get AWS credentials, and call AWS STS.",
  alibaba: "Get Alibaba Cloud credentials, and call Alibaba Cloud STS.",
  emulator: "Run an emulator of both clouds' STS, for tests and for trying things out.",
  demo: "See the library at work, step by step."
}

type Name = keyof typeof descriptions

/** A command with its description in the list of commands. */
export const described = <N extends Name, Input, Context, E, R>(
  command: Command.Command<N, Input, Context, E, R>
) => Command.withDescription(command, descriptions[command.name])

interface Commands {
  readonly aws: typeof import("./aws/commands.js").aws
  readonly alibaba: typeof import("./alibaba/commands.js").alibaba
  readonly emulator: typeof import("./emulator.js").emulator
  readonly demo: typeof import("./demo.js").demo
}

/** How commands are loaded, those that a program has. */
export type Loaders = { readonly [N in Name]?: () => Commands[N] | Promise<Commands[N]> }

/** In the place of a command that is not loaded: enough for the list of commands. */
const unloaded = (name: Name) => described(Command.make(name))

const names = Object.keys(descriptions) as ReadonlyArray<Name>

/**
 * Loads the tree.
 *
 * @param isWanted whether a command will be needed whole
 */
export const load = async (loaders: Loaders, isWanted: (name: string) => boolean) => {
  const commands = await Promise.all(
    names.map((name) => (isWanted(name) ? loaders[name]?.() : undefined) ?? unloaded(name))
  )
  return Command.make("effect-sts").pipe(
    Command.withDescription("Get temporary cloud credentials at the command line."),
    Command.withSubcommands(commands),
    Command.withGlobalFlags([Json])
  )
}
