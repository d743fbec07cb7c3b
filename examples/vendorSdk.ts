import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Aws from "effect-sts/aws"
import { AwsNode } from "effect-sts/node"

const runtime = ManagedRuntime.make(AwsNode.layer)

// any client of @aws-sdk takes it: S3, DynamoDB, ...; Alibaba.toAlibabaCredential is the same for @alicloud
const client = new STSClient({ credentials: await runtime.runPromise(Aws.toAwsProvider) })

const me = await client.send(new GetCallerIdentityCommand({}))
console.log(`the vendor's SDK runs as ${me.Arn}`)

client.destroy()
await runtime.dispose()
