/**
 * Signatures: body and signature of one AssumeRole, beside the vendors' own packages.
 */
import { inPairs } from "../support/alone.js"
import type { Contender } from "../support/race.js"
import type { Scale } from "../support/scale.js"
import type { Table } from "../support/table.js"
import { targets } from "../targets.js"

const ours = (line: 4 | 3, options: Contender["options"]): Contender => ({
  module: "contenders/signing",
  options,
  line
})

export const signing = async (scale: Scale): Promise<Table> => {
  const aws = { cloud: "aws" } as const
  const smithy = { module: "peers/smithy", options: aws }
  const rows = [
    ...(await inPairs(smithy, scale, [
      { name: "SigV4, @smithy/signature-v4", contender: smithy },
      { name: "SigV4, aws4", contender: { module: "peers/aws4", options: { ...aws, only: "signing" } } },
      { name: "SigV4, effect-sts, Effect 4", contender: ours(4, aws), target: targets.signingOverSmithy },
      { name: "SigV4, effect-sts, Effect 3", contender: ours(3, aws) }
    ]))
  ]
  for (const signer of ["acs3", "rpc"] as const) {
    const official = { module: "peers/openapiCore", options: { cloud: "alibaba", signer } } as const
    const options = { cloud: "alibaba", ...(signer === "rpc" ? { signer } : {}) } as const
    const name = signer.toUpperCase()
    rows.push(
      ...(await inPairs(official, scale, [
        { name: `${name}, @alicloud/openapi-core`, contender: official },
        {
          name: `${name}, effect-sts, Effect 4`,
          contender: ours(4, options),
          target: targets.signingOverOfficial
        },
        { name: `${name}, effect-sts, Effect 3`, contender: ours(3, options) }
      ]))
    )
  }
  return {
    title: "Signing one AssumeRole, as a multiple of the vendor's package",
    columns: ["CPU", "vendor / CPU"],
    rows
  }
}
