/**
 * No test depends on who runs it: no cloud's variables, no proxy, no home directory with credentials in it. What a file of
 * tests wrote is gone after it.
 */
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll } from "@effect/vitest"
import { removeFolders } from "./support/folders.js"
import { compiled } from "./support/program.js"

const foreign = /^(ALIBABA_CLOUD_|AWS_|(HTTPS?|ALL|NO)_PROXY$)/i

for (const name of Object.keys(process.env)) {
  if (foreign.test(name)) delete process.env[name]
}

const nowhere = join(tmpdir(), "effect-sts-no-home")
process.env["HOME"] = nowhere
process.env["USERPROFILE"] = nowhere
Object.assign(process.env, compiled)

afterAll(removeFolders)
