/**
 * A person's files on a real disk and AWS's side on a real socket, for programs that wait and programs that block.
 */
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Aws from "../../../src/aws.js"
import { AwsBlocking } from "../../../src/blocking.js"
import { AwsNode } from "../../../src/node.js"
import { AwsSeed } from "../../../src/testing.js"
import { type Servers, startServers } from "../../support/emulators.js"
import { newFolder } from "../../support/folders.js"

const { accessKeyId, secretAccessKey } = AwsSeed.keys.user
const secret = Redacted.value(secretAccessKey)
const home = newFolder()

const printed = JSON.stringify({ Version: 1, AccessKeyId: accessKeyId, SecretAccessKey: secret })

const configFor = (endpoint: string) => `
[default]
region = ${AwsSeed.region}
services = here
[services here]
sts =
  endpoint_url = ${endpoint}
[profile chained]
role_arn = ${AwsSeed.arns.chainedRole}
source_profile = reader
region = ${AwsSeed.region}
services = here
[profile reader]
role_arn = ${AwsSeed.arns.role}
source_profile = base
[profile printed]
credential_process = printf '%s' '${printed}'
region = ${AwsSeed.region}
services = here
`

const credentials = `[base]
aws_access_key_id = ${accessKeyId}
aws_secret_access_key = ${secret}
[default]
aws_access_key_id = ${accessKeyId}
aws_secret_access_key = ${secret}
`

describe("profiles on a real disk, over a real socket", () => {
  let servers: Servers
  beforeAll(async () => {
    servers = await startServers()
    mkdirSync(join(home, ".aws"))
    writeFileSync(join(home, ".aws", "config"), configFor(servers.emulator().endpoint), { mode: 0o600 })
    writeFileSync(join(home, ".aws", "credentials"), credentials, { mode: 0o600 })
  })
  afterAll(() => servers.close())

  const whoAmI = Effect.map(Aws.getCallerIdentity(), ({ arn }) => arn)

  const withHome = (env: Readonly<Record<string, string>> = {}) =>
    Effect.provideService(
      ConfigProvider.ConfigProvider,
      ConfigProvider.fromUnknown({ HOME: home, AWS_EC2_METADATA_DISABLED: "true", ...env })
    )

  const cases: ReadonlyArray<readonly [string, Readonly<Record<string, string>>, RegExp]> = [
    ["the default profile", {}, /:user\//],
    ["a chain of roles", { AWS_PROFILE: "chained" }, /:assumed-role\/chained\//],
    ["a process", { AWS_PROFILE: "printed" }, /:user\//]
  ]

  for (const [name, env, arn] of cases) {
    it(`waits for ${name}`, async () => {
      const found = await Effect.runPromise(whoAmI.pipe(Effect.provide(AwsNode.layer), withHome(env)))
      assert.match(found, arn)
    })

    it(`blocks for ${name}`, () => {
      const found = Effect.runSync(whoAmI.pipe(Effect.provide(AwsBlocking.layer), withHome(env)))
      assert.match(found, arn)
    })
  }

  const environment = { AWS_ACCESS_KEY_ID: "AKIAELSEWHERE", AWS_SECRET_ACCESS_KEY: "elsewhere" }

  it("prefers a profile named in code to keys in the environment", async () => {
    const layers = [AwsNode.layerWith({ profile: "chained" }), AwsBlocking.layerWith({ profile: "chained" })]
    for (const layer of layers) {
      const found = await Effect.runPromise(whoAmI.pipe(Effect.provide(layer), withHome(environment)))
      assert.match(found, /:assumed-role\/chained\//)
    }
  })
})
