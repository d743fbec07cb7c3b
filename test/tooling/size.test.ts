/**
 * What one AssumeRole adds to a program: its bytes do not depend on the machine. The limits are a little above what is
 * reached; who makes it smaller lowers them.
 */
import { readFile, writeFile } from "node:fs/promises"
import { join, resolve } from "node:path"
import { gzipSync } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import { build } from "esbuild"
import { newFolder } from "../support/folders.js"

const root = resolve(import.meta.dirname, "../..")
const doors = ["aws", "alibaba", "node", "function"]

const bundled = (program: string): Promise<Uint8Array> =>
  bundledFile(join("bench/programs", `${program}.mjs`))

const bundledFile = async (file: string): Promise<Uint8Array> => {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [file],
    nodePaths: [join(root, "node_modules")],
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

/** The README's program, by the clouds' own doors and by the root: bundlers cannot take a namespace apart. */
const byDoor = async () => {
  const folder = newFolder()
  const program = await readFile(join(root, "examples/bothClouds.ts"), "utf8")
  const byRoot = program.replace(
    /import \* as (\w+) from "effect-sts\/(?:alibaba|aws)"/g,
    'import { $1 } from "effect-sts"'
  )
  assert.notStrictEqual(byRoot, program)
  const kilobytes = async (name: string, text: string) => {
    const file = join(folder, `${name}.ts`)
    await writeFile(file, text)
    return gzipSync(await bundledFile(file), { level: 9 }).length / 1024
  }
  return { subpaths: await kilobytes("subpaths", program), root: await kilobytes("root", byRoot) }
}

const limits: ReadonlyArray<readonly [program: string, what: string, kilobytes: number]> = [
  ["alibaba/ours", "stated keys", 75],
  ["aws/ours", "stated keys", 80],
  ["alibaba/function", "the layer for functions", 87],
  ["aws/function", "the layer for functions", 94],
  ["alibaba/default", "the default layer", 128],
  ["aws/default", "the default layer", 134]
]

describe("a program of one AssumeRole, minified and compressed", { timeout: 300_000 }, () => {
  it.each(limits)("%s, with %s, is at most %i KB with Effect", async (program, _, kilobytes) => {
    const code = await bundled(program)
    const bytes = gzipSync(code, { level: 9 }).length
    assert.isAbove(bytes, 10 * 1024)
    assert.isAtMost(bytes, kilobytes * 1024)
    // One character beyond Latin-1, and Node keeps the whole program in twice the memory and takes longer to read it.
    assert.isTrue(code.every((byte) => byte < 0x80))
  })

  it("is in the guide with its size", async () => {
    const guide = await readFile(join(root, "docs/functions.md"), "utf8")
    for (const [program, , kilobytes] of limits.slice(2)) {
      const cloud = program.startsWith("aws") ? "AWS" : "Alibaba Cloud"
      const row = guide.split("\n").find((line) => line.startsWith(`| ${cloud} |`)) ?? ""
      assert.include(row, `| ${kilobytes} KB |`)
    }
  })

  it("imports the clouds by their subpaths, which costs a program nothing that it does not use", async () => {
    const { root, subpaths } = await byDoor()
    assert.isAtMost(subpaths, 158)
    assert.isBelow(subpaths, root)
    assert.isAtMost(root, 178)
  })
})
