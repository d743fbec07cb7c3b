/** Alibaba Cloud's part of the program, which starts sooner than the whole one. */
import { described } from "../root.js"
import { start } from "../run.js"
import { alibaba } from "./commands.js"

start({ loaders: { alibaba: () => described(alibaba) } })
