/** `alibaba`: everything that is done with Alibaba Cloud. */
import * as Command from "effect/cli/Command"
import { operations } from "./operations.js"

/** The command. */
export const alibaba = Command.make("alibaba").pipe(Command.withSubcommands(operations))
