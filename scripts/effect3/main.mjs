// @ts-check

/**
 * The line for Effect 3, in effect3/: `main.mjs derive` writes its sources and tests from those for Effect 4, `check`
 * finds their type errors, `test` runs the tests on the Node of either line, `pack` builds and packs. All of them in turn
 * where nothing is said; what follows `test` goes to vitest.
 */
import { spawnSync } from "node:child_process"
import { existsSync, rmSync } from "node:fs"
import { availableParallelism } from "node:os"
import { delimiter, dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { writeTree } from "./tree.mjs"

const root = fileURLToPath(new URL("../..", import.meta.url))
const home = join(root, "effect3")
const data = join(root, "../shared/conformance")
const [wanted, ...options] = process.argv.slice(2)

/**
 * @param {string} command
 * @param {ReadonlyArray<string>} words
 * @param {ReadonlyArray<string>} [paths] where commands are looked for first
 */
const run = (command, words, paths = []) => {
  const { status } = spawnSync(command, words, {
    cwd: home,
    stdio: "inherit",
    env: {
      ...(existsSync(data) ? { STS_CONFORMANCE_DIR: data } : {}),
      ...process.env,
      PATH: [...paths, process.env["PATH"]].join(delimiter)
    }
  })
  if (status !== 0) throw new Error(`${[command, ...words].join(" ")} ended with ${status}`)
}

const derive = () => {
  const { derived, problems, twins, unused } = writeTree(root)
  console.log(`${derived} files derived, ${twins} twins`)
  for (const rule of unused) console.log(`never used: ${rule}`)
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exit(1)
}

const check = () => run("npm", ["run", "typecheck"])

// Not one more, as for Effect 4: Vitest 3 then ends a worker that has files left.
const workers = `--maxWorkers=${Math.max(2, availableParallelism())}`

const test = () => {
  const vitest = join(home, "node_modules/vitest/vitest.mjs")
  for (const folder of [home, root]) {
    // The other Node changes nothing of what is pure.
    const projects = folder === home ? [] : ["--project=shared", "--project=alone"]
    const binaries = join(folder, "node_modules/.bin")
    run(
      join(binaries, "node"),
      [vitest, "run", workers, ...projects, ...options],
      [binaries, dirname(process.execPath)]
    )
  }
}

const pack = () => {
  rmSync(join(home, "dist"), { recursive: true, force: true })
  run("npm", ["pack"])
}

/** @type {Readonly<Record<string, () => void>>} */
const steps = { derive, check, test, pack }

for (const [name, step] of Object.entries(steps)) {
  if (wanted !== undefined && wanted !== name) continue
  const start = performance.now()
  step()
  console.log(`${name}: ${Math.round((performance.now() - start) / 1000)} s`)
}
if (wanted !== undefined && !Object.hasOwn(steps, wanted))
  throw new Error(`${wanted}: derive, check, test or pack?`)
