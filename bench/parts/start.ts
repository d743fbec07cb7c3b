/**
 * What a short-lived program pays: the size of its bundle, its import and its first call.
 */
import { execFile } from "node:child_process"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { promisify } from "node:util"
import { bundle, importedBy, oursIn } from "../support/bundle.js"
import type { Cloud } from "../support/heap.js"
import { root } from "../support/lines.js"
import { inFolder, withKeys } from "../support/process.js"
import type { Scale } from "../support/scale.js"
import { ratios, type Spread, spread } from "../support/statistics.js"
import { withStub } from "../support/stub.js"
import { kilobytes, millis, nothing, type Row, type Table, times } from "../support/table.js"
import { targets } from "../targets.js"

const run = promisify(execFile)

/** Milliseconds from the start of the process. */
interface Moments {
  readonly imported: number
  readonly called: number
}

const started = async (file: string, endpoint: string): Promise<Moments> => {
  const { stdout } = await run(process.execPath, [file, endpoint], { env: withKeys })
  return JSON.parse(stdout)
}

const told =
  "process.stdout.write(JSON.stringify({ imported: performance.now(), called: performance.now() }))\n"

/** A program that imports modules and does nothing. */
const importing = (modules: ReadonlyArray<string>): string =>
  [...modules.map((module) => `import ${JSON.stringify(pathToFileURL(module).href)}\n`), told].join("")

/** The moments of all programs, one after the other in each round; the first warms the file system's cache. */
const raced = async (
  files: Readonly<Record<string, string>>,
  endpoint: string,
  rounds: number
): Promise<Readonly<Record<string, ReadonlyArray<Moments>>>> => {
  const moments: Record<string, Array<Moments>> = Object.fromEntries(
    Object.keys(files).map((name) => [name, []])
  )
  for (let round = -1; round < rounds; round++) {
    for (const [name, file] of Object.entries(files)) {
      const moment = await started(file, endpoint)
      if (round >= 0) moments[name]?.push(moment)
    }
  }
  return moments
}

const theirs = (name: string): string => join(root, "bench/peers/programs", `${name}.mjs`)

/** The vendor's is the first. */
const programs: Readonly<Record<Cloud, Readonly<Record<string, string>>>> = {
  aws: { "@aws-sdk/client-sts": theirs("aws"), "@effect-aws/client-sts": theirs("effectAws") },
  alibaba: { "@alicloud/sts20150401": theirs("alibaba") }
}

export const startUp = (cloud: Cloud, { quick }: Scale): Promise<Table> =>
  inFolder((folder) =>
    withStub(cloud, [0], async (endpoint) => {
      const [vendor = ""] = Object.keys(programs[cloud])
      const ours = {
        "effect-sts, Effect 4": oursIn(cloud, 4),
        "effect-sts, Effect 4, for functions": oursIn(cloud, 4, "function"),
        "effect-sts, Effect 3": oursIn(cloud, 3),
        "effect-sts, Effect 3, for functions": oursIn(cloud, 3, "function")
      }
      const all: Readonly<Record<string, string>> = { ...programs[cloud], ...ours }
      const write = (name: string, contents: string | Uint8Array): string => {
        writeFileSync(join(folder, name), contents)
        return join(folder, name)
      }
      const files: Record<string, string> = { node: write("node.mjs", told) }
      const sizes: Record<string, number> = {}
      for (const [index, [name, installed]] of Object.entries(all).entries()) {
        const line = name.startsWith("effect-sts, Effect 3") ? 3 : 4
        const { contents, gzip } = await bundle(installed, line)
        sizes[name] = gzip
        files[`${name}, installed`] = installed
        files[`${name}, bundled`] = write(`${index}.mjs`, contents)
        if (!(name in ours)) continue
        files[`${name}, imported`] = write(
          `${index}-imported.mjs`,
          importing(await importedBy(installed, line))
        )
      }
      const moments = await raced(files, endpoint, quick ? 3 : 11)
      const node = moments["node"]?.map(({ called }) => called) ?? []
      const took = (name: string, moment: keyof Moments = "called"): ReadonlyArray<number> =>
        moments[name]?.map((sample, round) => sample[moment] - (node[round] ?? Number.NaN)) ?? []
      const over = (name: string, other: string): Spread => ratios(took(name), took(other))
      const row = (name: string): Row => {
        const isOurs = name in ours
        const newest = name === "effect-sts, Effect 4"
        const imports = ratios(took(`${name}, installed`, "imported"), took(`${name}, imported`, "imported"))
        return {
          name,
          ...(isOurs ? { ours: true } : {}),
          cells: [
            kilobytes(sizes[name] ?? Number.NaN, newest ? targets.bundle : undefined),
            millis(spread(took(`${name}, bundled`))),
            times(
              over(`${name}, bundled`, `${vendor}, bundled`),
              newest ? targets.bundledOverOfficial : undefined
            ),
            millis(spread(took(`${name}, installed`))),
            isOurs ? times(imports, newest ? targets.importOverEffect : undefined) : nothing
          ]
        }
      }
      return {
        title: `Start on ${cloud}: import and first call of one AssumeRole, without Node's own ${Math.round(spread(node).median)} ms`,
        columns: [
          "bundle, gzip",
          "bundled",
          `bundled / ${vendor}`,
          "installed",
          "import / Effect's modules alone"
        ],
        rows: Object.keys(all).map(row)
      }
    })
  )
