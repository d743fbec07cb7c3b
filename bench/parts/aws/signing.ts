/**
 * Signatures a second for AWS, beside those of AWS's own client.
 */
import type { Scale } from "../../support/scale.js"
import type { Table } from "../../support/table.js"
import { columns, type Entrant, inTurns } from "../../support/turns.js"
import { targets } from "../../targets.js"

const over = "smithy"

const entrants: ReadonlyArray<Entrant> = [
  { name: "ours, the layer in a fiber", way: "layer", over, target: targets.signingOverSmithy },
  { name: "ours, the functions alone", way: "pure", over },
  { name: "@smithy/signature-v4", way: "smithy", over }
]

export const signing = async (scale: Scale): Promise<Table> => ({
  title: "Signing for AWS: body and signature of one AssumeRole, as a ratio to AWS's own client",
  columns,
  rows: await inTurns("workers/aws/signing", entrants, scale)
})
