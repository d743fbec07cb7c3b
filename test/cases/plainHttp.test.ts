/**
 * Plain HTTP to a neighbour in a container network: refused, with a word on what allows it, and allowed where somebody
 * says so.
 */
import { assert, describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import { RequestPolicy, StsConfigError } from "../../src/index.js"
import { asking, callerIs, configFile, running, type Setup } from "../support/awsOutcomes.js"
import { bothWays } from "../support/runners.js"
import { identity, reply } from "../support/scripted.js"

const keys = Aws.Static.layer({ accessKeyId: "AKIAEXAMPLE", secretAccessKey: "PLANTED-SECRET" })
const aws = (setup: Setup, allowHttp?: boolean) =>
  running(
    Aws.getCallerIdentity().pipe(
      RequestPolicy.adjust({ allowHttp }),
      Effect.provide(Layer.merge(keys, Aws.SharedSettings.layer))
    ),
    { answers: [callerIs], ...setup, env: { AWS_REGION: "us-east-1", ...setup.env } }
  )

const alibabaKeys = Alibaba.Static.layer({ accessKeyId: "LTAIEXAMPLE", accessKeySecret: "PLANTED-SECRET" })
const alibaba = (env: Readonly<Record<string, string>>, allowHttp?: boolean) =>
  running(
    Alibaba.getCallerIdentity().pipe(
      RequestPolicy.adjust({ allowHttp }),
      Effect.provide(Layer.merge(alibabaKeys, Alibaba.SignerAcs3.layer))
    ),
    { answers: [identity], env }
  )

const neighbours = [
  "http://localstack:4566",
  "http://host.docker.internal:4566",
  "http://172.17.0.1:4566",
  "http://10.0.0.7:4566",
  "http://169.254.1.1",
  "http://[fd00::7]:4566",
  "http://sts.example.com",
  "HTTP://LOCALSTACK:4566"
]

const allowed = { EFFECT_STS_ALLOW_HTTP: "true" }

const credentials = reply(200, {
  Code: "Success",
  AccessKeyId: "ASIANEIGHBOUR",
  SecretAccessKey: "PLANTED-SECRET",
  AccessKeySecret: "PLANTED-SECRET",
  Token: "PLANTED-TOKEN",
  SecurityToken: "PLANTED-TOKEN",
  Expiration: "2100-01-01T00:00:00Z"
})

describe("A9: plain HTTP endpoint in a container network", () => {
  const stated: ReadonlyArray<
    readonly [
      key: string,
      call: (url: string, env?: Readonly<Record<string, string>>) => ReturnType<typeof aws>
    ]
  > = [
    ["AWS_ENDPOINT_URL", (url, env) => aws({ env: { AWS_ENDPOINT_URL: url, ...env } })],
    ["AWS_ENDPOINT_URL_STS", (url, env) => aws({ env: { AWS_ENDPOINT_URL_STS: url, ...env } })],
    ["endpoint_url", (url, env) => aws({ config: `[default]\nendpoint_url = ${url}\n`, env: { ...env } })]
  ]

  for (const [key, call] of stated) {
    bothWays(`${key} is refused, with a hint how to allow it`, () =>
      Effect.forEach(neighbours, (url) =>
        Effect.map(call(url), ({ error, sent }) => {
          assert.instanceOf(error, StsConfigError)
          assert.strictEqual(error.key, key)
          assert.strictEqual(error.file, key === "endpoint_url" ? configFile : undefined)
          assert.include(error.message, "EFFECT_STS_ALLOW_HTTP=true")
          assert.include(error.message, "RequestPolicy.allowHttp")
          assert.lengthOf(sent, 0)
        })
      ).pipe(Effect.asVoid)
    )

    bothWays(`${key} is allowed by the variable`, () =>
      Effect.forEach(neighbours, (url) =>
        Effect.map(call(url, allowed), ({ error, sent }) => {
          assert.isUndefined(error)
          assert.strictEqual(new URL(sent[0]?.url ?? "").host, new URL(url).host)
        })
      ).pipe(Effect.asVoid)
    )
  }

  bothWays("is allowed and forbidden by the policy", () =>
    Effect.gen(function* () {
      const env = { AWS_ENDPOINT_URL: "http://localstack:4566" }
      assert.lengthOf((yield* aws({ env }, true)).sent, 1)
      assert.lengthOf((yield* aws({ env: { ...env, ...allowed } }, false)).sent, 0)
    })
  )

  bothWays("is allowed in the same way for Alibaba Cloud", () =>
    Effect.gen(function* () {
      for (const url of neighbours) {
        const env = { ALIBABA_CLOUD_STS_ENDPOINT: url }
        const refused = yield* alibaba(env)
        assert.instanceOf(refused.error, StsConfigError)
        assert.include(refused.error.message, "EFFECT_STS_ALLOW_HTTP=true")
        assert.lengthOf(refused.sent, 0)
        assert.lengthOf((yield* alibaba({ ...env, ...allowed })).sent, 1)
        assert.lengthOf((yield* alibaba(env, true)).sent, 1)
        assert.lengthOf((yield* alibaba({ ...env, ...allowed }, false)).sent, 0)
      }
    })
  )

  bothWays("needs no permission on loopback or over TLS", () =>
    Effect.gen(function* () {
      for (const url of [
        "http://127.0.0.1:4566",
        "http://localhost:4566",
        "http://[::1]:4566",
        "https://localstack:4566"
      ]) {
        assert.lengthOf((yield* aws({ env: { AWS_ENDPOINT_URL: url } })).sent, 1)
        assert.lengthOf((yield* alibaba({ ALIBABA_CLOUD_STS_ENDPOINT: url })).sent, 1)
      }
    })
  )

  bothWays("a misspelt permission is shown by explain of both clouds", () =>
    Effect.gen(function* () {
      const env = { EFFECT_STS_ALLOW_HTPP: "true", EFFECT_STS_ALLOW_HTTP: "true" }
      const alibabas = Effect.provide(Alibaba.explain(), Alibaba.SignerAcs3.layer)
      for (const explain of [Aws.explain(), alibabas]) {
        const { value } = yield* running(explain, { env })
        assert.deepStrictEqual(
          value?.notes.filter(({ key }) => key.startsWith("EFFECT_STS")),
          [
            {
              kind: "unknown",
              key: "EFFECT_STS_ALLOW_HTPP",
              detail: "nothing reads it (did you mean EFFECT_STS_ALLOW_HTTP?)",
              source: undefined
            }
          ]
        )
      }
    })
  )

  bothWays("a permission that is neither true nor false is refused", () =>
    Effect.gen(function* () {
      const env = { AWS_ENDPOINT_URL: "http://localstack:4566", EFFECT_STS_ALLOW_HTTP: "yes" }
      const { error, sent } = yield* aws({ env })
      assert.deepInclude({ ...error }, { key: "EFFECT_STS_ALLOW_HTTP", detail: "must be true or false" })
      assert.lengthOf(sent, 0)
    })
  )
})

describe("A9: plain HTTP endpoint that gives credentials", () => {
  const addresses = ["203.0.113.7"]
  const uri = "http://credentials.test/role"

  const containers = [
    ["AWS_CONTAINER_CREDENTIALS_FULL_URI", Aws.Container.make()],
    ["AWS_EC2_METADATA_SERVICE_ENDPOINT", Aws.InstanceMetadata.make()]
  ] as const

  for (const [key, making] of containers) {
    bothWays(`${key}: refused, and allowed by the variable`, () =>
      Effect.gen(function* () {
        const setup = { addresses, answers: [credentials] }
        const refused = yield* asking(making, { ...setup, env: { [key]: uri } })
        assert.instanceOf(refused.error, StsConfigError)
        assert.strictEqual(refused.error.key, key)
        assert.include(refused.error.message, "EFFECT_STS_ALLOW_HTTP=true")
        assert.lengthOf(refused.sent, 0)
        const asked = yield* asking(making, { ...setup, env: { [key]: uri, ...allowed } })
        assert.isAbove(asked.sent.length, 0)
      })
    )
  }

  bothWays("Amazon's container endpoint by its option", () =>
    Effect.gen(function* () {
      const setup = { addresses, answers: [credentials], env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: uri } }
      const { value } = yield* asking(Aws.Container.make({ allowHttp: true }), setup)
      assert.strictEqual(value?.accessKeyId, "ASIANEIGHBOUR")
      const forbidding = { ...setup, env: { ...setup.env, ...allowed } }
      assert.lengthOf((yield* asking(Aws.Container.make({ allowHttp: false }), forbidding)).sent, 0)
    })
  )

  bothWays("Alibaba Cloud's credentials URI and metadata service", () =>
    Effect.gen(function* () {
      const get = (env: Readonly<Record<string, string>>) =>
        running(
          Effect.flatMap(Alibaba.CredentialsUri.make(), (source) => source.get),
          { addresses, answers: [credentials], env: { ALIBABA_CLOUD_CREDENTIALS_URI: uri, ...env } }
        )
      const refused = yield* get({})
      assert.include(String(refused.error), "EFFECT_STS_ALLOW_HTTP=true")
      assert.lengthOf(refused.sent, 0)
      assert.lengthOf((yield* get(allowed)).sent, 1)
      const ecs = (env: Readonly<Record<string, string>>) =>
        running(
          Effect.flatMap(
            Alibaba.EcsRamRole.make({ endpoint: "http://credentials.test" }),
            (source) => source.get
          ),
          { addresses, answers: [credentials], env }
        )
      assert.lengthOf((yield* ecs({})).sent, 0)
      assert.isAbove((yield* ecs(allowed)).sent.length, 0)
    })
  )
})
