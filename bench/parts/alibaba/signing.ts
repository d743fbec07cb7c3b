/**
 * Signatures a second beside the official package's.
 */
import { Process, withProcess } from "../support/process.js"
import type { Scale } from "../support/scale.js"
import { median, medianRatio } from "../support/statistics.js"
import { count, judged, type Row, type Table, times } from "../support/table.js"
import { targets } from "../targets.js"
import type { Scheme, Way } from "../workers/signing.js"

const schemes: Readonly<Record<Scheme, string>> = { acs3: "ACS3-HMAC-SHA256", rpc: "RPC, HMAC-SHA1" }
const ways: Readonly<Record<Way, string>> = {
  layer: "ours, the layer in a fiber",
  pure: "ours, the functions alone",
  official: "@alicloud/openapi-core"
}

export const signing = ({ rounds, sliceMillis, warmUpMillis }: Scale): Promise<Table> =>
  withProcess(
    Process.start<{ scheme: Scheme; way: Way; millis: number }, number>("workers/signing"),
    async (process) => {
      const runs = (Object.keys(schemes) as Array<Scheme>).flatMap((scheme) =>
        (Object.keys(ways) as Array<Way>).map((way) => ({ scheme, way, speeds: [] as Array<number> }))
      )
      for (const { scheme, way } of runs) await process.ask({ scheme, way, millis: warmUpMillis / 2 })
      for (let round = 0; round < rounds; round++) {
        for (const { scheme, speeds, way } of runs) {
          speeds.push(await process.ask({ scheme, way, millis: sliceMillis / 2 }))
        }
      }
      const rows = runs.map(({ scheme, speeds, way }): Row => {
        const official = runs.find((run) => run.scheme === scheme && run.way === "official")
        const ratio = times(medianRatio(speeds, official?.speeds ?? []))
        return {
          name: `${schemes[scheme]}: ${ways[way]}`,
          cells: [way === "layer" ? judged(ratio) : ratio, count(median(speeds))],
          target: way === "layer" ? targets.signingOverOfficial : undefined
        }
      })
      return {
        title: "Signing: body and signature of one AssumeRole, as a ratio to the official package",
        columns: ["measured", "a second"],
        rows
      }
    }
  )
