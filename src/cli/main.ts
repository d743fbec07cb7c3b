/** The whole program. */
import { whole } from "./commands.js"
import { start } from "./run.js"

start(whole)
