/**
 * Temporary credentials that do not say when they end: nobody keeps them for good.
 */

import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import { Chain, type CredentialSource, FileCache, Refreshing, StsCredentialError } from "../../src/index.js"
import * as SyncCommand from "../../src/layers/blocking/SyncCommand.js"
import { fileSystem } from "../../src/layers/blocking/SyncFileSystem.js"
import { commands, configFile, environment, services, silence } from "../support/alibabaEnvironment.js"
import { files } from "../support/files.js"
import { newFolder } from "../support/folders.js"
import { serving } from "../support/metadata.js"
import { alibaba, aws, type Given, type RoleCloud } from "../support/roleClouds.js"
import { reply } from "../support/scripted.js"

const executors = { "on the event loop": commands, blocking: SyncCommand.layer() }

/** A script that numbers its runs and prints a document with the number in it. */
const script = (folder: string, document: string) => {
  const file = join(folder, "print.sh")
  const counter = join(folder, "runs")
  writeFileSync(counter, "")
  writeFileSync(
    file,
    `printf x >> ${counter}\nn=$(wc -c < ${counter} | tr -d ' ')\nprintf '%s' '${document}' | sed "s/NUMBER/$n/"\n`
  )
  return { command: `/bin/sh ${file}`, runs: () => readFileSync(counter, "utf8").length }
}

const external = (folder: string, document: object) => {
  const { command, runs } = script(folder, JSON.stringify(document))
  const profile = { name: "dev", mode: "External", process_command: command }
  const config = files({ [configFile]: JSON.stringify({ current: "dev", profiles: [profile] }) })
  return { runs, config }
}

const session = {
  mode: "StsToken",
  access_key_id: "STS.NUMBER",
  access_key_secret: "secret",
  sts_token: "token"
}

const kept = <C extends Given>(cloud: "aws" | "alibaba", source: CredentialSource<C>) =>
  Refreshing.make(cloud, source)

describe("B2: temporary keys without an expiration are renewed", () => {
  for (const [way, executor] of Object.entries(executors)) {
    it.effect(`a profile of mode External, ${way}`, () =>
      Effect.gen(function* () {
        const { config, runs } = external(newFolder(), session)
        yield* Effect.gen(function* () {
          const { get } = kept("alibaba", yield* Alibaba.CliProfile.make())
          assert.strictEqual((yield* get).accessKeyId, "STS.1")
          // Not at each call, and long before any session ends.
          assert.strictEqual((yield* get).accessKeyId, "STS.1")
          yield* TestClock.adjust("1 minute")
          assert.strictEqual((yield* get).accessKeyId, "STS.2")
          yield* TestClock.adjust("7 days")
          assert.strictEqual((yield* get).accessKeyId, "STS.3")
          assert.strictEqual(runs(), 3)
        }).pipe(Effect.provide(services(config.layer, silence, executor)), environment())
      })
    )

    it.effect(`a credential_process, ${way}`, () =>
      Effect.gen(function* () {
        const document = { Version: 1, AccessKeyId: "ASIANUMBER", SecretAccessKey: "s", SessionToken: "t" }
        const { command } = script(newFolder(), JSON.stringify(document))
        yield* Effect.gen(function* () {
          const { get } = kept("aws", yield* Aws.Process.make({ command }))
          assert.strictEqual((yield* get).accessKeyId, "ASIA1")
          yield* TestClock.adjust("10 minutes")
          assert.strictEqual((yield* get).accessKeyId, "ASIA2")
        }).pipe(Effect.provide(executor))
      })
    )

    it.effect(`a key pair without a token is kept, ${way}`, () =>
      Effect.gen(function* () {
        const document = { Version: 1, AccessKeyId: "AKIANUMBER", SecretAccessKey: "s" }
        const { command, runs } = script(newFolder(), JSON.stringify(document))
        yield* Effect.gen(function* () {
          const { get } = kept("aws", yield* Aws.Process.make({ command }))
          yield* get
          yield* TestClock.adjust("30 days")
          assert.strictEqual((yield* get).accessKeyId, "AKIA1")
          assert.strictEqual(runs(), 1)
        }).pipe(Effect.provide(executor))
      })
    )
  }

  it.effect("the expiration that the CLI writes into profiles is used", () =>
    Effect.gen(function* () {
      const { config } = external(newFolder(), { ...session, sts_expiration: 3600 })
      yield* Effect.gen(function* () {
        const { get } = yield* Alibaba.CliProfile.make()
        const { expiration } = yield* get
        assert.strictEqual(expiration && DateTime.toEpochMillis(expiration), 3_600_000)
        yield* TestClock.adjust("1 hour")
        const error = yield* Effect.flip(get)
        assert.strictEqual(error instanceof StsCredentialError && error.reason, "Expired")
      }).pipe(Effect.provide(services(config.layer, silence, commands)), environment())
    })
  )

  const profile = (sts_expiration: unknown) =>
    files({
      [configFile]: JSON.stringify({
        current: "dev",
        profiles: [{ name: "dev", ...session, access_key_id: "STS.FILE", sts_expiration }]
      })
    })

  it.effect("sts_expiration of a profile of mode StsToken is honoured", () =>
    Effect.gen(function* () {
      const { get } = yield* Alibaba.CliProfile.make()
      const { expiration } = yield* get
      assert.strictEqual(expiration && DateTime.toEpochMillis(expiration), 3_600_000)
      yield* TestClock.adjust("1 hour")
      const error = yield* Effect.flip(get)
      assert.deepInclude({ ...error }, { reason: "Expired", key: "sts_expiration", line: 1 })
      assert.include(error.message, "sts_expiration")
    }).pipe(Effect.provide(services(profile(3600).layer)), environment())
  )

  it.effect.each([0, "", null, undefined])("an sts_expiration of %j is none", (value) =>
    Effect.gen(function* () {
      const { get } = yield* Alibaba.CliProfile.make()
      assert.isUndefined((yield* get).expiration)
    }).pipe(Effect.provide(services(profile(value).layer)), environment())
  )

  it.effect.each(["soon", true, [3600], -1, 1.5, 3_600_000_000_000])(
    "an sts_expiration of %j is Malformed",
    (value) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip((yield* Alibaba.CliProfile.make()).get)
        assert.deepInclude({ ...error }, { reason: "Malformed", key: "sts_expiration" })
      }).pipe(Effect.provide(services(profile(value).layer)), environment())
  )

  it.effect("keys in a replaced file are read again", () => {
    const path = "/home/alice/.aws/credentials"
    const text = (id: string) =>
      `[default]\naws_access_key_id = ${id}\naws_secret_access_key = s\naws_session_token = t\n`
    const contents: Record<string, string> = { [path]: text("ASIAONE"), "/home/alice/.aws/config": "" }
    return Effect.gen(function* () {
      const { get } = kept("aws", Chain.make("aws", "mine", [yield* Aws.Profile.make()]))
      assert.strictEqual((yield* get).accessKeyId, "ASIAONE")
      contents[path] = text("ASIATWO")
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* get).accessKeyId, "ASIATWO")
    }).pipe(
      Effect.provide(Layer.mergeAll(files(contents).layer, silence, commands, Aws.SignerV4.layer)),
      environment()
    )
  })

  it.effect("toAwsProvider adds an expiration, so that the SDK asks again", () =>
    Effect.gen(function* () {
      const asIdentity = (key: Aws.Static.Options) =>
        Effect.flatMap(Aws.toAwsProvider, (provider) => Effect.promise(() => provider())).pipe(
          Effect.provide(Aws.Static.layer(key))
        )
      yield* TestClock.setTime(1_000_000)
      const key = { accessKeyId: "ASIASTATIC", secretAccessKey: "s" }
      const temporary = yield* asIdentity({ ...key, sessionToken: "t" })
      assert.strictEqual(temporary.expiration?.getTime(), 1_060_000)
      const lasting = yield* asIdentity(key)
      assert.notProperty(lasting, "expiration")
    })
  )

  it.effect("keys given in code are used without an end", () =>
    Effect.gen(function* () {
      const { get } = yield* Aws.CredentialProvider
      const first = yield* get
      yield* TestClock.adjust("7 days")
      assert.strictEqual(yield* get, first)
    }).pipe(
      Effect.provide(Aws.Static.layer({ accessKeyId: "ASIASTATIC", secretAccessKey: "s", sessionToken: "t" }))
    )
  )

  const endless = <C extends Given>({ cloud, user }: RoleCloud<C>) => {
    let count = 0
    const token = cloud === "aws" ? "sessionToken" : "securityToken"
    return Effect.map(
      user.get,
      (credentials) =>
        Object.assign(Object.create(Object.getPrototypeOf(credentials)), credentials, {
          accessKeyId: `TEMPORARY${++count}`,
          expiration: undefined,
          [token]: Redacted.make("token")
        }) as C
    )
  }

  const everywhere = <C extends Given>(cloud: RoleCloud<C>) => {
    it.effect(`${cloud.cloud}: callers share credentials for up to a minute`, () =>
      Effect.gen(function* () {
        const { get, status } = kept(cloud.cloud, { name: "endless", get: endless(cloud) })
        const wave = Effect.all(
          Array.from({ length: 100 }, () => get),
          { concurrency: "unbounded" }
        )
        for (const id of ["TEMPORARY1", "TEMPORARY2"]) {
          const all = yield* wave
          assert.deepStrictEqual(new Set(all.map(({ accessKeyId }) => accessKeyId)), new Set([id]))
          const now = yield* Clock.currentTimeMillis
          assert.deepInclude({ ...(yield* status) }, { expiresAt: undefined, refreshAt: now + 60_000 })
          yield* TestClock.adjust("61 seconds")
        }
      })
    )

    it.effect(
      `${cloud.cloud}: kept credentials are served when the source is down, not when it refuses`,
      () =>
        Effect.gen(function* () {
          let error: StsCredentialError | undefined
          const fail = (reason: "Unavailable" | "Refused") =>
            new StsCredentialError({
              cloud: cloud.cloud,
              source: "endless",
              reason,
              detail: "no",
              transient: true
            })
          const given = endless(cloud)
          const { get } = kept(cloud.cloud, {
            name: "endless",
            get: Effect.suspend(() => (error === undefined ? given : Effect.fail(error)))
          })
          yield* get
          error = fail("Unavailable")
          yield* TestClock.adjust("2 minutes")
          assert.strictEqual((yield* get).accessKeyId, "TEMPORARY1")
          yield* TestClock.adjust("11 minutes")
          error = fail("Refused")
          assert.isTrue((yield* Effect.result(get))._tag === "Failure")
        })
    )
  }
  everywhere(aws)
  everywhere(alibaba)

  it.effect("the file cache does not store them", () =>
    Effect.gen(function* () {
      const folder = newFolder()
      const cached = yield* FileCache.make(
        "aws",
        { name: "endless", get: endless(aws) },
        { directory: join(folder, "cache"), key: { of: "nobody" } }
      )
      assert.strictEqual((yield* cached.get).accessKeyId, "TEMPORARY1")
      assert.strictEqual((yield* cached.get).accessKeyId, "TEMPORARY2")
    }).pipe(Effect.provideService(FileSystem.FileSystem, fileSystem))
  )

  it.effect("a vendor credential without an expiration is asked again", () =>
    Effect.gen(function* () {
      let count = 0
      const source = Alibaba.fromAlibabaCredential({
        getCredential: () =>
          Promise.resolve({ accessKeyId: `STS.${++count}`, accessKeySecret: "s", securityToken: "t" })
      })
      const { get } = kept("alibaba", source)
      assert.strictEqual((yield* get).accessKeyId, "STS.1")
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* get).accessKeyId, "STS.2")
    })
  )
})

describe("B2b: an endpoint without an expiration is asked again", () => {
  const numbered = (document: (count: number) => object) =>
    serving(({ method }, count) =>
      method === "PUT" ? reply(200, "a-session-token") : reply(200, document(count))
    )

  it.effect("a credentials URI", () => {
    const server = numbered((count) => ({
      Code: "Success",
      AccessKeyId: `STS.${count}`,
      AccessKeySecret: "s",
      SecurityToken: "t"
    }))
    return Effect.gen(function* () {
      const { get } = kept("alibaba", yield* Alibaba.CredentialsUri.make({ uri: "http://127.0.0.1/creds" }))
      assert.strictEqual((yield* get).accessKeyId, "STS.0")
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* get).accessKeyId, "STS.1")
      yield* TestClock.adjust("7 days")
      assert.strictEqual((yield* get).accessKeyId, "STS.2")
    }).pipe(Effect.provide(server.layer), environment())
  })

  it.effect("a container's endpoint", () => {
    const server = numbered((count) => ({
      AccessKeyId: `ASIA${count}`,
      SecretAccessKey: "s",
      Token: "t",
      Expiration: ""
    }))
    return Effect.gen(function* () {
      const { get } = kept("aws", yield* Aws.Container.make({ relativeUri: "/creds" }))
      assert.strictEqual((yield* get).accessKeyId, "ASIA0")
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* get).accessKeyId, "ASIA1")
    }).pipe(Effect.provide([server.layer, files({}).layer]), environment())
  })
})
