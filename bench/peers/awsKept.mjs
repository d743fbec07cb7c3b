/**
 * Credentials of a role that AWS's own client keeps.
 */
import { STSClient } from "@aws-sdk/client-sts"
import { fromTemporaryCredentials } from "@aws-sdk/credential-providers"
import { clouds } from "../contenders/clouds.mjs"
import { promised } from "../contenders/contender.mjs"

const { key, parameters, region } = clouds.aws

export const open = (endpoint) => {
  const params = { ...parameters, DurationSeconds: Number(parameters.DurationSeconds) }
  const client = new STSClient({
    region,
    credentials: fromTemporaryCredentials({
      masterCredentials: key,
      params,
      clientConfig: { region, endpoint }
    })
  })
  const read = () => client.config.credentials()
  const storm = (count) => Promise.all(Array.from({ length: count }, read))
  return { ...promised(read), storm }
}
