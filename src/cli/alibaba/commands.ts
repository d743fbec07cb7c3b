/** `alibaba`: everything that is done with Alibaba Cloud. */
import * as Command from "effect/cli/Command"
import { console } from "../console.js"
import { credentialProcess } from "../credentialProcess.js"
import { exec } from "../exec.js"
import { explain } from "../explain.js"
import { serve } from "../serve.js"
import { login, logout } from "./login.js"
import { operations } from "./operations.js"
import { cloud } from "./source.js"

/** The command. */
export const alibaba = Command.make("alibaba").pipe(
  Command.withSubcommands([
    ...operations,
    login,
    logout,
    exec(cloud),
    serve(cloud),
    credentialProcess(cloud),
    console(cloud),
    explain(cloud)
  ])
)
