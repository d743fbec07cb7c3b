import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Aws from "../../../src/aws.js"
import { StsCredentialError } from "../../../src/schemas/StsError.js"
import { noCommand } from "../../support/commands.js"
import { files } from "../../support/files.js"
import { type Answer, fault, reply, scripted } from "../../support/scripted.js"

const home = "/home/alice"

interface Machine {
  readonly env?: Readonly<Record<string, string>>
  readonly config?: string
  readonly others?: Readonly<Record<string, string>>
  readonly answers?: ReadonlyArray<Answer>
}

const machine = ({ answers = [fault("EHOSTUNREACH")], config = "", env = {}, others = {} }: Machine) => {
  const http = scripted(...answers)
  const services = [
    http.layer,
    files({ [`${home}/.aws/config`]: config, ...others }).layer,
    Aws.SignerV4.layer,
    noCommand
  ] as const
  const on = <A, E>(effect: Effect.Effect<A, E, Aws.DefaultChain.Services>) =>
    effect.pipe(
      Effect.provide([...services]),
      Effect.provideService(
        ConfigProvider.ConfigProvider,
        ConfigProvider.fromUnknown({ HOME: home, AWS_REGION: "eu-west-1", ...env })
      )
    )
  return { on, sent: http.sent }
}

const get = (options?: Aws.DefaultChain.Options) =>
  Effect.flatMap(Aws.DefaultChain.make(options), (source) => source.get)

const environment = { AWS_ACCESS_KEY_ID: "env-id", AWS_SECRET_ACCESS_KEY: "PLANTED-ENV" }
const profile = "[default]\naws_access_key_id = profile-id\naws_secret_access_key = PLANTED-PROFILE\n"
const webIdentity = {
  AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/web",
  AWS_WEB_IDENTITY_TOKEN_FILE: "/token"
}
const container = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/v2/credentials" }

const webAnswer = reply(
  200,
  "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>web-id</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>",
  { "content-type": "text/xml" }
)

const issued = (id: string) =>
  reply(200, {
    Code: "Success",
    AccessKeyId: id,
    SecretAccessKey: "s",
    Token: "t",
    Expiration: "2030-01-01T00:00:00Z"
  })

const text = (body: string) => reply(200, body, { "content-type": "text/plain" })

describe("the default chain", () => {
  const order: ReadonlyArray<readonly [id: string, machine: Machine]> = [
    ["env-id", { env: { ...environment, ...webIdentity, ...container }, config: profile }],
    ["profile-id", { env: { ...webIdentity, ...container }, config: profile }],
    [
      "web-id",
      { env: { ...webIdentity, ...container }, others: { "/token": "PLANTED" }, answers: [webAnswer] }
    ],
    ["container-id", { env: container, answers: [issued("container-id")] }],
    ["instance-id", { answers: [text("token"), text("role"), issued("instance-id")] }]
  ]

  for (const [id, set] of order) {
    it.effect(`comes to ${id}`, () =>
      Effect.gen(function* () {
        const { accessKeyId } = yield* machine(set).on(get())
        assert.strictEqual(accessKeyId, id)
      })
    )
  }

  it.effect("skips the environment's keys when code names a profile", () =>
    Effect.gen(function* () {
      const { on } = machine({ env: environment, config: profile })
      assert.strictEqual((yield* on(get({ profile: "default" }))).accessKeyId, "profile-id")
    })
  )

  it.effect("lists every source when none is configured", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(machine({}).on(get()))
      assert.instanceOf(error, StsCredentialError)
      assert.strictEqual(error.reason, "NotConfigured")
      assert.deepStrictEqual(
        error.attempts?.map(({ reason, source }) => [source, reason]),
        ["environment", "profile", "web identity", "container", "instance metadata"].map((source) => [
          source,
          "NotConfigured"
        ])
      )
    })
  )

  it.effect("stops at a metadata service that refuses", () =>
    Effect.gen(function* () {
      const answers = [reply(200, "a-token"), reply(403, "no")]
      const error = yield* Effect.flip(machine({ answers }).on(get()))
      assert.instanceOf(error, StsCredentialError)
      assert.strictEqual(error.source, "instance metadata")
      assert.strictEqual(error.reason, "Refused")
    })
  )

  const broken: Machine = {
    env: { AWS_PROFILE: "gone", ...container },
    config: profile,
    answers: [issued("container-id")]
  }

  it.effect("stops at a missing profile; one that continues on failure goes on", () =>
    Effect.gen(function* () {
      const { on, sent } = machine(broken)
      const error = yield* Effect.flip(on(get()))
      assert.strictEqual(error._tag === "StsCredentialError" && error.reason, "UnknownProfile")
      assert.deepStrictEqual(sent, [])
      const lenient = Effect.flatMap(
        Aws.DefaultChain.make({ continueOnFailure: true }),
        (source) => source.get
      )
      assert.strictEqual((yield* on(lenient)).accessKeyId, "container-id")
    })
  )

  it.effect("caches credentials as a layer", () =>
    Effect.gen(function* () {
      const { on, sent } = machine({ env: container, answers: [issued("container-id")] })
      const twice = Effect.flatMap(Aws.CredentialProvider, (provider) =>
        Effect.andThen(provider.get, provider.get)
      )
      const { accessKeyId } = yield* on(Effect.provide(twice, Aws.DefaultChain.layer))
      assert.strictEqual(accessKeyId, "container-id")
      assert.strictEqual(sent.length, 1)
    })
  )
})
