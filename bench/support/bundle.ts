/**
 * What a program becomes in a bundle.
 */
import { join, sep } from "node:path"
import { gzipSync } from "node:zlib"
import { type BuildOptions, build } from "esbuild"
import { homeOf, type Line, root } from "./lines.js"

export interface Bundle {
  readonly contents: Uint8Array
  readonly gzip: number
}

// Bundled CommonJS asks for Node's modules by `require`, which an ES module does not have.
const banner = { js: `import{createRequire as r}from"node:module";const require=r(import.meta.url);` }

const built = (file: string, line: Line, options: BuildOptions) =>
  build({
    absWorkingDir: homeOf(line),
    entryPoints: [file],
    outfile: "program.mjs",
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node22",
    write: false,
    // This project's own settings lead to the source, and not to what is built of it.
    tsconfigRaw: "{}",
    logLevel: "error",
    ...options
  })

/** A program, minified with everything that it needs. */
export const bundle = async (file: string, line: Line = 4): Promise<Bundle> => {
  const theirs = file.startsWith(join(root, "bench/peers"))
  const { outputFiles } = await built(file, line, { minify: true, banner: theirs ? banner : {} })
  const contents = outputFiles?.[0]?.contents ?? new Uint8Array()
  return { contents, gzip: gzipSync(contents, { level: 9 }).length }
}

/** The modules of other packages that this package's modules import themselves where a program is not bundled. */
export const importedBy = async (file: string, line: Line): Promise<ReadonlyArray<string>> => {
  // Node loads what a bundler leaves out since nobody uses it, and the doors as they are joined for it.
  const { metafile } = await built(file, line, {
    metafile: true,
    ignoreAnnotations: true,
    conditions: ["node"]
  })
  const imported = Object.entries(metafile?.inputs ?? {})
    .filter(([module]) => module.startsWith(`dist${sep}`))
    .flatMap(([, { imports }]) => imports)
    .filter(({ external, path }) => external !== true && path.includes(`node_modules${sep}`))
    .map(({ path }) => join(homeOf(line), path))
  return [...new Set(imported)]
}

/** A program of one AssumeRole, with stated keys or with the layer for functions, or one that asks who calls. */
export const oursIn = (
  cloud: string,
  line: Line = 4,
  program: "ours" | "function" | "whoami" = "ours"
): string => join(homeOf(line), "bench/programs", cloud, `${program}.mjs`)
