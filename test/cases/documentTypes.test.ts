/**
 * Members of another JSON type than a document's format has, in every document that somebody else writes.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as TestClock from "effect/testing/TestClock"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import { type CredentialSource, type SourceError, StsCredentialError } from "../../src/index.js"
import * as SyncCommand from "../../src/layers/blocking/SyncCommand.js"
import * as OAuth from "../../src/protocol/alibaba/cliConfig.js"
import { parseOutput } from "../../src/protocol/alibaba/external.js"
import {
  parseLoginSession,
  parseSsoToken,
  renewedLoginSession,
  renewedSsoToken,
  roleCredentialsIn
} from "../../src/protocol/aws/signIn.js"

import * as CacheEntry from "../../src/protocol/cacheEntry.js"
import { parseProcessOutput } from "../../src/protocol/commandOutput.js"
import { commands, configFile, environment, services, silence } from "../support/alibabaEnvironment.js"
import { files } from "../support/files.js"
import { serving } from "../support/metadata.js"
import { type Answer, reply, scripted } from "../support/scripted.js"

const secret = "PLANTED-SECRET"

type Document = Readonly<Record<string, unknown>>

/** A reader of a document: what it says is wrong, and with which reason. */
type Read = (
  document: Document
) => Result.Result<unknown, { readonly reason: string; readonly detail: string }>

const others: ReadonlyArray<unknown> = [2092000000, 0, true, false, [secret], { was: secret }, [], {}]
const notNumbers: ReadonlyArray<unknown> = ["1", true, [1], { was: 1 }]

/** A document with one member changed, which may stand deeper. */
const changed = (document: Document, path: string, value: unknown): Document => {
  const [first = "", ...rest] = path.split(".")
  const inner = document[first]
  return {
    ...document,
    [first]: rest.length === 0 ? value : changed((inner ?? {}) as Document, rest.join("."), value)
  }
}

const strictly = (
  read: Read,
  document: Document,
  texts: ReadonlyArray<string>,
  numbers: ReadonlyArray<string> = []
) => {
  it("is read as it is", () => assert.isTrue(Result.isSuccess(read(document))))

  it.each([
    ...texts.flatMap((path) => others.map((value) => [path, value] as const)),
    ...numbers.flatMap((path) => notNumbers.map((value) => [path, value] as const))
  ])("%s = %j is Malformed", (path, value) => {
    const outcome = read(changed(document, path, value))
    assert.isTrue(Result.isFailure(outcome))
    if (Result.isSuccess(outcome)) return
    const { detail, reason } = outcome.failure
    assert.strictEqual(reason, "Malformed")
    assert.include(detail, path.split(".").at(-1) ?? path)
    assert.notInclude(detail, secret)
    assert.notInclude(detail, "2092000000")
  })

  it.each(
    [...texts, ...numbers].flatMap((path) => [null, "", undefined].map((value) => [path, value] as const))
  )("%s = %j counts as absent", (path, value) => {
    const absent = read(changed(document, path, undefined))
    assert.deepStrictEqual(read(changed(document, path, value)), absent)
  })
}

const processOutput = {
  Version: 1,
  AccessKeyId: "ASIAPROCESS",
  SecretAccessKey: secret,
  SessionToken: "token",
  Expiration: "2036-01-01T00:00:00Z",
  AccountId: "123456789012"
}

describe("A5: output of credential_process", () => {
  strictly(
    (document) => parseProcessOutput(JSON.stringify(document)),
    processOutput,
    ["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration", "AccountId"],
    ["Version"]
  )

  const executors = { "on the event loop": commands, blocking: SyncCommand.layer() }
  for (const [way, executor] of Object.entries(executors)) {
    const running = (document: unknown) =>
      Aws.Process.make({ command: `printf '%s' '${JSON.stringify(document)}'` }).pipe(
        Effect.flatMap(({ get }) => get),
        Effect.provide(executor),
        Effect.result
      )

    it.effect(`${way}: an expiration in seconds is not taken as endless`, () =>
      Effect.gen(function* () {
        const outcome = yield* running({ ...processOutput, Expiration: 2092000000 })
        const error = Result.isFailure(outcome) ? outcome.failure : undefined
        assert.strictEqual(error instanceof StsCredentialError && error.reason, "Malformed")
        assert.include(error?.message, "Expiration is not a string")
        assert.notInclude(error?.message, "2092000000")
      })
    )

    it.effect.each([
      ["2036-01-01T00:00:00UTC", true],
      ["2036-01-01T00:00:00Z", true],
      ["2036-01-01T01:00:00+01:00", true],
      ["2036-01-01T00:00:00.123456Z", true],
      ["2036-01-01T08:00:00+0800", true],
      ["2036-01-01T00:00:00z", true],
      ["2036-01-01T00:00:00-00:00", true],
      ["9999-12-31T23:59:59Z", true],
      ["2036-02-30T00:00:00Z", false],
      ["2036-01-01T24:00:00Z", false],
      ["2036-01-01T00:00:00+99:99", false],
      ["2036-01-01T00:00:00+08", false],
      ["2036-01-01 00:00:00Z", false],
      ["2092000000000", false],
      ["Tue, 01 Jan 2036 00:00:00 GMT", false],
      ["2036-01-01", false],
      ["2036-01-01T00:00:00", false],
      ["2092000000", false],
      ["tomorrow", false],
      ["+275760-09-13T00:00:00Z", false]
    ] as const)(`${way}: an end of %s`, ([Expiration, good]) =>
      Effect.gen(function* () {
        const outcome = yield* running({ ...processOutput, Expiration })
        if (good) {
          assert.isDefined(Result.isSuccess(outcome) && outcome.success.expiration)
          return
        }
        const error = Result.isFailure(outcome) ? outcome.failure : undefined
        assert.strictEqual(error instanceof StsCredentialError && error.reason, "Malformed")
        assert.include(error?.message, "Expiration is not a date and time")
      })
    )
  }
})

const failureOf = <A, R>(get: Effect.Effect<A, SourceError, R>) =>
  Effect.map(Effect.result(get), (outcome) => {
    const error = Result.isFailure(outcome) ? outcome.failure : undefined
    if (!(error instanceof StsCredentialError)) return assert.fail("it gave credentials, or another error")
    assert.notInclude(error.message, secret)
    return error
  })

const getOf = <C, E, R>(making: Effect.Effect<CredentialSource<C>, E, R>) =>
  Effect.flatMap(making, ({ get }) => get)

describe("A5: replies of AWS credential endpoints", () => {
  const document = {
    AccessKeyId: "ASIAENDPOINT",
    SecretAccessKey: secret,
    Token: "token",
    Expiration: "2036-01-01T00:00:00Z",
    AccountId: "123456789012"
  }
  const sources = {
    container: Aws.Container.make({ relativeUri: "/creds" }),
    "instance metadata": Aws.InstanceMetadata.make()
  }
  const answering =
    (content: unknown): Answer =>
    (request, ...rest) => {
      if (request.method === "PUT") return reply(200, "a-session-token")(request, ...rest)
      const lists = request.url.endsWith("/security-credentials-extended/")
      return (lists ? reply(200, "web") : reply(200, content))(request, ...rest)
    }
  for (const [name, making] of Object.entries(sources)) {
    for (const member of [...Object.keys(document), "Code"]) {
      it.effect(`${name}: ${member} with another type`, () =>
        Effect.forEach(
          others,
          (value) =>
            Effect.gen(function* () {
              const server = serving(() => answering({ ...document, [member]: value }))
              const error = yield* failureOf(
                getOf(making).pipe(Effect.provide([server.layer, files({}).layer]), environment())
              )
              assert.strictEqual(error.reason, "Malformed")
              assert.include(error.message, `its ${member} is not`)
            }),
          { discard: true }
        )
      )
    }
  }
})

describe("A5: sign-in files and replies", () => {
  const token = {
    accessToken: "an-access-token",
    expiresAt: "2036-01-01T00:00:00UTC",
    clientId: "client",
    clientSecret: secret,
    refreshToken: "refresh",
    registrationExpiresAt: "2036-01-01T00:00:00Z"
  }
  describe("an SSO token file", () =>
    strictly((document) => parseSsoToken(JSON.stringify(document)), token, Object.keys(token)))

  const kept = Result.getOrThrow(parseSsoToken(JSON.stringify(token)))
  describe("the reply with a new SSO token", () =>
    strictly(
      (document) => renewedSsoToken(kept, JSON.stringify(document), 0),
      { accessToken: "next", expiresIn: 3600, refreshToken: "next" },
      ["accessToken", "refreshToken"],
      ["expiresIn"]
    ))

  const session = {
    accessToken: {
      accessKeyId: "ASIALOGIN",
      secretAccessKey: secret,
      sessionToken: "token",
      accountId: "123456789012",
      expiresAt: "2036-01-01T00:00:00Z"
    },
    clientId: "client",
    refreshToken: "refresh",
    dpopKey: "key",
    signInRegion: "us-east-1"
  }
  const inAccess = Object.keys(session.accessToken).map((name) => `accessToken.${name}`)
  describe("a login session file", () =>
    strictly((document) => parseLoginSession(JSON.stringify(document)), session, [
      ...inAccess,
      "clientId",
      "refreshToken",
      "dpopKey",
      "signInRegion"
    ]))

  it("accessToken must be an object", () => {
    for (const accessToken of ["text", 1, true, [session.accessToken]]) {
      const outcome = parseLoginSession(JSON.stringify({ ...session, accessToken }))
      assert.strictEqual(Result.isFailure(outcome) && outcome.failure.reason, "Malformed")
    }
  })

  const login = Result.getOrThrow(parseLoginSession(JSON.stringify(session)))
  describe("the reply with a new login session", () =>
    strictly(
      (document) => renewedLoginSession(login, JSON.stringify(document), 0),
      {
        accessToken: { accessKeyId: "ASIANEXT", secretAccessKey: secret, sessionToken: "token" },
        refreshToken: "next",
        expiresIn: 900
      },
      ["accessToken.accessKeyId", "accessToken.secretAccessKey", "accessToken.sessionToken", "refreshToken"],
      ["expiresIn"]
    ))

  describe("the SSO portal's reply", () =>
    strictly(
      (document) => roleCredentialsIn(JSON.stringify(document)),
      {
        roleCredentials: {
          accessKeyId: "ASIASSO",
          secretAccessKey: secret,
          sessionToken: "token",
          expiration: 2092000000000
        }
      },
      ["accessKeyId", "secretAccessKey", "sessionToken"].map((name) => `roleCredentials.${name}`),
      ["roleCredentials.expiration"]
    ))
})

const external = {
  mode: "StsToken",
  access_key_id: "STS.External",
  access_key_secret: secret,
  sts_token: "token",
  expiration: "2036-01-01T00:00:00Z",
  sts_expiration: 2092000000
}

describe("B3: output of an External command", () => {
  strictly(
    (document) => parseOutput(JSON.stringify(document)),
    external,
    ["mode", "access_key_id", "access_key_secret", "sts_token", "expiration"],
    ["sts_expiration"]
  )

  const executors = { "on the event loop": commands, blocking: SyncCommand.layer() }
  for (const [way, executor] of Object.entries(executors)) {
    it.effect(`${way}: an expiration in seconds is not taken as endless`, () => {
      const text = JSON.stringify({ ...external, expiration: 1600000000 })
      const command = `"${process.execPath}" -e 'process.stdout.write(process.argv[1])' '${text}'`
      const profile = { name: "dev", mode: "External", process_command: command }
      const config = files({ [configFile]: JSON.stringify({ current: "dev", profiles: [profile] }) })
      return Effect.gen(function* () {
        const error = yield* failureOf(getOf(Alibaba.CliProfile.make()))
        assert.strictEqual(error.reason, "Malformed")
        assert.include(error.message, "expiration is not a string")
        assert.notInclude(error.message, "1600000000")
      }).pipe(Effect.provide(services(config.layer, silence, executor)), environment())
    })
  }
})

describe("B3: replies of Alibaba Cloud credential endpoints", () => {
  const document = {
    Code: "Success",
    AccessKeyId: "STS.Endpoint",
    AccessKeySecret: secret,
    SecurityToken: "token",
    Expiration: "2036-01-01T00:00:00Z"
  }
  const sources = {
    "credentials URI": Alibaba.CredentialsUri.make({ uri: "http://127.0.0.1/creds" }),
    "ECS RAM role": Alibaba.EcsRamRole.make({ roleName: "web" })
  }
  for (const [name, making] of Object.entries(sources)) {
    for (const member of Object.keys(document)) {
      it.effect(`${name}: ${member} with another type`, () =>
        Effect.forEach(
          others,
          (value) =>
            Effect.gen(function* () {
              const server = serving(({ method }) =>
                method === "PUT"
                  ? reply(200, "a-session-token")
                  : reply(200, { ...document, [member]: value })
              )
              const error = yield* failureOf(getOf(making).pipe(Effect.provide(server.layer), environment()))
              assert.strictEqual(error.reason, "Malformed")
              assert.include(error.message, `its ${member} is not`)
            }),
          { discard: true }
        )
      )
    }
  }

  const pair = {
    AccessKeyId: "STS.Sso",
    AccessKeySecret: secret,
    SecurityToken: "token",
    Expiration: "2036-01-01T00:00:00Z"
  }
  const cloudSso = {
    name: "dev",
    mode: "CloudSSO",
    cloud_sso_sign_in_url: "https://signin.example.com/start/login",
    cloud_sso_account_id: "123456789012",
    cloud_sso_access_config: "ac-example",
    access_token: "an-access-token",
    cloud_sso_access_token_expire: 2092000000
  }
  const config = files({ [configFile]: JSON.stringify({ current: "dev", profiles: [cloudSso] }) })
  for (const member of Object.keys(pair)) {
    it.effect(`CloudSSO: ${member} with another type`, () =>
      Effect.forEach(
        others,
        (value) =>
          Effect.gen(function* () {
            const http = scripted(reply(200, { CloudCredential: { ...pair, [member]: value } }))
            const error = yield* failureOf(
              getOf(Alibaba.CliProfile.make()).pipe(
                Effect.provide(services(config.layer, http.layer)),
                environment()
              )
            )
            assert.strictEqual(error.reason, "Malformed")
            assert.include(error.message, `its ${member} is not a string`)
          }),
        { discard: true }
      )
    )
  }

  describe("the reply with new OAuth tokens", () =>
    strictly(
      (document) => OAuth.renewed(document, Redacted.make("refresh"), 0),
      { access_token: "next", refresh_token: "next", expires_in: 3600 },
      ["access_token", "refresh_token"],
      ["expires_in"]
    ))
})

describe("A5: cache files and identity provider replies", () => {
  const purpose = { cloud: "aws", role: "reader" }
  const content = {
    id: "ASIACACHED",
    secret,
    token: "token",
    accountId: "123456789012",
    source: "role",
    issuedAt: 0,
    expiresAt: 2092000000000
  }
  const decoded = (change: object) =>
    CacheEntry.decode(
      purpose,
      JSON.stringify({ version: 1, for: purpose, content: { ...content, ...change } }),
      undefined
    )

  it("a cache file with wrong types is damaged", () => {
    assert.isTrue(Result.isSuccess(decoded({})))
    for (const name of ["id", "secret", "token", "accountId", "source"]) {
      for (const value of others) assert.isTrue(Result.isFailure(decoded({ [name]: value })), name)
    }
    for (const name of ["issuedAt", "expiresAt"]) {
      for (const value of [...notNumbers, 1e300, null]) {
        assert.isTrue(Result.isFailure(decoded({ [name]: value })), name)
      }
    }
  })

  const job = {
    ACTIONS_ID_TOKEN_REQUEST_URL: "https://github.test/token",
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "bearer"
  }
  it.effect.each([1, true, [secret], { was: secret }])("GitHub Actions token %j", (value) =>
    Effect.gen(function* () {
      const server = serving(() => reply(200, { value }))
      const error = yield* failureOf(
        Aws.WebIdentity.githubActions().pipe(Effect.provide(server.layer), environment(job))
      )
      assert.strictEqual(error.reason, "Malformed")
      assert.include(error.message, "value is not a string")
    })
  )

  it.effect("credentials expire at the time that was read", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.UTC(2036, 0, 1, 1))
      const ended = yield* failureOf(
        getOf(Aws.Process.make({ command: `printf '%s' '${JSON.stringify(processOutput)}'` })).pipe(
          Effect.provide(commands)
        )
      )
      assert.strictEqual(ended.reason, "Expired")
    })
  )
})
