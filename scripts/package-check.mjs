// @ts-check

/**
 * Packs one line of the package, 4 or 3 as its argument says, and looks at what a user would get: the
 * metadata, the types under every resolution, every subpath imported from a fresh project, with and without the optional
 * peers, every command of the program, and the README's install lines, run as they stand there by each package manager
 * that is at hand. Everything happens in a temporary folder.
 */
import { spawn, spawnSync } from "node:child_process"
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const major = process.argv[2]
/** Where the line is. */
const home = major === "3" ? join(root, "effect3") : root
const temporary = mkdtempSync(join(tmpdir(), "effect-sts-package-"))
const consumer = join(temporary, "consumer")

/** @type {{ name: string, files: ReadonlyArray<string>, exports: Record<string, unknown>, engines: { node: string }, peerDependencies: Record<string, string>, peerDependenciesMeta: Record<string, unknown> }} */
const manifest = JSON.parse(readFileSync(join(home, "package.json"), "utf8"))

const subpaths = Object.keys(manifest.exports).filter((path) => path !== "./package.json")
const optionalPeers = Object.keys(manifest.peerDependenciesMeta)
const withoutOptionalPeers = [".", "./alibaba", "./aws", "./blocking", "./function", "./login"]

/** Which version of each package manager the lines are tried with where it is not installed; npm always is. */
const managers = { npm: undefined, pnpm: "pnpm@10", yarn: "yarn@1", bun: "bun@1" }

/** @param {string} message */
const fail = (message) => {
  throw new Error(message)
}

/**
 * @param {string} command
 * @param {ReadonlyArray<string>} options
 * @param {NodeJS.ProcessEnv} [env]
 */
const run = (command, options, cwd = home, env = process.env) => {
  const { status, stderr, stdout } = spawnSync(command, options, {
    cwd,
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"]
  })
  const line = [command, ...options].join(" ")
  if (status !== 0) fail(`${line} failed\n${stdout}\n${stderr}`)
  const warnings = stderr.split("\n").filter((text) => /warn/i.test(text) && text.includes(manifest.name))
  if (warnings.length > 0) fail(`${line} warns\n${warnings.join("\n")}`)
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
const tested = (name) => {
  const paths = [home, root].map((folder) => join(folder, "node_modules", name, "package.json"))
  const path = paths.find(existsSync) ?? fail(`${name} is not installed`)
  return `${name}@${JSON.parse(readFileSync(path, "utf8")).version}`
}

/** @param {string} subpath */
const specifier = (subpath) => `${manifest.name}${subpath.slice(1)}`

/** Packs as a release does, and tells what is in it. */
const pack = () => {
  for (const name of manifest.files) {
    if (name !== "dist" && !existsSync(join(home, name)))
      fail(`files names ${name}, and there is no such file`)
  }
  rmSync(join(home, "dist"), { recursive: true, force: true })
  const output = run("npm", ["pack", "--json", "--pack-destination", temporary])
  const [{ entryCount, filename, files, unpackedSize }] = JSON.parse(output.slice(output.indexOf("[\n")))
  /** @type {ReadonlyArray<string>} */
  const paths = files.map((/** @type {{ path: string }} */ { path }) => path)
  if (!paths.includes("dist/index.js")) fail("dist is not in the package")
  const strange = paths.filter(
    (path) =>
      !/^(dist\/.+\.(js|d\.ts)|dist\/cli\/[\w-]+\.cjs|docs\/[\w.-]+\.(md|png|svg|json)|examples\/\w+(\.test)?\.ts|package\.json|README\.md|LICENSE)$/.test(
        path
      )
  )
  if (strange.length > 0) fail(`nobody needs these in the package: ${strange.join(", ")}`)
  console.log(`packed ${filename}: ${entryCount} files, ${Math.round(unpackedSize / 1024)} KiB`)
  return join(temporary, filename)
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
  run(process.execPath, ["--input-type=module", "--eval", script], consumer)
}

/**
 * Compiles files strictly, declarations included, and says what is wrong with them or with our declarations: others' own
 * errors are theirs.
 *
 * @param {string} folder
 * @param {ReadonlyArray<string>} files
 * @param {ReadonlyArray<string>} options
 */
const compile = (folder, files, ...options) => {
  const strict = ["--strict", "--target", "ES2022", "--module", "NodeNext", ...options, ...files]
  const { stdout } = spawnSync(join(root, "node_modules/.bin/tsc"), strict, { cwd: folder, encoding: "utf8" })
  const ours = stdout
    .split("\n")
    .filter((line) => files.some((file) => line.startsWith(file)) || line.includes(`/${manifest.name}/`))
  if (ours.length > 0) fail(ours.join("\n"))
}

const checkTypes = () => {
  const lines = subpaths.map((path, index) => `export * as Door${index} from "${specifier(path)}"`)
  writeFileSync(join(consumer, "index.ts"), lines.join("\n"))
  compile(consumer, ["index.ts"], "--noEmit", "--types", "node")
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

/** Every example, with what else it imports. */
const checkExamples = () => {
  const examples = readdirSync(join(home, "examples"))
  const texts = examples.map((file) => readFileSync(join(home, "examples", file), "utf8"))
  const imported = texts.flatMap((text) =>
    Array.from(text.matchAll(/from "((?:@[^/"]+\/)?[^@./":][^/":]*)["/]/g), ([, name = ""]) => name)
  )
  const others = new Set(imported.filter((name) => name !== manifest.name))
  install(...Array.from(others, tested))
  examples.forEach((file, index) => {
    writeFileSync(join(consumer, file), texts[index] ?? "")
  })
  compile(consumer, examples, "--noEmit", "--skipLibCheck", "--types", "node")
  return `${examples.length} examples compile`
}

/** Node before 22.12 or 20.19 refuses it. */
const checkRequire = () => {
  const script = subpaths.map((path) => `require("${specifier(path)}")`).join("\n")
  run(process.execPath, ["--no-warnings", "--input-type=commonjs", "--eval", script], consumer)
  return "require of every subpath"
}

/**
 * The README's lines that install this line of the package, by who is to run them. A line without the package goes with
 * the one before it.
 *
 * @param {string} readme
 */
const installLines = (readme) => {
  let current = ""
  return Array.from(readme.matchAll(/^(npm|pnpm|yarn|bun) (install|add) .*$/gm), ([line, manager = ""]) => {
    const own = line.split(" ").find((word) => isPackage(word))
    if (own !== undefined) current = own === manifest.name ? "4" : own.slice(manifest.name.length + 1)
    return { manager: /** @type {keyof typeof managers} */ (manager), line, of: current }
  }).filter(({ of }) => of === major)
}

/** @param {string} word */
const isPackage = (word) => word.split("@")[0] === manifest.name

/**
 * How to run a package manager; none where it is not at hand and the registry does not give it.
 *
 * @param {keyof typeof managers} manager
 */
const commandOf = (manager) => {
  const packaged = managers[manager]
  const command = packaged === undefined ? [manager] : ["npx", "--yes", packaged]
  const [program = "", ...options] = command
  return spawnSync(program, [...options, "--version"], { stdio: "ignore" }).status === 0 ? command : undefined
}

/** Serves what the example talks to, and says what its environment must hold. */
const emulator = async () => {
  const child = spawn(process.execPath, ["--import", "tsx", "src/cli/main.ts", "emulator", "--json"], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"]
  })
  /** @type {string} */
  const line = await new Promise((resolve) => {
    createInterface({ input: child.stdout }).once("line", resolve)
  })
  const { alibaba, aws, endpoint } = JSON.parse(line)
  const env = {
    PATH: process.env["PATH"],
    ALIBABA_CLOUD_STS_ENDPOINT: endpoint,
    ALIBABA_CLOUD_ACCESS_KEY_ID: alibaba.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: alibaba.accessKeySecret,
    AWS_ENDPOINT_URL_STS: endpoint,
    AWS_REGION: aws.region,
    AWS_ACCESS_KEY_ID: aws.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.secretAccessKey
  }
  return { env, stop: () => child.kill() }
}

/** The Nodes that the program is tried with: the oldest that this line is for, and this one for the line of Effect 4. */
const nodes = () => {
  const oldest = /\d+\.\d+/.exec(manifest.engines.node)?.[0]
  const package_ = `--package=node-${process.platform}-${process.arch}@${oldest}`
  const { status, stdout } = spawnSync("npx", ["--yes", package_, "--", "node", "-p", "process.execPath"], {
    cwd: temporary,
    encoding: "utf8"
  })
  if (status !== 0) console.log(`not at hand: Node ${oldest}`)
  const found = status === 0 ? [stdout.trim()] : []
  return major === "4" || status !== 0 ? [...found, process.execPath] : found
}

/**
 * Runs the program out of an empty folder, every command of it, in pipes and at a terminal.
 *
 * @param {string} tarball
 */
const checkProgram = (tarball) => {
  const printed = run(process.execPath, ["node_modules/.bin/effect-sts", "--version"], consumer)
  if (!/^effect-sts [34]\.\d+\.\d+/.test(printed)) fail(`effect-sts --version printed ${printed}`)
  const folder = join(temporary, "program")
  mkdirSync(folder)
  run("tar", ["-xzf", tarball, "-C", folder])
  // As package managers have it.
  const program = join(folder, "effect-sts")
  symlinkSync("package/dist/cli/effect-sts.cjs", program)
  const tried = nodes()
  run(
    join(root, "node_modules/.bin/vitest"),
    ["run", "test/cli/commands.test.ts", "test/cli/endings.test.ts"],
    root,
    {
      ...process.env,
      EFFECT_STS_PROGRAM: program,
      EFFECT_STS_NODES: tried.join(delimiter)
    }
  )
  const versions = tried.map((node) => run(node, ["--version"]))
  return `every command of ${printed} with Node ${versions.join(" and ")}`
}

/**
 * Installs in an empty folder as the README says, then compiles and runs its first example there.
 *
 * @param {string} tarball
 */
const checkReadme = async (tarball) => {
  const readme = readFileSync(join(home, "README.md"), "utf8")
  const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? fail("the README has no example")
  const lines = installLines(readme)
  const { env, stop } = await emulator()
  try {
    for (const manager of /** @type {ReadonlyArray<keyof typeof managers>} */ (Object.keys(managers))) {
      const own = lines.filter((line) => line.manager === manager)
      if (own.length === 0) fail(`the README has no line for ${manager}`)
      const command = commandOf(manager)
      if (command === undefined) {
        console.log(`not at hand: ${manager}`)
        continue
      }
      const folder = join(temporary, manager)
      mkdirSync(folder)
      for (const { line } of own) {
        // What the registry will give under this name is what was packed.
        const words = line.split(" ").map((word) => (isPackage(word) ? tarball : word))
        run(command[0] ?? "", [...command.slice(1), ...words.slice(1)], folder)
      }
      writeFileSync(join(folder, "example.mts"), example)
      compile(folder, ["example.mts"], "--types", "node", "--typeRoots", join(root, "node_modules/@types"))
      const printed = run(process.execPath, ["example.mjs"], folder, env)
      if (!printed.includes("AWS: ASIA")) fail(`the example printed ${printed}`)
      console.log(`ok: ${own.map(({ line }) => line).join("; ")}, and the first example`)
    }
  } finally {
    stop()
  }
}

try {
  const tarball = pack()
  console.log(runTool("publint", "run", tarball, "--strict"))
  console.log(runTool("attw", tarball, "--profile", "esm-only", "--no-color", "--no-emoji"))

  const required = Object.keys(manifest.peerDependencies).filter((peer) => !optionalPeers.includes(peer))
  mkdirSync(consumer)
  writeFileSync(join(consumer, "package.json"), JSON.stringify({ private: true, type: "module" }))
  install(tarball, ...required.map(tested), tested("@types/node"))

  for (const check of [checkWithoutOptionalPeers, checkAll, checkTypes, checkRequire, checkExamples])
    console.log(`ok: ${check()}`)
  console.log(`ok: ${checkProgram(tarball)}`)
  await checkReadme(tarball)
} finally {
  rmSync(temporary, { recursive: true })
}
