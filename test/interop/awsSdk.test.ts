/**
 * Clients of AWS's SDK with credentials of ours, and our credentials from its providers.
 */
import * as Dynamo from "@aws-sdk/client-dynamodb"
import * as S3 from "@aws-sdk/client-s3"
import { fromEnv, fromIni } from "@aws-sdk/credential-providers"
import { afterEach, assert, beforeEach, describe, it, vi } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { flow } from "effect/Function"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { Aws, Refreshing, RequestPolicy } from "../../src/index.js"
import { NodeHttp } from "../../src/node.js"
import { AwsSeed, Emulator } from "../../src/testing.js"
import { type Answer, openSignedServer, type Received, type SignedServer } from "../support/signedServer.js"

const region = "eu-central-1"

/** As much of S3 and DynamoDB as the clients need. */
const services = () => {
  const objects = new Map<string, Buffer>()
  const s3 = ({ body, method, path, query }: Received): Answer => {
    const key = decodeURIComponent(path)
    if (method === "PUT") {
      objects.set(key, body)
      return { headers: { etag: '"1"' } }
    }
    if (query.includes("list-type=2")) {
      const names = [...objects.keys()].map((name) => name.replace("/bucket/", ""))
      const contents = names.map((name) => `<Contents><Key>${name}</Key></Contents>`).join("")
      return { body: `<ListBucketResult><Name>bucket</Name>${contents}</ListBucketResult>` }
    }
    const found = objects.get(key)
    return found === undefined
      ? { status: 404, body: "<Error><Code>NoSuchKey</Code></Error>" }
      : { body: found }
  }
  const item = JSON.stringify({ Item: { id: { S: "one" } } })
  return (request: Received): Answer =>
    request.service === "s3"
      ? s3(request)
      : { headers: { "content-type": "application/x-amz-json-1.0" }, body: item }
}

let server: SignedServer
beforeEach(async () => {
  server = await openSignedServer(services())
  vi.useFakeTimers({ toFake: ["Date"] })
})
afterEach(async () => {
  vi.useRealTimers()
  await server.close()
})

const later = (minutes: number): void => {
  vi.setSystemTime(Date.now() + minutes * 60_000)
}

const secrets = ({ secretAccessKey, sessionToken }: Aws.Credentials) => ({
  secretAccessKey: Redacted.value(secretAccessKey),
  sessionToken: sessionToken && Redacted.value(sessionToken)
})

/** A role's credentials for 15 minutes at a time, kept and renewed; the server knows each that was issued. */
const role = Effect.gen(function* () {
  const { accessKeyId, secretAccessKey } = AwsSeed.keys.user
  const user = new Aws.Credentials({ accessKeyId, secretAccessKey })
  const assumed = yield* Aws.AssumedRole.make(
    { name: "user", get: Effect.succeed(user) },
    { roleArn: AwsSeed.arns.role, durationSeconds: 900 }
  )
  return Refreshing.make("aws", {
    ...assumed,
    get: Effect.tap(assumed.get, (credentials) =>
      Effect.sync(() => {
        server.keys.set(credentials.accessKeyId, secrets(credentials))
      })
    )
  })
})

const layer = Layer.effect(Aws.CredentialProvider, role).pipe(
  Layer.provideMerge(Aws.SignerV4.layer),
  Layer.provideMerge(Emulator.layer)
)

const withRole = flow(Effect.provide(layer), RequestPolicy.adjust({ aws: { region: AwsSeed.region } }))

const usedKeys = () => [...new Set(server.received.map(({ accessKeyId }) => accessKeyId))]

describe("toAwsProvider", () => {
  it.live("serves S3 and DynamoDB clients, which follow the refresher from key to key", () =>
    Effect.gen(function* () {
      const credentials = yield* Aws.toAwsProvider
      const common = { region, endpoint: server.endpoint, credentials, maxAttempts: 1 }
      const s3 = new S3.S3Client({ ...common, forcePathStyle: true })
      const dynamo = new Dynamo.DynamoDBClient(common)
      const call = <A>(send: () => Promise<A>) => Effect.promise(send)
      const at = { Bucket: "bucket", Key: "a b/ünï+(1)//x:y" }
      const getItem = () =>
        call(() => dynamo.send(new Dynamo.GetItemCommand({ TableName: "t", Key: { id: { S: "one" } } })))

      yield* call(() => s3.send(new S3.PutObjectCommand({ ...at, Body: "content" })))
      const got = yield* call(() => s3.send(new S3.GetObjectCommand(at)))
      assert.strictEqual(yield* call(() => got.Body?.transformToString() ?? Promise.reject()), "content")
      const listed = yield* call(() =>
        s3.send(new S3.ListObjectsV2Command({ Bucket: "bucket", Prefix: "a b" }))
      )
      assert.deepStrictEqual(
        listed.Contents?.map(({ Key }) => Key),
        [at.Key]
      )
      assert.deepStrictEqual((yield* getItem()).Item, { id: { S: "one" } })
      assert.strictEqual(usedKeys().length, 1)

      later(8)
      yield* getItem()
      assert.strictEqual(usedKeys().length, 1)

      later(3)
      yield* getItem()
      yield* call(() => s3.send(new S3.GetObjectCommand(at)))
      assert.strictEqual(usedKeys().length, 2)

      later(60)
      yield* call(() => s3.send(new S3.GetObjectCommand(at)))
      assert.strictEqual(usedKeys().length, 3)
      const { requests } = yield* Emulator.Emulator
      assert.strictEqual((yield* requests).length, 3)
    }).pipe(withRole)
  )

  it.live("gives a client another key when it forces a refresh", () =>
    Effect.gen(function* () {
      const provider = yield* Aws.toAwsProvider
      const s3 = new S3.S3Client({ region, credentials: provider })
      const first = yield* Effect.promise(() => s3.config.credentials())
      const second = yield* Effect.promise(() => s3.config.credentials({ forceRefresh: true }))
      const third = yield* Effect.promise(() => provider())
      assert.notStrictEqual(first.accessKeyId, second.accessKeyId)
      assert.strictEqual(third.accessKeyId, second.accessKeyId)
    }).pipe(withRole)
  )
})

it.live("signedHttpClient and an S3 client see each other's objects", () =>
  Effect.gen(function* () {
    const credentials = yield* Aws.toAwsProvider
    const theirs = new S3.S3Client({ region, endpoint: server.endpoint, credentials, forcePathStyle: true })
    const sign = yield* Aws.signedHttpClient({ service: "s3", region })
    const ours = yield* Effect.provide(
      Effect.map(HttpClient.HttpClient, sign),
      NodeHttp.layerWith({ proxy: false })
    )
    for (const key of ["with space", "ü/日本", "a//b/", "a+b", "it's (1)!*~:@&=$,;", "100%", "q?x#y"]) {
      const path = key.split("/").map(encodeURIComponent).join("/")
      const put = yield* ours.put(`${server.endpoint}/bucket/${path}`, { body: HttpBody.text(`of ${key}`) })
      assert.strictEqual(put.status, 200, key)
      const got = yield* Effect.promise(() =>
        theirs.send(new S3.GetObjectCommand({ Bucket: "bucket", Key: key }))
      )
      assert.strictEqual(yield* Effect.promise(async () => got.Body?.transformToString()), `of ${key}`)
    }
  }).pipe(withRole)
)

describe("fromAwsProvider", () => {
  it.live("accepts the SDK's own providers", () =>
    Effect.gen(function* () {
      const issued = yield* Effect.flatMap(Aws.CredentialProvider, ({ get }) => get)
      const provider = yield* Aws.toAwsProvider
      const again = yield* Aws.fromAwsProvider(provider, { name: "there and back" }).get
      assert.strictEqual(again.accessKeyId, issued.accessKeyId)
      assert.deepStrictEqual(again.sessionToken, issued.sessionToken)
      assert.deepStrictEqual(again.expiration, issued.expiration)
      assert.strictEqual(again.source, "there and back")
    }).pipe(withRole)
  )

  for (const [name, provider] of [
    ["fromEnv", fromEnv()],
    ["fromIni", fromIni({ filepath: "/nowhere", configFilepath: "/nowhere", profile: "PLANTED" })]
  ] as const) {
    it.live(`stops a chain when ${name} has nothing, unless told otherwise`, () =>
      Effect.gen(function* () {
        for (const variable of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) vi.stubEnv(variable, undefined)
        const stopped = yield* Effect.flip(Aws.fromAwsProvider(provider).get)
        assert.include(stopped, { _tag: "StsCredentialError", reason: "Unavailable" })
        assert.include(stopped.message, "CredentialsProviderError")
        assert.notInclude(stopped.message, "PLANTED")
        const passed = yield* Effect.flip(Aws.fromAwsProvider(provider, { followTryNextLink: true }).get)
        assert.include(passed, { _tag: "StsCredentialError", reason: "NotConfigured" })
      }).pipe(Effect.ensuring(Effect.sync(() => vi.unstubAllEnvs())))
    )
  }
})
