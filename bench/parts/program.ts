/**
 * What a shell waits for: the program's whole process, from its start to its end.
 */
import { execFile } from "node:child_process"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"
import { bundle, oursIn } from "../support/bundle.js"
import { root } from "../support/lines.js"
import { inFolder, withKeys } from "../support/process.js"
import type { Scale } from "../support/scale.js"
import { ratios, spread } from "../support/statistics.js"
import { withStub } from "../support/stub.js"
import { millis, nothing, type Row, type Table, times } from "../support/table.js"
import { targets } from "../targets.js"

const run = promisify(execFile)

const clouds = ["aws", "alibaba"] as const

const command = join(root, "dist/cli/effect-sts.cjs")

const withIdentities = <A>(use: (aws: string, alibaba: string) => Promise<A>): Promise<A> =>
  withStub("aws", [], (_, aws) =>
    withStub("alibaba", [], (_, alibaba) => use(aws.identity, alibaba.identity))
  )

export const program = ({ quick }: Scale): Promise<Table> =>
  inFolder((folder) =>
    withIdentities(async (aws, alibaba) => {
      const env = {
        ...withKeys,
        AWS_ENDPOINT_URL_STS: aws,
        AWS_REGION: "eu-central-1",
        ALIBABA_CLOUD_STS_ENDPOINT: alibaba,
        // Where the program keeps what Node compiled of it.
        XDG_CACHE_HOME: folder
      }
      const node = "node -e 0"
      const version = "effect-sts --version"
      const whoami = (cloud: string): string => `effect-sts ${cloud} whoami`
      const library = (cloud: string): string => `the same with the library, bundled, on ${cloud}`
      const commands: Record<string, ReadonlyArray<string>> = {
        [node]: ["-e", "0"],
        [version]: [command, "--version"]
      }
      for (const [cloud, endpoint] of Object.entries({ aws, alibaba })) {
        const { contents } = await bundle(oursIn(cloud, 4, "whoami"))
        const file = join(folder, `${cloud}.mjs`)
        writeFileSync(file, contents)
        commands[library(cloud)] = [file, endpoint]
        commands[whoami(cloud)] = [command, cloud, "whoami"]
      }
      const took: Record<string, Array<number>> = {}
      for (let round = -1; round < (quick ? 3 : 21); round++) {
        for (const [name, line] of Object.entries(commands)) {
          const start = performance.now()
          await run(process.execPath, [...line], { env })
          // The first round warms the file system's cache, and the program's.
          if (round >= 0) took[name] = [...(took[name] ?? []), performance.now() - start]
        }
      }
      const of = (name: string): ReadonlyArray<number> => took[name] ?? []
      const row = (name: string, more: Partial<Row> = {}): Row => ({
        name,
        ...more,
        cells: [
          millis(spread(of(name))),
          name === node
            ? nothing
            : times(ratios(of(name), of(node)), name === version ? targets.versionOverNode : undefined),
          nothing
        ]
      })
      return {
        title: "The program, from the start of its process to its end",
        columns: ["took", "/ node -e 0", "/ the library's, bundled"],
        rows: [
          row(node),
          row(version, { ours: true }),
          ...clouds.flatMap((cloud) => {
            const { cells, ...rest } = row(whoami(cloud), { ours: true })
            const over = times(ratios(of(whoami(cloud)), of(library(cloud))), targets.whoamiOverLibrary)
            return [row(library(cloud)), { ...rest, cells: [...cells.slice(0, 2), over] }]
          })
        ]
      }
    })
  )
