// @ts-check

/**
 * Joins the program and all that it needs, Effect too, into one file, the part of each cloud into another, and the few
 * lines in front of them into a third. Both lines of the package come with the same ones.
 */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"

const root = fileURLToPath(new URL("..", import.meta.url))

/**
 * @param {string} outdir
 * @param {string} version
 */
export const joinProgram = (outdir, version) =>
  build({
    absWorkingDir: root,
    entryPoints: {
      "effect-sts": "src/cli/bin.ts",
      aws: "src/cli/aws/main.ts",
      alibaba: "src/cli/alibaba/main.ts",
      program: "src/cli/main.ts"
    },
    outdir,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    platform: "node",
    // Node compiles it faster than a module, and loads its own modules only where they are needed.
    format: "cjs",
    target: "node20",
    minify: true,
    // An optional package, for who shares credentials through it.
    external: ["redis"],
    // Optional packages are looked for beside the program, never in the folder that it is run in.
    define: { VERSION: JSON.stringify(version), "import.meta.url": "ownUrl", "Intl.Segmenter": "Segmenter" },
    inject: ["src/cli/Segmenter.ts"],
    banner: { js: '#!/usr/bin/env node\nconst ownUrl = require("node:url").pathToFileURL(__filename).href' },
    legalComments: "none",
    tsconfigRaw: "{}"
  })

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { version } = JSON.parse(readFileSync(join(process.cwd(), "package.json"), "utf8"))
  await joinProgram(join(process.cwd(), "dist/cli"), version)
}
