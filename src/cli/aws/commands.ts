/** `aws`: everything that is done with AWS. */
import * as Command from "effect/cli/Command"
import { credentialCommands } from "../credentialCommands.js"
import { login, logout } from "./login.js"
import { operations } from "./operations.js"
import { eksToken, presign } from "./proofs.js"
import { cloud } from "./source.js"

/** The command. */
export const aws = Command.make("aws").pipe(
  Command.withSubcommands([...operations, presign, eksToken, login, logout, ...credentialCommands(cloud)])
)
