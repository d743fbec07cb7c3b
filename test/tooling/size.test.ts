/**
 * What one AssumeRole adds to a program: its bytes do not depend on the machine.
 */
import { join, resolve } from "node:path"
import { gzipSync } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import { build } from "esbuild"

const root = resolve(import.meta.dirname, "../..")
const doors = ["aws", "alibaba", "node"]

describe("a program of one AssumeRole, minified and compressed", () => {
  it.each(["alibaba", "aws"])("is at most 78 KB with Effect: %s", async (cloud) => {
    const { outputFiles } = await build({
      absWorkingDir: root,
      entryPoints: [join("bench/programs", cloud, "ours.mjs")],
      bundle: true,
      minify: true,
      platform: "node",
      format: "esm",
      target: "node22",
      write: false,
      tsconfigRaw: "{}",
      alias: {
        ...Object.fromEntries(doors.map((door) => [`effect-sts/${door}`, join(root, `src/${door}.ts`)])),
        "effect-sts": join(root, "src/index.ts")
      }
    })
    const bytes = gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length
    assert.isAbove(bytes, 10 * 1024)
    assert.isAtMost(bytes, 78 * 1024)
  })
})
