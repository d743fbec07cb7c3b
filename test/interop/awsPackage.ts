/**
 * `@aws-sdk/credential-providers` in a process of its own: gets credentials, and says whose they are.
 */
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts"
import * as providers from "@aws-sdk/credential-providers"
import type { AwsCredentialIdentity } from "@smithy/types"
import { serveJobs } from "./jobs.js"

type Make = (options: object) => () => Promise<AwsCredentialIdentity>

const byName: Readonly<Record<string, unknown>> = { ...providers }

await serveJobs(async ({ options = {}, source }) => {
  const make = byName[source] as Make
  const credentials = await make(options)()
  const { Arn = "" } = await new STSClient({ credentials }).send(new GetCallerIdentityCommand({}))
  return Arn
})
