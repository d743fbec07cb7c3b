/**
 * Signatures a second for Alibaba Cloud, beside the official package's.
 */
import type { Scale } from "../../support/scale.js"
import type { Table } from "../../support/table.js"
import { columns, type Entrant, inTurns } from "../../support/turns.js"
import { targets } from "../../targets.js"

const scheme = (name: string, way: "acs3" | "rpc"): ReadonlyArray<Entrant> => {
  const over = `${way}.official`
  return [
    {
      name: `${name}: ours, the layer in a fiber`,
      way: `${way}.layer`,
      over,
      target: targets.signingOverOfficial
    },
    { name: `${name}: ours, the functions alone`, way: `${way}.pure`, over },
    { name: `${name}: @alicloud/openapi-core`, way: over, over }
  ]
}

const entrants = [...scheme("ACS3-HMAC-SHA256", "acs3"), ...scheme("RPC, HMAC-SHA1", "rpc")]

export const signing = async (scale: Scale): Promise<Table> => ({
  title:
    "Signing for Alibaba Cloud: body and signature of one AssumeRole, as a ratio to the official package",
  columns,
  rows: await inTurns("workers/alibaba/signing", entrants, scale)
})
