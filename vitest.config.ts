import { availableParallelism } from "node:os"
import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"

const src = (path: string) => fileURLToPath(new URL(`src/${path}`, import.meta.url))

export default defineConfig({
  resolve: {
    alias: [
      { find: /^effect-sts$/, replacement: src("index.ts") },
      { find: /^effect-sts\/(.+)$/, replacement: src("$1.ts") }
    ]
  },
  test: {
    include: ["test/**/*.test.ts", "examples/**/*.test.ts"],
    globalSetup: ["test/programs.ts"],
    setupFiles: ["test/setup.ts"],
    // Processes rather than threads: blocking mode parks its thread with Atomics.wait.
    pool: "forks",
    // All cores: much of a test's time is spent waiting for processes of its own.
    poolOptions: { forks: { maxForks: Math.max(2, availableParallelism()) } },
    testTimeout: 20_000,
    hookTimeout: 20_000,
    typecheck: {
      enabled: true,
      include: ["test/types/**/*.test-d.ts"],
      tsconfig: "tsconfig.types.json",
      // `npm run typecheck` is where these are reported.
      ignoreSourceErrors: true
    }
  }
})
