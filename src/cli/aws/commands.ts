/** `aws`: everything that is done with AWS. */
import * as Command from "effect/cli/Command"
import { credentialCommands } from "../credentialCommands.js"
import { login, logout } from "./login.js"
import { eksToken, operations, presign } from "./operations.js"
import { cloud } from "./source.js"

/** The command. */
export const aws = Command.make("aws").pipe(
  Command.withSubcommands([...operations, presign, eksToken, login, logout, ...credentialCommands(cloud)])
)
