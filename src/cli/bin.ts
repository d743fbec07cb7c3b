/**
 * What `bin` names: it knows the version by itself, and everything else stands in files beside it, which Node compiles
 * once and then keeps. A cloud's own file is smaller than the whole program's, which alone knows of a fleet's Redis.
 */
import { mkdirSync, statSync } from "node:fs"
import * as Module from "node:module"
import { cacheFolder, version } from "./installation.js"

// Not Node's own place for it, which is a folder that every user of the machine can write. Compiled code is run as it is
// found: where another user owns the folder, as under sudo, nothing is kept.
const keepCompiled = (): void => {
  try {
    const folder = cacheFolder("compiled")
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (statSync(folder).uid === (process.getuid?.() ?? 0)) Module.enableCompileCache?.(folder)
  } catch {
    // Without a home nothing is kept.
  }
}

const [only, more] = process.argv.slice(2)
if (only === "--version" && more === undefined) process.stdout.write(`effect-sts ${version}\n`)
else {
  keepCompiled()
  const isCloud = (only === "aws" || only === "alibaba") && !process.env["EFFECT_STS_REDIS_URL"]
  Module.createRequire(__filename)(`./${isCloud ? only : "program"}.cjs`)
}
