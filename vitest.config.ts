import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/setup.ts"],
    // Processes rather than threads: blocking mode parks its thread with Atomics.wait.
    pool: "forks",
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
