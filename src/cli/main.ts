/** The whole program. */
import { whole } from "./commands.js"
import { start } from "./start.js"

start(whole)
