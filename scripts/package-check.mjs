// @ts-check

/**
 * Builds and packs the package and looks at what a user would get: the metadata, the types under every resolution,
 * declarations and source maps, and every subpath imported from a fresh project, with and without the optional
 * peers. Everything happens in a temporary folder.
 */
import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { dirname, join, resolve } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const temporary = mkdtempSync(join(tmpdir(), "effect-sts-package-"))
const consumer = join(temporary, "consumer")
const { resolve: locate } = createRequire(import.meta.url)

/** @type {{ name: string, exports: Record<string, unknown>, peerDependencies: Record<string, string>, peerDependenciesMeta: Record<string, unknown> }} */
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))

const subpaths = Object.keys(manifest.exports).filter((path) => path !== "./package.json")
const optionalPeers = Object.keys(manifest.peerDependenciesMeta)
const withoutOptionalPeers = [".", "./alibaba", "./aws", "./blocking"]

/** @param {string} message */
const fail = (message) => {
  throw new Error(message)
}

/**
 * @param {string} command
 * @param {ReadonlyArray<string>} options
 */
const run = (command, options, cwd = root) => {
  const { status, stdout } = spawnSync(command, options, {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"]
  })
  if (status !== 0) fail(`${[command, ...options].join(" ")} failed\n${stdout}`)
  return stdout.trim()
}

/**
 * @param {string} tool a command of one of the development dependencies
 * @param {ReadonlyArray<string>} options
 */
const runTool = (tool, ...options) => run(join(root, "node_modules/.bin", tool), options)

/**
 * The version that this project itself is tested with.
 *
 * @param {string} name
 */
const tested = (name) =>
  `${name}@${JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8")).version}`

/** @param {string} subpath */
const specifier = (subpath) => `${manifest.name}${subpath.slice(1)}`

const pack = () => {
  run("npm", ["run", "build"])
  const output = run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", temporary])
  return join(temporary, JSON.parse(output)[0].filename)
}

/** @param {ReadonlyArray<string>} packages */
const install = (...packages) =>
  run(
    "npm",
    ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", ...packages],
    consumer
  )

/** @param {ReadonlyArray<string>} paths */
const importAll = (paths) => {
  const script = paths
    .map(
      (path) =>
        `if (Object.keys(await import("${specifier(path)}")).length === 0) throw new Error("${path} is empty")`
    )
    .join("\n")
  run(process.execPath, ["--enable-source-maps", "--input-type=module", "--eval", script], consumer)
}

/** Every script has its declaration, and every map leads to a file in the package. */
const checkMaps = () => {
  const installed = join(consumer, "node_modules", manifest.name)
  const files = readdirSync(join(installed, "dist"), { recursive: true, encoding: "utf8" })
  const scripts = files.filter((file) => file.endsWith(".js"))
  if (scripts.length === 0) fail("there is nothing in dist")
  for (const script of scripts) {
    const stem = script.slice(0, -".js".length)
    for (const extension of [".d.ts", ".js.map", ".d.ts.map"]) {
      if (!files.includes(`${stem}${extension}`)) fail(`dist/${stem}${extension} is missing`)
    }
  }
  for (const map of files.filter((file) => file.endsWith(".map"))) {
    const path = join(installed, "dist", map)
    for (const source of JSON.parse(readFileSync(path, "utf8")).sources) {
      if (!existsSync(resolve(dirname(path), source)))
        fail(`dist/${map} leads to ${source}, which is missing`)
    }
  }
  return `${scripts.length} scripts with declarations and maps`
}

/** A strict consumer compiles, declarations included: its only errors may be other packages' own. */
const checkTypes = () => {
  const lines = subpaths.map((path, index) => `export * as Door${index} from "${specifier(path)}"`)
  writeFileSync(join(consumer, "index.ts"), lines.join("\n"))
  const options = ["--noEmit", "--strict", "--target", "ES2022", "--module", "NodeNext", "index.ts"]
  const { stdout } = spawnSync(process.execPath, [locate("typescript/bin/tsc"), ...options], {
    cwd: consumer,
    encoding: "utf8"
  })
  const ours = stdout
    .split("\n")
    .filter((line) => line.startsWith("index.ts") || line.includes(`/${manifest.name}/`))
  if (ours.length > 0) fail(ours.join("\n"))
  return "a consumer compiles"
}

/** What npm does not install by itself, these must do without. */
const checkWithoutOptionalPeers = () => {
  const present = optionalPeers.filter((peer) => existsSync(join(consumer, "node_modules", peer)))
  if (present.length > 0) fail(`${present.join(", ")} was installed, so nothing is proved`)
  importAll(withoutOptionalPeers)
  return `${withoutOptionalPeers.join(", ")} without ${optionalPeers.join(", ")}`
}

const checkAll = () => {
  install(...optionalPeers.map(tested))
  importAll(subpaths)
  return `${subpaths.join(", ")} with every peer`
}

try {
  const tarball = pack()
  console.log(`packed ${tarball.slice(temporary.length + 1)}`)
  console.log(runTool("publint", "run", tarball, "--strict"))
  console.log(runTool("attw", tarball, "--profile", "esm-only", "--no-color", "--no-emoji"))

  const required = Object.keys(manifest.peerDependencies).filter((peer) => !optionalPeers.includes(peer))
  mkdirSync(consumer)
  writeFileSync(join(consumer, "package.json"), JSON.stringify({ private: true, type: "module" }))
  install(tarball, ...required.map(tested), tested("@types/node"))

  for (const check of [checkMaps, checkWithoutOptionalPeers, checkAll, checkTypes])
    console.log(`ok: ${check()}`)
} finally {
  rmSync(temporary, { recursive: true })
}
