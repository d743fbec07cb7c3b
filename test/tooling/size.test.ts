/**
 * What one AssumeRole adds to a program: its bytes do not depend on the machine. The limits are a little above what is
 * reached; who makes it smaller lowers them.
 */
import { join, resolve } from "node:path"
import { gzipSync } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import { build } from "esbuild"

const root = resolve(import.meta.dirname, "../..")
const doors = ["aws", "alibaba", "node", "function"]

const bundled = async (program: string): Promise<Uint8Array> => {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [join("bench/programs", `${program}.mjs`)],
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
  return outputFiles[0]?.contents ?? new Uint8Array()
}

const limits: ReadonlyArray<readonly [program: string, what: string, kilobytes: number]> = [
  ["alibaba/ours", "stated keys", 75],
  ["aws/ours", "stated keys", 80],
  ["alibaba/function", "the layer for functions", 87],
  ["aws/function", "the layer for functions", 94],
  ["alibaba/default", "the default layer", 128],
  ["aws/default", "the default layer", 134]
]

describe("a program of one AssumeRole, minified and compressed", () => {
  it.each(limits)("%s, with %s, is at most %i KB with Effect", async (program, _, kilobytes) => {
    const code = await bundled(program)
    const bytes = gzipSync(code, { level: 9 }).length
    assert.isAbove(bytes, 10 * 1024)
    assert.isAtMost(bytes, kilobytes * 1024)
    // One character beyond Latin-1, and Node keeps the whole program in twice the memory and takes longer to read it.
    assert.isTrue(code.every((byte) => byte < 0x80))
  })
})
