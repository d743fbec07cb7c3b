/**
 * Builds the programs that tests start, before the first test.
 */
import { existsSync, readdirSync } from "node:fs"
import { rm } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { build, type Plugin } from "esbuild"
import type { TestProject } from "vitest/node"
import { outdir } from "./support/program.js"

const root = fileURLToPath(new URL("..", import.meta.url))

const examples = readdirSync(`${root}/examples`).filter((file) => !file.endsWith(".test.ts"))

const programs = [
  ...examples.map((file) => `examples/${file}`),
  "test/interop/alibabaPackage.ts",
  "test/interop/awsPackage.ts",
  "test/sources/endpointsProcess.ts",
  "test/support/askForCode.ts",
  "test/support/atTerminal.ts",
  "test/support/cachingProcess.ts",
  "test/support/demoAndEmulator.ts",
  "test/support/emulatorProcess.ts",
  "test/support/fleetProcess.ts",
  "test/support/heldAtFirst.ts",
  "test/support/longJob.ts",
  "test/support/managedRuntimes.ts"
]

/** What is many modules; the other packages stay where they are. */
const large = /^(effect|@effect|effect-sts|redis|@redis)(\/|$)/

const othersOutside: Plugin = {
  name: "others outside",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^[^./]/ }, ({ kind, path }) =>
      kind === "entry-point" || large.test(path) ? undefined : { path, external: true }
    )
}

export const buildAll = async () => {
  await rm(outdir, { recursive: true, force: true })
  await build({
    absWorkingDir: root,
    entryPoints: programs,
    outbase: root,
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node20",
    // For packages that are no modules.
    banner: {
      js: 'import { createRequire as near } from "node:module"; const require = near(import.meta.url)'
    },
    plugins: [othersOutside]
  })
  // Both lines come with the same program, which stands beside the sources for Effect 4.
  const joiner = `${root}scripts/program.mjs`
  if (existsSync(joiner)) await (await import(joiner)).joinProgram(`${outdir}/cli`, "0.0.0-test")
}

export const setup = async (project: TestProject) => {
  project.onTestsRerun(buildAll)
  await buildAll()
}
