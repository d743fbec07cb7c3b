/** `alibaba`: everything that is done with Alibaba Cloud. */
import * as Command from "effect/cli/Command"
import { credentialCommands } from "../credentialCommands.js"
import { login, logout } from "./login.js"
import { operations } from "./operations.js"
import { cloud } from "./source.js"

/** The command. */
export const alibaba = Command.make("alibaba").pipe(
  Command.withSubcommands([...operations, login, logout, ...credentialCommands(cloud)])
)
