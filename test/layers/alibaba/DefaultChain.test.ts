import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import * as Alibaba from "../../../src/alibaba.js"
import type { StsCredentialError } from "../../../src/schemas/StsError.js"
import { hides } from "../../leaks/hides.js"
import { planted } from "../../leaks/planted.js"
import { configFile, credentialsFile, environment, services } from "../../support/alibabaEnvironment.js"
import { Disk } from "../../support/files.js"
import { text } from "../../support/metadata.js"
import { type Answer, fault, reply, scripted } from "../../support/scripted.js"

const now = Date.parse("2026-01-01T00:00:00Z")
const pair = (id: string) => ({ access_key_id: id, access_key_secret: planted.accessKeySecret })

const config = (name: string) =>
  JSON.stringify({ current: name, profiles: [{ name, mode: "AK", ...pair("cli-id") }] })
const ini = (name: string) =>
  `[${name}]\naccess_key_id = ini-id\naccess_key_secret = ${planted.accessKeySecret}\n`

const env = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: "env-id",
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: planted.accessKeySecret
}
const oidc = {
  ALIBABA_CLOUD_ROLE_ARN: "acs:ram::123456789012:role/reader",
  ALIBABA_CLOUD_OIDC_PROVIDER_ARN: "acs:ram::123456789012:oidc-provider/k8s",
  ALIBABA_CLOUD_OIDC_TOKEN_FILE: "/var/token"
}
const uri = { ALIBABA_CLOUD_CREDENTIALS_URI: "http://127.0.0.1:1/uri" }

const issuedUntil = (id: string, end: number) => ({
  AccessKeyId: id,
  AccessKeySecret: planted.issuedSecret,
  SecurityToken: planted.issuedToken,
  Expiration: new Date(end).toISOString()
})

/** Every service at once. */
const everybody =
  (metadata: boolean): Answer =>
  (request, sent) => {
    const { hostname, pathname } = new URL(request.url)
    const answer = (): Answer => {
      const end = now + 3_600_000
      if (hostname === "127.0.0.1") return reply(200, { Code: "Success", ...issuedUntil("uri-id", end) })
      if (hostname !== "100.100.100.200") {
        const user = { Arn: "acs:ram::1:assumed-role/r/s", AssumedRoleId: "3:s" }
        return reply(200, { Credentials: issuedUntil("oidc-id", end), AssumedRoleUser: user })
      }
      if (!metadata) return fault("EHOSTUNREACH")
      if (pathname === "/latest/api/token") return text(200, "token")
      return pathname.endsWith("/")
        ? text(200, "worker")
        : reply(200, { Code: "Success", ...issuedUntil("ecs-id", end) })
    }
    return answer()(request, sent)
  }

interface Setup {
  readonly variables?: Readonly<Record<string, string>>
  readonly files?: Readonly<Record<string, string>>
  readonly metadata?: boolean
  readonly options?: Alibaba.DefaultChain.Options
}

const both = { [configFile]: config("default"), [credentialsFile]: ini("default") }

const from = (
  make: (options?: Alibaba.DefaultChain.Options) => ReturnType<typeof Alibaba.DefaultChain.make>,
  { files = {}, metadata = false, options, variables = {} }: Setup
) =>
  Effect.andThen(TestClock.setTime(now), make(options)).pipe(
    Effect.flatMap(({ get }) => get),
    Effect.provide(
      services(
        new Disk({ "/var/token": planted.oidcToken, ...files }).layer,
        scripted(everybody(metadata)).layer
      )
    ),
    environment(variables)
  )

describe("the default chain", () => {
  const everything = { ...env, ...oidc, ...uri }
  const order: ReadonlyArray<readonly [string, Setup, string]> = [
    ["the environment", { variables: everything, files: both, metadata: true }, "env-id"],
    [
      "the environment's OIDC token",
      { variables: { ...oidc, ...uri }, files: both, metadata: true },
      "oidc-id"
    ],
    ["the CLI's profile", { variables: uri, files: both, metadata: true }, "cli-id"],
    [
      "the credentials file",
      { variables: uri, files: { [credentialsFile]: ini("default") }, metadata: true },
      "ini-id"
    ],
    ["the instance's role", { variables: uri, metadata: true }, "ecs-id"],
    ["the credentials URI", { variables: uri }, "uri-id"],
    [
      "no profile of a CLI that is switched off",
      { variables: { ALIBABA_CLOUD_CLI_PROFILE_DISABLED: "true" }, files: both },
      "ini-id"
    ],
    [
      "no metadata service that is switched off",
      { variables: { ...uri, ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true" }, metadata: true },
      "uri-id"
    ],
    ["a config file without profiles for none", { files: { ...both, [configFile]: "{}" } }, "ini-id"],
    [
      "the profile that is named from the file that has it",
      {
        variables: { ALIBABA_CLOUD_PROFILE: "team" },
        files: { [configFile]: config("default"), [credentialsFile]: ini("team") }
      },
      "ini-id"
    ],
    [
      "the CLI's profile where both files have it",
      {
        variables: { ALIBABA_CLOUD_PROFILE: "team" },
        files: { [configFile]: config("team"), [credentialsFile]: ini("team") }
      },
      "cli-id"
    ],
    [
      "a profile that the program states before the environment's keys",
      { variables: everything, files: both, options: { profile: "default" } },
      "cli-id"
    ]
  ]
  for (const [what, setup, id] of order) {
    it.effect(`takes ${what}`, () =>
      Effect.gen(function* () {
        const credentials = yield* from(Alibaba.DefaultChain.make, setup)
        assert.strictEqual(credentials.accessKeyId, id)
        hides(credentials)
      })
    )
  }

  const variables = { ALIBABA_CLOUD_PROFILE: "prod" }
  const broken: ReadonlyArray<readonly [string, Setup, StsCredentialError["reason"], ReadonlyArray<string>]> =
    [
      [
        "half an OIDC set-up",
        { variables: { ALIBABA_CLOUD_OIDC_TOKEN_FILE: "/var/token" }, files: both },
        "Incomplete",
        ["ALIBABA_CLOUD_ROLE_ARN"]
      ],
      [
        "a config file that is not JSON",
        { files: { ...both, [configFile]: "{" } },
        "Malformed",
        [configFile]
      ],
      [
        "a profile that neither file has",
        { variables, files: both, metadata: true },
        "UnknownProfile",
        ["prod"]
      ],
      [
        "a profile where there is no file",
        { variables, metadata: true },
        "UnknownProfile",
        ["prod", "there is no"]
      ],
      [
        "a profile of the program's that neither file has",
        { options: { profile: "prod" }, variables: env, metadata: true },
        "UnknownProfile",
        ["prod"]
      ]
    ]
  for (const [what, setup, reason, says] of broken) {
    it.effect(`stops at ${what}`, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(from(Alibaba.DefaultChain.make, setup))
        assert.deepInclude({ ...error }, { reason })
        for (const one of says) assert.include(error.message, one)
        hides(error)
      })
    )
  }

  it.effect("lists every source when none is configured", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(from(Alibaba.DefaultChain.make, {}))
      assert.deepInclude({ ...error }, { reason: "NotConfigured" })
      assert.deepStrictEqual(
        error._tag === "StsCredentialError" && error.attempts?.map(({ source }) => source),
        ["environment", "OIDC", "CLI profile", "credentials file", "ECS RAM role", "credentials URI"]
      )
    })
  )

  it.effect("continues after a broken source when lenient", () =>
    Effect.gen(function* () {
      const files = { ...both, [configFile]: "{" }
      const credentials = yield* from(() => Alibaba.DefaultChain.make({ continueOnFailure: true }), { files })
      assert.strictEqual(credentials.accessKeyId, "ini-id")
    })
  )
})

describe("the default chain's layer", () => {
  const get = Effect.flatMap(Alibaba.CredentialProvider, (provider) => provider.get)

  it.effect("starts over after a total failure", () =>
    Effect.gen(function* () {
      const disk = new Disk()
      yield* Effect.gen(function* () {
        yield* Effect.flip(get)
        disk.put(configFile, config("default"))
        yield* TestClock.adjust("1 minute")
        assert.strictEqual((yield* get).accessKeyId, "cli-id")
      }).pipe(
        Effect.provide(Alibaba.DefaultChain.layer.pipe(Layer.provide(services(disk.layer)))),
        environment()
      )
    })
  )

  it.effect("renews 900-second credentials a few times an hour", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(now)
      const role = { mode: "RamRoleArn", ...pair("cli-id"), ram_role_arn: "acs:ram::1:role/reader" }
      const profile = { name: "dev", ...role, expired_seconds: 900 }
      const disk = new Disk({ [configFile]: JSON.stringify({ current: "dev", profiles: [profile] }) })
      const user = { Arn: "acs:ram::1:assumed-role/r/s", AssumedRoleId: "3:s" }
      const calls: Array<number> = []
      const http = scripted((request, sent) =>
        Effect.flatMap(Clock.currentTimeMillis, (time) => {
          calls.push(time)
          const credentials = issuedUntil(`STS.${calls.length}`, time + 900_000)
          return reply(200, { Credentials: credentials, AssumedRoleUser: user })(request, sent)
        })
      )
      yield* Effect.gen(function* () {
        for (let second = 0; second < 3_600; second += 10) {
          const { isExpired } = yield* get
          assert.isFalse(yield* isExpired)
          yield* TestClock.adjust(Duration.seconds(10))
        }
      }).pipe(
        Effect.provide(Alibaba.DefaultChain.layer.pipe(Layer.provide(services(disk.layer, http.layer)))),
        environment()
      )
      assert.isAtMost(calls.length, 8)
      assert.isAtLeast(calls.length, 4)
    })
  )
})
