/**
 * Where the user's folder is for those whom the environment does not tell it: systemd, cron, build tools.
 */
import { readdirSync } from "node:fs"
import { userInfo } from "node:os"
import { join } from "node:path"
import { afterEach, assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import { FileCache, HomeDirectory, StsCredentialError } from "../../src/index.js"
import { sources } from "../sources/all.js"
import { type Given, type Listed, type Services, withSource } from "../sources/withSource.js"
import { Disk } from "../support/files.js"

const belowHome = /^\.(aws|aliyun|alibabacloud)\//

const withFiles = sources.filter(({ setup }) =>
  Object.keys(setup("").files ?? {}).some((path) => belowHome.test(path))
)

const without =
  (HOME: string) =>
  (listed: Listed): Listed => ({
    ...listed,
    setup: (home) => {
      const setup = listed.setup(home)
      return { ...setup, env: { ...setup.env, HOME } }
    }
  })

const outcome = (listed: Listed, folder: (home: string) => string | undefined) =>
  withSource(listed, {}, ({ get }, { home }) =>
    Effect.provideService(
      Effect.result(get),
      HomeDirectory,
      Effect.sync(() => folder(home))
    )
  )

describe.each([
  ["empty", ""],
  ["blank", "  "]
])("A2: HOME is %s", (_, HOME) => {
  it.each(withFiles.map((listed) => [`${listed.cloud}, ${listed.name}`, listed] as const))(
    "%s: its files are found where the system has the user's folder",
    async (_name, listed) => {
      const got = await Effect.runPromise(outcome(without(HOME)(listed), (home) => home))
      assert.strictEqual(got._tag === "Success" ? got.success.accessKeyId : String(got.failure), listed.id)
    }
  )

  it.each(withFiles.map((listed) => [`${listed.cloud}, ${listed.name}`, listed] as const))(
    "%s: nothing is found where the system knows of none",
    async (_name, listed) => {
      const got = await Effect.runPromise(outcome(without(HOME)(listed), () => undefined))
      if (listed.name.startsWith("default chain")) {
        assert.notStrictEqual(got._tag === "Success" ? got.success.accessKeyId : undefined, listed.id)
        return
      }
      assert.strictEqual(got._tag, "Failure")
      if (got._tag === "Failure" && got.failure instanceof StsCredentialError) {
        assert.include(["NotConfigured", "Unreadable"], got.failure.reason, got.failure.message)
      }
    }
  )
})

const home = "/home/alice"
const keys = (id: string) => `[default]\naws_access_key_id = ${id}\naws_secret_access_key = secret\n`
const ini = "[default]\naccess_key_id = LTAIINI\naccess_key_secret = secret\n"
const cli = JSON.stringify({
  current: "a",
  profiles: [{ name: "a", mode: "AK", access_key_id: "LTAICLI", access_key_secret: "secret" }]
})

type Env = Readonly<Record<string, string>>

const asked = <A extends Given, E, R>(
  source: Effect.Effect<{ readonly get: Effect.Effect<A, E> }, never, R>,
  env: Env
) =>
  Effect.flatMap(source, ({ get }) => get).pipe(
    Effect.map(({ accessKeyId }) => accessKeyId),
    Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(env)),
    Effect.provideService(HomeDirectory, Effect.succeed(home))
  )

describe("A2: ~ in paths", () => {
  const disk = new Disk({
    [`${home}/mine/config`]: keys("AKIACONFIG"),
    [`${home}/mine/credentials`]: keys("AKIACREDENTIALS"),
    [`${home}/mine/config.json`]: cli,
    [`${home}/mine/alibaba`]: ini,
    "/other/mine/config": keys("AKIAOTHER")
  })
  const profile = (options?: Aws.Profile.Options) =>
    Effect.map(Aws.Profile.make(options), ({ get }) => ({ get }))
  const places: ReadonlyArray<readonly [string, Effect.Effect<string, unknown, Services>, string]> = [
    ["AWS_CONFIG_FILE", asked(profile(), { AWS_CONFIG_FILE: "~/mine/config" }), "AKIACONFIG"],
    [
      "AWS_CONFIG_FILE with HOME",
      asked(profile(), { AWS_CONFIG_FILE: "~/mine/config", HOME: "/other" }),
      "AKIAOTHER"
    ],
    [
      "AWS_SHARED_CREDENTIALS_FILE",
      asked(profile(), { AWS_SHARED_CREDENTIALS_FILE: "~/mine/credentials" }),
      "AKIACREDENTIALS"
    ],
    ["configFile", asked(profile({ configFile: "~/mine/config" }), { HOME: "" }), "AKIACONFIG"],
    [
      "ALIBABA_CLOUD_CONFIG_FILE",
      asked(Alibaba.CliProfile.make(), { ALIBABA_CLOUD_CONFIG_FILE: "~/mine/config.json" }),
      "LTAICLI"
    ],
    [
      "file of the CLI's profile",
      asked(Alibaba.CliProfile.make({ configFile: "~/mine/config.json" }), {}),
      "LTAICLI"
    ],
    [
      "ALIBABA_CLOUD_CREDENTIALS_FILE",
      asked(Alibaba.CredentialsFile.make(), { ALIBABA_CLOUD_CREDENTIALS_FILE: "~/mine/alibaba" }),
      "LTAIINI"
    ]
  ]
  const listed = sources[0] ?? assert.fail()
  it.each(places)("%s", async (_, program, expected) => {
    const got = await Effect.runPromise(withSource(listed, {}, () => Effect.provide(program, disk.layer)))
    assert.strictEqual(got, expected)
  })

  it("the file cache's folder", async () => {
    const kept = await Effect.runPromise(
      withSource(listed, {}, (_, { home: here }) =>
        Effect.gen(function* () {
          const credentials = new Aws.Credentials({
            accessKeyId: "ASIAKEPT",
            secretAccessKey: Redacted.make("secret"),
            expiration: DateTime.add(yield* DateTime.now, { hours: 1 })
          })
          const source = { name: "source", get: Effect.succeed(credentials) }
          const cache = yield* FileCache.make("aws", source, { directory: "~/cache", key: { a: 1 } })
          yield* cache.get
          return readdirSync(join(here, "cache"))
        }).pipe(Effect.orDie)
      )
    )
    assert.lengthOf(kept, 1)
  })
})

describe("A2: home directory of the system", () => {
  const before = process.env["HOME"]
  afterEach(() => {
    process.env["HOME"] = before
  })

  const told = (env: Env) =>
    Effect.flatten(HomeDirectory).pipe(
      Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(env))
    )

  it("is used when the environment has none", async () => {
    for (const HOME of [undefined, ""]) {
      if (HOME === undefined) delete process.env["HOME"]
      else process.env["HOME"] = HOME
      assert.strictEqual(await Effect.runPromise(told({})), userInfo().homedir)
    }
  })
})
