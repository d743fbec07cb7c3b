/** `aws`: everything that is done with AWS. */
import * as Command from "effect/cli/Command"
import { operations } from "./operations.js"
import { eksToken, presign } from "./proofs.js"

/** The command. */
export const aws = Command.make("aws").pipe(Command.withSubcommands([...operations, presign, eksToken]))
