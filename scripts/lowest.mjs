// @ts-check

/**
 * Runs the tests with the lowest versions of the peers that the package says it works with, in a copy of the project.
 * Arguments go to vitest.
 */
import { execFileSync, spawnSync } from "node:child_process"
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const copy = mkdtempSync(join(tmpdir(), "effect-sts-lowest-"))
const data = process.env["STS_CONFORMANCE_DIR"] ?? join(root, "../shared/conformance")

/** What is pure, or looks at the project itself, meets none of the peers. */
const others = ["test/protocol/**", "test/fuzz/**", "test/tooling/**", "test/readme.test.ts"]

/**
 * The first version of a range such as `^1.2.0 || ^1.3.0`.
 *
 * @param {string} range
 */
const lowestOf = (range) => /\d+\.\d+\.\d+/.exec(range)?.[0] ?? range

try {
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
    cwd: root,
    encoding: "utf8"
  })
  for (const file of files.split("\0")) {
    if (file !== "" && existsSync(join(root, file))) cpSync(join(root, file), join(copy, file))
  }
  const path = join(copy, "package.json")
  const manifest = JSON.parse(readFileSync(path, "utf8"))
  for (const [peer, range] of Object.entries(manifest.peerDependencies)) {
    manifest.devDependencies[peer] = lowestOf(range)
  }
  writeFileSync(path, JSON.stringify(manifest, undefined, 2))

  const run = (/** @type {string} */ command, /** @type {ReadonlyArray<string>} */ options) => {
    const { status } = spawnSync(command, options, {
      cwd: copy,
      stdio: "inherit",
      env: { ...process.env, ...(existsSync(data) ? { STS_CONFORMANCE_DIR: data } : {}) }
    })
    if (status !== 0) throw new Error(`${[command, ...options].join(" ")} ended with ${status}`)
  }
  // The packages of Effect want each other's newest version, which is what is not wanted here.
  run("npm", ["install", "--legacy-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund"])
  run("npm", ["ls", "--depth=0", ...Object.keys(manifest.peerDependencies), "--legacy-peer-deps"])
  run("npm", ["run", "typecheck"])
  const excluded = others.flatMap((pattern) => ["--exclude", pattern])
  const vitest = join(copy, "node_modules/vitest/vitest.mjs")
  run(process.execPath, [vitest, "run", ...excluded, ...process.argv.slice(2)])
} finally {
  rmSync(copy, { recursive: true })
}
