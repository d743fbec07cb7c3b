import { writeFileSync } from "node:fs"
import { createServer, type IncomingMessage, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import { Blocking } from "../../src/blocking.js"
import { AlibabaFunction, AwsFunction } from "../../src/function.js"
import { StsCredentialError } from "../../src/schemas/StsError.js"
import { files } from "../support/files.js"
import { newFolder } from "../support/folders.js"
import { type Answer, reply, scripted } from "../support/scripted.js"
import { environmentOf } from "../support/settings.js"

const issued = {
  AccessKeyId: "issued-id",
  SecretAccessKey: "s",
  AccessKeySecret: "s",
  Token: "t",
  SecurityToken: "t",
  Expiration: "2030-01-01T00:00:00Z"
}
const webIdentity = `<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>
  <AccessKeyId>web-id</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
  <Expiration>2030-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult>
  </AssumeRoleWithWebIdentityResponse>`
const oidc = {
  RequestId: "1",
  Credentials: { ...issued, AccessKeyId: "oidc-id" },
  AssumedRoleUser: { Arn: "acs:ram::1:role/r/s", AssumedRoleId: "3:s" }
}

/** What is asked for: by the path, or for STS by what is posted. */
const answerTo = (path: string, body: string): readonly [type: string, text: string] => {
  if (path === "/credentials") return ["application/json", JSON.stringify(issued)]
  return body.includes("WithWebIdentity")
    ? ["text/xml", webIdentity]
    : ["application/json", JSON.stringify(oidc)]
}

let server: Server
let seen: Array<{ readonly path: string; readonly authorization: string | undefined }> = []
let folder: string

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Array<Buffer> = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

beforeAll(async () => {
  folder = newFolder()
  writeFileSync(join(folder, "token"), "PLANTED-TOKEN")
  server = createServer(async (request, response) => {
    const [type, text] = answerTo(request.url ?? "", await bodyOf(request))
    seen.push({ path: request.url ?? "", authorization: request.headers.authorization })
    response.setHeader("content-type", type).end(text)
  })
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening))
})
afterAll(() => {
  server.close()
})

const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

const keys = {
  AWS_ACCESS_KEY_ID: "env-id",
  AWS_SECRET_ACCESS_KEY: "s",
  ALIBABA_CLOUD_ACCESS_KEY_ID: "env-id",
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: "s"
}
const pod = () => ({
  AWS_ENDPOINT_URL_STS: origin(),
  AWS_REGION: "eu-central-1",
  AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/web",
  AWS_WEB_IDENTITY_TOKEN_FILE: join(folder, "token"),
  ALIBABA_CLOUD_STS_ENDPOINT: origin(),
  ALIBABA_CLOUD_ROLE_ARN: "acs:ram::123456789012:role/web",
  ALIBABA_CLOUD_OIDC_PROVIDER_ARN: "acs:ram::123456789012:oidc-provider/ack",
  ALIBABA_CLOUD_OIDC_TOKEN_FILE: join(folder, "token")
})
const container = () => ({
  AWS_CONTAINER_CREDENTIALS_FULL_URI: `${origin()}/credentials`,
  AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: join(folder, "token")
})

type Variables = Readonly<Record<string, string>>

const clouds = {
  aws: {
    whole: AwsFunction.layer,
    blocking: AwsFunction.layerCredentials.pipe(Layer.provide(Blocking.layer)),
    get: Effect.flatMap(Aws.CredentialProvider, ({ get }) => get)
  },
  alibaba: {
    whole: AlibabaFunction.layer,
    blocking: AlibabaFunction.layerCredentials.pipe(Layer.provide(Blocking.layer)),
    get: Effect.flatMap(Alibaba.CredentialProvider, ({ get }) => get)
  }
}

const getting = (cloud: "aws" | "alibaba", how: "whole" | "blocking", variables: Variables) => {
  const idOf = Effect.map(({ accessKeyId }: { readonly accessKeyId: string }) => accessKeyId)
  const environment = Effect.provideService(ConfigProvider.ConfigProvider, environmentOf(variables))
  return cloud === "aws"
    ? clouds.aws.get.pipe(idOf, Effect.provide(clouds.aws[how]), environment)
    : clouds.alibaba.get.pipe(idOf, Effect.provide(clouds.alibaba[how]), environment)
}

describe("in a function or a container", () => {
  const found: ReadonlyArray<readonly ["aws" | "alibaba", string, () => Variables]> = [
    ["aws", "env-id", () => ({ ...keys, ...pod(), ...container() })],
    ["aws", "web-id", () => ({ ...pod(), ...container() })],
    ["aws", "issued-id", container],
    ["alibaba", "env-id", () => ({ ...keys, ...pod() })],
    ["alibaba", "oidc-id", pod]
  ]

  it.each(found)("%s comes to %s, over Node's own files and sockets", async (cloud, id, variables) => {
    assert.strictEqual(await Effect.runPromise(getting(cloud, "whole", variables())), id)
  })

  it("the container's endpoint is shown the token", async () => {
    seen = []
    await Effect.runPromise(getting("aws", "whole", container()))
    assert.deepStrictEqual(seen, [{ path: "/credentials", authorization: "PLANTED-TOKEN" }])
  })

  it("token file errors are reported as elsewhere", async () => {
    const lost = { ...container(), AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: join(folder, "none") }
    const error = await Effect.runPromise(Effect.flip(getting("aws", "whole", lost)))
    assert.deepInclude(error, { reason: "Unreadable", file: join(folder, "none") })
    assert.include(String(error), "NotFound")
  })

  it("nothing else is asked, and the error lists the sources", async () => {
    seen = []
    const tell = (cloud: "aws" | "alibaba") =>
      Effect.runPromise(Effect.flip(getting(cloud, "whole", { HOME: folder, AWS_PROFILE: "dev" })))
    for (const [cloud, sources] of [
      ["aws", ["environment", "web identity", "container"]],
      ["alibaba", ["environment", "OIDC"]]
    ] as const) {
      const error = await tell(cloud)
      assert.instanceOf(error, StsCredentialError)
      assert.strictEqual(error.reason, "NotConfigured")
      assert.deepStrictEqual(
        error.attempts?.map(({ source }) => source),
        [...sources]
      )
    }
    assert.deepStrictEqual(seen, [])
  })

  it("settings for other tools are reported", async () => {
    const error = await Effect.runPromise(
      Effect.flip(getting("alibaba", "whole", { ALICLOUD_ACCESS_KEY: "a" }))
    )
    assert.include(String(error), "ALIBABA_CLOUD_ACCESS_KEY_ID instead of ALICLOUD_ACCESS_KEY")
  })
})

describe("in a function, under runSync", () => {
  it("keys of the environment are got", () => {
    assert.strictEqual(Effect.runSync(getting("aws", "blocking", keys)), "env-id")
    assert.strictEqual(Effect.runSync(getting("alibaba", "blocking", keys)), "env-id")
  })

  const sts: Answer = (request, sent) => {
    const [type, text] = answerTo(new URL(request.url).pathname, "WithWebIdentity")
    return reply(200, text, { "content-type": type })(request, sent)
  }

  it("tokens are exchanged", () => {
    const services = Layer.merge(scripted(sts).layer, files({ [join(folder, "token")]: "PLANTED" }).layer)
    const id = Effect.map(clouds.aws.get, ({ accessKeyId }) => accessKeyId).pipe(
      Effect.provide(Layer.provide(AwsFunction.layerCredentials, services)),
      Effect.provideService(
        ConfigProvider.ConfigProvider,
        environmentOf({ ...pod(), AWS_ENDPOINT_URL_STS: "https://sts.example.com" })
      )
    )
    assert.strictEqual(Effect.runSync(id), "web-id")
  })
})
