/**
 * AWS's own client.
 */
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts"
import { clouds } from "../contenders/clouds.mjs"
import { promised } from "../contenders/contender.mjs"

const { key, parameters, region } = clouds.aws
const input = { ...parameters, DurationSeconds: Number(parameters.DurationSeconds) }

export const open = (endpoint) => {
  const client = new STSClient({ endpoint, region, credentials: key })
  return promised(async () => {
    const { Credentials } = await client.send(new AssumeRoleCommand(input))
    return Credentials.AccessKeyId
  })
}
