/** Members of another type than they should have, in AWS's files, commands and services, in cache files and tokens. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as TestClock from "effect/testing/TestClock"
import * as Aws from "../../src/aws.js"
import { StsCredentialError } from "../../src/index.js"
import * as SyncCommand from "../../src/layers/blocking/SyncCommand.js"
import {
  parseLoginSession,
  parseSsoToken,
  renewedLoginSession,
  renewedSsoToken,
  roleCredentialsIn
} from "../../src/protocol/aws/signIn.js"
import * as CacheEntry from "../../src/protocol/cacheEntry.js"
import { parseProcessOutput } from "../../src/protocol/commandOutput.js"
import { commands, environment } from "../support/alibabaEnvironment.js"
import { failureOf, getOf, notNumbers, others, secret, strictly } from "../support/documents.js"
import { files } from "../support/files.js"
import { serving } from "../support/metadata.js"
import { type Answer, reply } from "../support/scripted.js"

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
          assert.isDefined(Result.getOrThrow(outcome).expiration)
          return
        }
        const error = Result.isFailure(outcome) ? outcome.failure : undefined
        assert.strictEqual(error instanceof StsCredentialError && error.reason, "Malformed")
        assert.include(error?.message, "Expiration is not a date and time")
      })
    )
  }
})

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
