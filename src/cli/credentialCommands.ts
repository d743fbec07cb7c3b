/** The commands that hand credentials on, of either cloud. */
import { console } from "./console.js"
import { credentialProcess } from "./credentialProcess.js"
import { exec } from "./exec.js"
import { explain } from "./explain.js"
import { serve } from "./serve.js"
import type { Cloud } from "./source.js"

/** The commands. */
export const credentialCommands = (cloud: Cloud) =>
  [exec(cloud), serve(cloud), credentialProcess(cloud), console(cloud), explain(cloud)] as const
