/**
 * What a program becomes in a bundle.
 */
import { readFileSync } from "node:fs"
import { basename, join, sep } from "node:path"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import { build } from "esbuild"

const root = fileURLToPath(new URL("../..", import.meta.url))
const packages = `node_modules${sep}`

export const program = (name: string): string => join(root, "bench/programs", `${name}.mjs`)

export interface Bundle {
  readonly file: string
  readonly gzip: number
  /** Minified bytes of this package's modules. */
  readonly ours: number
  readonly minified: number
  /** The modules of other packages that this package's modules import themselves. */
  readonly imported: ReadonlyArray<string>
}

// Bundled CommonJS asks for Node's modules by `require`, which an ES module does not have.
const banner = { js: `import{createRequire as r}from"node:module";const require=r(import.meta.url);` }

// This project's own settings lead to the source, and not to what is built of it.
const tsconfigRaw = "{}"

const pack = (name: string, outfile: string, external: boolean) =>
  build({
    absWorkingDir: root,
    entryPoints: [program(name)],
    outfile,
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    target: "node20",
    metafile: true,
    tsconfigRaw,
    logLevel: "error",
    banner: name.endsWith("official") ? banner : {},
    ...(external
      ? { external: ["effect", "effect/*", "@effect/*", "ini", "undici"] }
      : { packages: "bundle" as const })
  })

const gzipped = (file: string): number => gzipSync(readFileSync(file), { level: 9 }).length

/** Bundles a program, minified, for Node. */
export const bundle = async (name: string, folder: string): Promise<Bundle> => {
  const file = join(folder, `${basename(name)}.mjs`)
  const { metafile } = await pack(name, file, false)
  const sizes = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs))
  const sum = (of: typeof sizes) => of.reduce((total, [, { bytesInOutput }]) => total + bytesInOutput, 0)
  const imported = Object.entries(metafile.inputs)
    .filter(([module]) => module.startsWith(`dist${sep}`))
    .flatMap(([, { imports }]) => imports)
    .filter(({ external, path }) => external !== true && path.includes(packages))
    .map(({ path }) => join(root, path))
  return {
    file,
    gzip: gzipped(file),
    ours: sum(sizes.filter(([module]) => module.startsWith(`dist${sep}`))),
    minified: sum(sizes),
    imported: [...new Set(imported)]
  }
}

/** What this package's modules alone come to, with every other package left out. */
export const gzipOfOurs = async (name: string, folder: string): Promise<number> => {
  const file = join(folder, `${basename(name)}-alone.mjs`)
  await pack(name, file, true)
  return gzipped(file)
}
