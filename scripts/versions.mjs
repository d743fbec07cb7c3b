// @ts-check

/**
 * Runs the tests of one line with the lowest or the newest versions of Node and of the peers that its package says it
 * works with, in a copy of the project: `versions.mjs lowest|newest 4|3`. Further arguments go to vitest. Where the newest
 * versions are those that are installed, `npm test` is that.
 */
import { execFileSync, spawnSync } from "node:child_process"
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import { fileURLToPath } from "node:url"

const [end, line = "4", ...options] = process.argv.slice(2)
if (end !== "lowest" && end !== "newest") throw new Error("lowest or newest?")

const root = fileURLToPath(new URL("..", import.meta.url))
const copy = mkdtempSync(join(tmpdir(), `effect-sts-${end}-`))
const folder = line === "3" ? join(copy, "effect3") : copy
const data = process.env["STS_CONFORMANCE_DIR"] ?? join(root, "../shared/conformance")

/**
 * The first version of a range such as `^1.2.0 || ^1.3.0`, complete.
 *
 * @param {string} range
 */
const lowestOf = (range) => {
  const [major = "", minor = "0", patch = "0"] = /\d+(\.\d+)*/.exec(range)?.[0].split(".") ?? []
  return [major, minor, patch].join(".")
}

/**
 * @param {string} command
 * @param {ReadonlyArray<string>} words
 */
const run = (command, words, cwd = copy) => {
  const { status } = spawnSync(command, words, {
    cwd,
    stdio: "inherit",
    env: {
      ...process.env,
      PATH: [join(folder, "node_modules/.bin"), join(copy, "node_modules/.bin"), process.env["PATH"]].join(
        delimiter
      ),
      ...(existsSync(data) ? { STS_CONFORMANCE_DIR: data } : {})
    }
  })
  if (status !== 0) throw new Error(`${[command, ...words].join(" ")} ended with ${status}`)
}

/**
 * Which version of a package the line has in a copy of the project.
 *
 * @param {string} project
 * @param {string} name
 */
const versionIn = (project, name) => {
  const folders = line === "3" ? [join(project, "effect3"), project] : [project]
  const found = folders
    .map((home) => join(home, "node_modules", name, "package.json"))
    .find((path) => existsSync(path))
  return found === undefined ? undefined : JSON.parse(readFileSync(found, "utf8")).version
}

const test = () => {
  if (line === "3") run("npm", ["run", "effect3", "--", "derive"])
  run("npm", ["run", "typecheck"], folder)
  // What is pure meets none of the peers.
  run("npx", ["vitest", "run", "--project", "shared", "--project", "alone", ...options], folder)
}

try {
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
    cwd: root,
    encoding: "utf8"
  })
  for (const file of files.split("\0")) {
    if (file !== "" && existsSync(join(root, file))) cpSync(join(root, file), join(copy, file))
  }
  // What it pins is neither end.
  rmSync(join(copy, "package-lock.json"))
  const path = join(folder, "package.json")
  const manifest = JSON.parse(readFileSync(path, "utf8"))
  const ranges = {
    ...manifest.peerDependencies,
    ...(end === "lowest" ? { node: manifest.engines.node } : {})
  }
  for (const [name, range] of Object.entries(ranges)) {
    manifest.devDependencies[name] = end === "lowest" ? lowestOf(range) : range
  }
  writeFileSync(path, JSON.stringify(manifest, undefined, 2))

  // The packages of Effect want each other's newest version, which is not what is wanted for the lowest. Where npm leaves
  // peers alone instead, it puts packages for Effect 3 where they find Effect 4.
  const peers = end === "lowest" ? ["--force"] : []
  run("npm", ["install", "--no-audit", "--no-fund", ...peers])
  run("npm", ["ls", "--depth=0", ...Object.keys(ranges), ...peers], folder)
  const names = Object.keys(ranges)
  if (end === "newest" && names.every((name) => versionIn(copy, name) === versionIn(root, name))) {
    console.log("the newest versions are those that npm test has")
  } else {
    test()
  }
} finally {
  rmSync(copy, { recursive: true })
}
