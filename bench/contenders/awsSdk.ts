/**
 * AWS's own client.
 */
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts"
import { input, key, region } from "../clouds/aws.js"
import { type Open, promised } from "./contender.js"

export const open: Open<undefined> = (endpoint) => {
  const client = new STSClient({ endpoint, region, credentials: key })
  return promised(() => client.send(new AssumeRoleCommand(input)))
}
