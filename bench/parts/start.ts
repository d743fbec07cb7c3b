/**
 * What a short-lived program pays: the size of its bundle, its import and its first call.
 */
import { execFile } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { promisify } from "node:util"
import type { Cloud } from "../clouds/clouds.js"
import { bundle, gzipOfOurs, program } from "../support/bundle.js"
import { environment } from "../support/process.js"
import type { Scale } from "../support/scale.js"
import { median, medianRatio } from "../support/statistics.js"
import { withStub } from "../support/stub.js"
import { judged, kilobytes, millis, nothing, type Row, type Table, times } from "../support/table.js"
import { type Target, targets } from "../targets.js"

const run = promisify(execFile)

const bundledOver: Partial<Record<Cloud, Target>> = { aws: targets.bundledOverAwsClient }

/** Milliseconds from the start of the process. */
interface Moments {
  readonly imported: number
  readonly called: number
}

const started = async (file: string, endpoint: string): Promise<Moments> => {
  const { stdout } = await run(process.execPath, [file, endpoint], { env: environment })
  return JSON.parse(stdout)
}

/** A program that imports the given modules and does nothing. */
const importing = (modules: ReadonlyArray<string>, folder: string): string => {
  const file = join(folder, "modules.mjs")
  const imports = modules.map((module) => `import ${JSON.stringify(pathToFileURL(module).href)}\n`)
  const told =
    "process.stdout.write(JSON.stringify({ imported: performance.now(), called: performance.now() }))\n"
  writeFileSync(file, imports.join("") + told)
  return file
}

type Program = "node" | "bundled" | "officialBundled" | "installed" | "officialInstalled" | "modules"

const raced = async (
  files: Readonly<Record<Program, string>>,
  endpoint: string,
  rounds: number
): Promise<Readonly<Record<Program, ReadonlyArray<Moments>>>> => {
  const programs = Object.entries(files) as Array<[Program, string]>
  const moments: Record<string, Array<Moments>> = {}
  // The first round warms the file system's cache.
  for (let round = -1; round < rounds; round++) {
    for (const [name, file] of programs) {
      const moment = await started(file, endpoint)
      if (round < 0) moments[name] = []
      else moments[name]?.push(moment)
    }
  }
  return moments as Record<Program, Array<Moments>>
}

const inFolder = async <A>(use: (folder: string) => Promise<A>): Promise<A> => {
  const folder = mkdtempSync(join(tmpdir(), "effect-sts-bench-"))
  try {
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export const start = (cloud: Cloud, { quick }: Scale): Promise<Table> =>
  inFolder((folder) =>
    withStub(cloud, async (endpoint) => {
      const ours = await bundle(`${cloud}/ours`, folder)
      const official = await bundle(`${cloud}/official`, folder)
      const oursAlone = await gzipOfOurs(`${cloud}/ours`, folder)
      const files = {
        node: program("alone"),
        bundled: ours.file,
        officialBundled: official.file,
        installed: program(`${cloud}/ours`),
        officialInstalled: program(`${cloud}/official`),
        modules: importing(ours.imported, folder)
      }
      const moments = await raced(files, endpoint, quick ? 3 : 11)

      const node = moments.node.map(({ called }) => called)
      const samples = (name: Program, moment: keyof Moments) =>
        moments[name].map((sample, round) => sample[moment] - (node[round] ?? Number.NaN))
      const timed = (name: string, of: Program, over: Program, target?: Target): Row => ({
        name,
        cells: [
          judged(times(medianRatio(samples(of, "called"), samples(over, "called")))),
          millis(median(samples(of, "called"))),
          millis(median(samples(over, "called")))
        ],
        target
      })
      return {
        title: `Start and size, ${cloud}: one AssumeRole, without node's own time; gzip of one minified file`,
        columns: ["measured", "ours", "theirs"],
        rows: [
          timed(
            "bundled, import and first call / the official client",
            "bundled",
            "officialBundled",
            bundledOver[cloud]
          ),
          timed("installed, import and first call / the official client", "installed", "officialInstalled"),
          {
            name: "installed, import / the same modules of Effect",
            cells: [
              judged(times(medianRatio(samples("installed", "imported"), samples("modules", "imported")))),
              millis(median(samples("installed", "imported"))),
              millis(median(samples("modules", "imported")))
            ],
            target: targets.importOverEffect
          },
          {
            name: "bundle",
            cells: [judged(kilobytes(ours.gzip)), kilobytes(ours.gzip), kilobytes(official.gzip)],
            target: targets.bundle
          },
          {
            name: "our own modules in the bundle",
            cells: [judged(kilobytes(oursAlone)), kilobytes(oursAlone), nothing],
            target: targets.bundleOurs
          }
        ],
        notes: [
          `Node alone: ${median(node).toFixed(0)} ms. Minified, our modules are ${Math.round(ours.ours / 1024)} of ${Math.round(ours.minified / 1024)} KB.`
        ]
      }
    })
  )
