/**
 * What a program becomes in a bundle.
 */
import { join, sep } from "node:path"
import { gzipSync } from "node:zlib"
import { build } from "esbuild"
import { homeOf, type Line, root } from "./lines.js"

export interface Bundle {
  readonly contents: Uint8Array
  readonly gzip: number
  /** The modules of other packages that this package's modules import themselves. */
  readonly imported: ReadonlyArray<string>
}

// Bundled CommonJS asks for Node's modules by `require`, which an ES module does not have.
const banner = { js: `import{createRequire as r}from"node:module";const require=r(import.meta.url);` }
const ours = `dist${sep}`
const packages = `node_modules${sep}`

/** A program, minified with everything that it imports. */
export const bundle = async (file: string, line: Line = 4): Promise<Bundle> => {
  const home = homeOf(line)
  const { metafile, outputFiles } = await build({
    absWorkingDir: home,
    entryPoints: [file],
    outfile: "program.mjs",
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    target: "node22",
    metafile: true,
    write: false,
    // This project's own settings lead to the source, and not to what is built of it.
    tsconfigRaw: "{}",
    logLevel: "error",
    banner: file.startsWith(join(root, "bench/peers")) ? banner : {}
  })
  const contents = outputFiles[0]?.contents ?? new Uint8Array()
  const imported = Object.entries(metafile.inputs)
    .filter(([module]) => module.startsWith(ours))
    .flatMap(([, { imports }]) => imports)
    .filter(({ external, path }) => external !== true && path.includes(packages))
    .map(({ path }) => join(home, path))
  return { contents, gzip: gzipSync(contents, { level: 9 }).length, imported: [...new Set(imported)] }
}

/** The program of one AssumeRole. */
export const oursIn = (cloud: string, line: Line = 4): string =>
  join(homeOf(line), "bench/programs", cloud, "ours.mjs")
