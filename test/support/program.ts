/**
 * Where a program in TypeScript is after `test/programs.ts` has built it. Through a loader of TypeScript its start takes
 * six times as long, most of it for the modules of Effect.
 */
import { join } from "node:path"
import { fileURLToPath } from "node:url"

export const outdir = fileURLToPath(new URL("../../node_modules/.programs", import.meta.url))

/** @param source its path from the root of the project */
export const program = (source: string): string => join(outdir, source.replace(/\.ts$/, ".mjs"))
