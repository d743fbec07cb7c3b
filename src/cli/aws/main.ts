/** AWS's part of the program, which starts sooner than the whole one. */
import { described } from "../root.js"
import { start } from "../run.js"
import { aws } from "./commands.js"

start({ loaders: { aws: () => described(aws) } })
