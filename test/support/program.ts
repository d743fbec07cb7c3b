/**
 * Where a program in TypeScript is after `test/programs.ts` has built it. Through a loader of TypeScript its start takes
 * six times as long, most of it for the modules of Effect.
 */
import * as Module from "node:module"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

export const outdir = fileURLToPath(new URL("../../node_modules/.programs", import.meta.url))

/** By this variable Node compiles what programs have in common once for all of them. */
export const compiled = { NODE_COMPILE_CACHE: join(outdir, "compiled") }

/** For a program that may be killed: Node 20 keeps nothing, a later one at the end. */
export const keepCompiled = (): void => {
  const flush: unknown = Reflect.get(Module, "flushCompileCache")
  if (typeof flush === "function") flush()
}

/** @param source its path from the root of the project */
export const program = (source: string): string => join(outdir, source.replace(/\.ts$/, ".mjs"))
