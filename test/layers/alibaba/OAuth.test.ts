import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import * as Alibaba from "../../../src/alibaba.js"
import type { StsCredentialError } from "../../../src/schemas/StsError.js"
import { hides } from "../../leaks/hides.js"
import { planted } from "../../leaks/planted.js"
import { configFile, environment, services } from "../../support/alibabaEnvironment.js"
import { Disk } from "../../support/files.js"
import { keptLogs } from "../../support/logs.js"
import { type Answer, fault, reply, scripted } from "../../support/scripted.js"

const now = Date.parse("2026-01-01T00:00:00Z")
const seconds = now / 1_000

const secret = (name: string) => `PLANTED-${name}-+/=7f3a9c0e51d84b26-END`

const login = {
  name: "dev",
  mode: "OAuth",
  oauth_site_type: "CN",
  oauth_access_token: secret("access"),
  oauth_refresh_token: secret("refresh"),
  oauth_access_token_expire: seconds + 3_600
}

/** As the tool writes it, with what this package does not know. */
const configOf = (settings: object = {}) =>
  `{\n\t"current": "dev",\n\t"profiles": [\n\t\t${JSON.stringify({ name: "other", big: 1 }).replace("1", "12345678901234567890")},\n\t\t${JSON.stringify({ ...login, ...settings }, null, "\t\t\t")}\n\t],\n\t"meta_path": ""\n}\n`

const exchanged = reply(200, {
  requestId: "R",
  accessKeyId: "STS.oauth",
  accessKeySecret: planted.issuedSecret,
  securityToken: planted.issuedToken,
  expiration: "2026-01-01T01:00:00Z"
})

const renewed = (name: string, refresh: object = { refresh_token: secret(`refresh-${name}`) }) =>
  reply(200, { access_token: secret(`access-${name}`), expires_in: 10_800, token_type: "Bearer", ...refresh })

const over = reply(400, {
  error: "invalid_grant",
  error_description: `no ${secret("refresh")}`,
  requestId: "R"
})

const machine = (settings: object, ...answers: ReadonlyArray<Answer>) => {
  const disk = new Disk({ [configFile]: configOf(settings) })
  const http = scripted(...answers)
  const { layer: logs, messages: logged } = keptLogs()
  const on = <A, E>(effect: Effect.Effect<A, E, Alibaba.CliProfile.Services>) =>
    Effect.andThen(TestClock.setTime(now), effect).pipe(
      Effect.provide(services(disk.layer, http.layer)),
      Effect.provide(logs),
      environment()
    )
  const paths = () => http.sent.map(({ url }) => new URL(url).pathname)
  const stored = () => JSON.parse(disk.text(configFile) ?? "").profiles[1]
  return { disk, logged, on, paths, sent: http.sent, stored }
}

const got = Effect.flatMap(Alibaba.CliProfile.make(), ({ get }) => get)

describe("OAuth", () => {
  for (const [site, host] of Object.entries({ CN: "oauth.aliyun.com", intl: "oauth.alibabacloud.com" })) {
    it.effect(`exchanges the access token at ${site}`, () =>
      Effect.gen(function* () {
        const { disk, on, sent } = machine({ oauth_site_type: site }, exchanged)
        const before = disk.text(configFile)
        const credentials = yield* on(got)
        assert.strictEqual(credentials.accessKeyId, "STS.oauth")
        assert.strictEqual(
          credentials.securityToken && Redacted.value(credentials.securityToken),
          planted.issuedToken
        )
        assert.strictEqual(credentials.source, "CLI profile, profile dev: OAuth")
        assert.deepStrictEqual(
          sent.map(({ headers, url }) => [url, headers["authorization"]]),
          [[`https://${host}/v1/exchange`, `Bearer ${secret("access")}`]]
        )
        assert.strictEqual(disk.text(configFile), before)
        hides(credentials)
      })
    )
  }

  for (const left of [1_200, 0, -1_000]) {
    it.effect(`renews a token with ${left} seconds left, and preserves the rest of the file`, () =>
      Effect.gen(function* () {
        const settings = { oauth_access_token_expire: seconds + left }
        const { disk, on, paths, sent, stored } = machine(settings, renewed("2"), exchanged)
        const before = disk.text(configFile) ?? ""
        yield* on(got)
        assert.deepStrictEqual(paths(), ["/v1/token", "/v1/exchange"])
        assert.deepStrictEqual(Object.fromEntries(new URLSearchParams(sent[0]?.body)), {
          grant_type: "refresh_token",
          refresh_token: secret("refresh"),
          client_id: "4038181954557748008"
        })
        assert.strictEqual(sent[1]?.headers["authorization"], `Bearer ${secret("access-2")}`)
        assert.strictEqual(
          disk.text(configFile),
          before
            .replace(secret("access"), secret("access-2"))
            .replace(secret("refresh"), secret("refresh-2"))
            .replace(String(seconds + left), String(seconds + 10_800))
        )
        assert.strictEqual(stored().oauth_access_token_expire, seconds + 10_800)
        assert.strictEqual(disk.files.get(configFile)?.mode, 0o600)
        assert.deepStrictEqual([...disk.files.keys()], [configFile])
      })
    )
  }

  it.effect("does not renew a token with one more second left", () =>
    Effect.gen(function* () {
      const { on, paths } = machine({ oauth_access_token_expire: seconds + 1_201 }, exchanged)
      yield* on(got)
      assert.deepStrictEqual(paths(), ["/v1/exchange"])
    })
  )

  it.effect("keeps the refresh token when the service returns none", () =>
    Effect.gen(function* () {
      const { on, stored } = machine({ oauth_access_token: undefined }, renewed("2", {}), exchanged)
      yield* on(got)
      assert.deepInclude(stored(), {
        oauth_refresh_token: secret("refresh"),
        oauth_access_token: secret("access-2")
      })
    })
  )

  it.effect("renews a refused token once", () =>
    Effect.gen(function* () {
      const expired = reply(400, { error: "expired_token", error_description: "over", requestId: "R" })
      const { on, paths } = machine({}, expired, renewed("2"), exchanged)
      yield* on(got)
      assert.deepStrictEqual(paths(), ["/v1/exchange", "/v1/token", "/v1/exchange"])
      const again = machine({}, expired, renewed("2"), expired)
      const error = yield* Effect.flip(again.on(got))
      assert.deepInclude({ ...error }, { reason: "Expired" })
      assert.deepStrictEqual(again.paths(), ["/v1/exchange", "/v1/token", "/v1/exchange"])
    })
  )

  it.effect("renews once for concurrent callers", () =>
    Effect.gen(function* () {
      const { on, paths } = machine({ oauth_access_token_expire: seconds }, renewed("2"), exchanged)
      yield* on(
        Effect.flatMap(Alibaba.CliProfile.make(), ({ get }) =>
          Effect.replicateEffect(get, 20, { concurrency: 20 })
        )
      )
      assert.strictEqual(paths().filter((path) => path === "/v1/token").length, 1)
    })
  )

  it.effect("remembers tokens that could not be written", () =>
    Effect.gen(function* () {
      const settings = { oauth_access_token_expire: seconds }
      const { disk, logged, on, sent, stored } = machine(
        settings,
        renewed("2"),
        exchanged,
        exchanged,
        renewed("3"),
        exchanged
      )
      yield* on(
        Effect.gen(function* () {
          const { get } = yield* Alibaba.CliProfile.make()
          disk.writable = false
          yield* get
          yield* get
          assert.strictEqual(sent[2]?.headers["authorization"], `Bearer ${secret("access-2")}`)
          assert.strictEqual(stored().oauth_refresh_token, secret("refresh"))
          disk.writable = true
          yield* TestClock.adjust("3 hours")
          yield* get
        })
      )
      assert.include(sent[3]?.body ?? "", encodeURIComponent(secret("refresh-2")))
      assert.strictEqual(stored().oauth_refresh_token, secret("refresh-3"))
      assert.strictEqual(logged.length, 1)
      assert.include(logged[0] ?? "", configFile)
      assert.notInclude(logged.join(), "PLANTED")
    })
  )

  it.effect("uses tokens renewed by another program", () =>
    Effect.gen(function* () {
      const settings = { oauth_access_token_expire: seconds }
      let write = (): void => {}
      const taken: Answer = (request, sent) => {
        write()
        return over(request, sent)
      }
      const { disk, on, sent } = machine(settings, taken, exchanged)
      write = () => disk.put(configFile, configOf({ oauth_access_token: secret("theirs") }))
      yield* on(got)
      assert.strictEqual(sent[1]?.headers["authorization"], `Bearer ${secret("theirs")}`)
    })
  )

  it.effect("does not overwrite a new login", () =>
    Effect.gen(function* () {
      const theirs = configOf({
        oauth_access_token: secret("theirs"),
        oauth_refresh_token: secret("their-refresh")
      })
      let write = (): void => {}
      const slow: Answer = (request, sent) => {
        write()
        return renewed("2")(request, sent)
      }
      const { disk, on } = machine({ oauth_access_token_expire: seconds }, slow, exchanged)
      write = () => disk.put(configFile, theirs)
      yield* on(got)
      assert.strictEqual(disk.text(configFile), theirs)
    })
  )

  it.effect("uses a token until it expires when renewal fails", () =>
    Effect.gen(function* () {
      const { on, sent } = machine({ oauth_access_token_expire: seconds + 1 }, fault("ECONNRESET"), exchanged)
      yield* on(got)
      assert.strictEqual(sent[1]?.headers["authorization"], `Bearer ${secret("access")}`)
    })
  )

  it.effect("uses a token that cannot be renewed at all", () =>
    Effect.gen(function* () {
      const { on, paths } = machine(
        { oauth_refresh_token: undefined, oauth_access_token_expire: seconds + 1 },
        exchanged
      )
      yield* on(got)
      assert.deepStrictEqual(paths(), ["/v1/exchange"])
    })
  )

  it.effect("gives a role its base", () =>
    Effect.gen(function* () {
      const assumed = reply(200, {
        Credentials: {
          AccessKeyId: "STS.role",
          AccessKeySecret: planted.issuedSecret,
          SecurityToken: planted.issuedToken,
          Expiration: "2026-01-01T01:00:00Z"
        },
        AssumedRoleUser: { Arn: "acs:ram::1:role/r/s", AssumedRoleId: "3:s" }
      })
      const { disk, on } = machine({}, exchanged, assumed)
      const chained = { name: "chained", mode: "ChainableRamRoleArn", source_profile: "dev" }
      const role = { ...chained, ram_role_arn: "acs:ram::123456789012:role/reader" }
      disk.put(configFile, JSON.stringify({ current: "chained", profiles: [role, login] }))
      assert.strictEqual((yield* on(got)).accessKeyId, "STS.role")
    })
  )

  const gone = { oauth_access_token_expire: seconds }
  const again = "aliyun configure --mode OAuth --profile dev"
  const wrong: Readonly<
    Record<string, readonly [object, ReadonlyArray<Answer>, StsCredentialError["reason"], string]>
  > = {
    "a login that is over": [gone, [over], "Expired", again],
    "no tokens at all": [
      { oauth_access_token: undefined, oauth_refresh_token: undefined },
      [fault("EIO")],
      "Expired",
      again
    ],
    "an access token that is over and no other": [
      { ...gone, oauth_refresh_token: undefined },
      [fault("EIO")],
      "Expired",
      again
    ],
    "a service that does not answer": [gone, [fault("ECONNREFUSED")], "Unavailable", "refused"],
    "a service that is busy": [gone, [reply(503, "")], "Unavailable", "503"],
    "a reply without tokens": [gone, [reply(200, { expires_in: 1 })], "Unavailable", "access_token"],
    "a reply without an end": [
      gone,
      [reply(200, { access_token: secret("x") })],
      "Unavailable",
      "expires_in"
    ],
    "an exchange that is not allowed": [
      {},
      [reply(403, { error: "access_denied" })],
      "Refused",
      "access_denied"
    ],
    "an exchange without a key": [{}, [reply(200, { accessKeyId: "x" })], "Unavailable", "accessKeySecret"],
    "no site": [{ oauth_site_type: undefined }, [], "Incomplete", "oauth_site_type"],
    "another site": [{ oauth_site_type: secret("site") }, [], "Unsupported", "neither CN nor INTL"],
    "an end that is no number": [
      { oauth_access_token_expire: "soon" },
      [],
      "Malformed",
      "oauth_access_token_expire"
    ]
  }
  for (const [what, [settings, answers, reason, says]] of Object.entries(wrong)) {
    it.effect(`reports ${what}`, () =>
      Effect.gen(function* () {
        const { on, logged } = machine(settings, ...answers)
        const error = yield* Effect.flip(on(got))
        assert.deepInclude({ ...error }, { reason, file: configFile, profile: "dev" })
        assert.include(error.message, says)
        hides(error)
        assert.notInclude(JSON.stringify(error) + error.message + logged.join(), "PLANTED")
      })
    )
  }
})

describe("OAuth with options in code", () => {
  const options = { configFile, profile: "dev", site: "CN" } as const

  it.effect("uses and renews the tokens in the file", () =>
    Effect.gen(function* () {
      const settings = { oauth_access_token_expire: seconds }
      const { on, paths, stored } = machine(settings, renewed("next"), exchanged)
      const credentials = yield* on(Effect.flatMap(Alibaba.OAuth.make(options), ({ get }) => get))
      assert.strictEqual(credentials.accessKeyId, "STS.oauth")
      assert.strictEqual(credentials.source, "OAuth")
      assert.deepStrictEqual(paths(), ["/v1/token", "/v1/exchange"])
      assert.strictEqual(stored().oauth_access_token, secret("access-next"))
      hides(credentials)
    })
  )

  it.effect("starts with tokens from code when the file has none", () =>
    Effect.gen(function* () {
      const { on, sent } = machine({}, exchanged)
      const tokens = {
        accessToken: Redacted.make(secret("given")),
        accessTokenExpiration: DateTime.makeUnsafe((seconds + 3_600) * 1_000),
        refreshToken: undefined
      }
      const source = Alibaba.OAuth.make({ ...options, configFile: "/nowhere.json", site: "INTL", tokens })
      yield* on(Effect.flatMap(source, ({ get }) => get))
      assert.deepStrictEqual(
        sent.map(({ headers, url }) => [url, headers["authorization"]]),
        [["https://oauth.alibabacloud.com/v1/exchange", `Bearer ${secret("given")}`]]
      )
    })
  )

  it.effect("says how to log in", () =>
    Effect.gen(function* () {
      const { on, sent } = machine({})
      const source = Alibaba.OAuth.make({ ...options, profile: "nobody" })
      const error = yield* on(Effect.flip(Effect.flatMap(source, ({ get }) => get)))
      if (error._tag !== "StsCredentialError") return assert.fail(error.message)
      assert.strictEqual(error.reason, "Expired")
      assert.strictEqual(error.file, configFile)
      assert.strictEqual(error.profile, "nobody")
      assert.strictEqual(error.hint, "Run aliyun configure --mode OAuth --profile nobody")
      assert.strictEqual(sent.length, 0)
    })
  )

  it.effect("is cached as a layer", () =>
    Effect.gen(function* () {
      const { on, sent } = machine({}, exchanged)
      const twice = Effect.flatMap(Alibaba.CredentialProvider, ({ get }) => Effect.andThen(get, get))
      const credentials = yield* on(Effect.provide(twice, Alibaba.OAuth.layer(options)))
      assert.strictEqual(credentials.accessKeyId, "STS.oauth")
      assert.strictEqual(sent.length, 1)
    })
  )
})
