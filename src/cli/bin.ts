/**
 * What `bin` names: it knows the version by itself, and everything else stands in the file beside it, which Node compiles
 * once and then keeps.
 */
import * as Module from "node:module"
import { homedir } from "node:os"
import { join } from "node:path"
import { version } from "./version.js"

// Not Node's own place for it, which is a folder that every user of the machine can write.
const compiled = (): string =>
  join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "effect-sts", "compiled")

const keepCompiled = (): void => {
  try {
    Module.enableCompileCache?.(compiled())
  } catch {
    // Without a home nothing is kept.
  }
}

const [only, more] = process.argv.slice(2)
if (only === "--version" && more === undefined) process.stdout.write(`effect-sts ${version}\n`)
else {
  keepCompiled()
  Module.createRequire(__filename)("./program.cjs")
}
