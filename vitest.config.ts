import { spawnSync } from "node:child_process"
import { rmSync, statfsSync, writeFileSync } from "node:fs"
import { availableParallelism } from "node:os"
import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"
import { BaseSequencer, type TestSpecification } from "vitest/node"

const src = (path: string) => fileURLToPath(new URL(`src/${path}`, import.meta.url))

/** What these mock, or leave in the process's metrics, must not be there for another file. */
const alone = [
  "test/emulator/optionalPackages.test.ts",
  "test/leaks/search.test.ts",
  "test/leaks/worker.test.ts"
]

/** What is pure, or looks at the project itself: it meets no other package but Effect. */
const pure = ["test/fuzz/**/*.test.ts", "test/protocol/**/*.test.ts", "test/tooling/**/*.test.ts"]

/** What looks at the site, or builds documentation: `npm run docs` runs it, once it has built them. */
const documentation = ["test/tooling/docs.test.ts", "test/tooling/site.test.ts"]

/** Small files whose tests take longest, and mostly wait: by their size they would come last, and wait alone. */
const long = /\/test\/(faults\/|layers\/(redis\/(fleet|server)|fileCache\.processes)\.)/

class LongestFirst extends BaseSequencer {
  override async sort(files: Array<TestSpecification>): Promise<Array<TestSpecification>> {
    const sorted = await super.sort(files)
    // One project after the other, as they are.
    const projects = [...new Set(sorted.map(({ project }) => project))]
    return projects.flatMap((one) => {
      const own = sorted.filter(({ project }) => project === one)
      const isLong = ({ moduleId }: TestSpecification) => long.test(moduleId)
      return [...own.filter(isLong), ...own.filter((file) => !isLong(file))]
    })
  }
}

/**
 * Real processes and sockets may be late on a busy machine: in CI such a test gets a second attempt, and the run names it.
 * What is pure gets none.
 */
const retry = process.env["CI"] === undefined ? 0 : 1

/**
 * Tests write thousands of small files. In memory, where the system has room for them there, they take half the time; some
 * are programs, which not every system runs from there.
 */
const inMemory = (): Record<string, string> => {
  const folder = "/dev/shm"
  const probe = `${folder}/effect-sts-${process.pid}`
  try {
    writeFileSync(probe, "#!/bin/sh\n", { mode: 0o700 })
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize >= 2 ** 30 && spawnSync(probe).status === 0 ? { TMPDIR: folder } : {}
  } catch {
    return {}
  } finally {
    rmSync(probe, { force: true })
  }
}

export default defineConfig({
  resolve: {
    alias: [
      { find: /^effect-sts$/, replacement: src("index.ts") },
      { find: /^effect-sts\/(.+)$/, replacement: src("$1.ts") }
    ]
  },
  test: {
    // Processes rather than threads: blocking mode parks its thread with Atomics.wait.
    pool: "forks",
    // One more than there are cores: half of the tests' time is spent waiting, and a blocked thread waits alone.
    maxWorkers: Math.max(2, availableParallelism()) + 1,
    // One process for many files: loading Effect and the sources again for each takes longer than most tests.
    isolate: false,
    setupFiles: ["test/setup.ts"],
    env: inMemory(),
    sequence: { sequencer: LongestFirst },
    // Tests side by side mostly wait.
    maxConcurrency: 12,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ["default", "./test/flaky.ts"],
    projects: [
      {
        extends: true,
        test: {
          name: "shared",
          retry,
          include: ["test/**/*.test.ts", "examples/**/*.test.ts"],
          exclude: [...alone, ...pure],
          globalSetup: ["test/programs.ts"],
          typecheck: {
            enabled: true,
            include: ["test/types/**/*.test-d.ts"],
            tsconfig: "tsconfig.types.json",
            // `npm run typecheck` is where these are reported.
            ignoreSourceErrors: true
          }
        }
      },
      { extends: true, test: { name: "pure", include: pure, exclude: documentation } },
      { extends: true, test: { name: "docs", include: documentation } },
      { extends: true, test: { name: "alone", retry, include: alone, isolate: true } }
    ]
  }
})
