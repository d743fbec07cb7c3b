import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import * as Aws from "../../../src/aws.js"
import * as SyncCommand from "../../../src/layers/blocking/SyncCommand.js"
import { planted } from "../../leaks/planted.js"
import { type Answer, fault, never, reply } from "../../support/scripted.js"
import { inMinutes, inTime, on, refuses } from "./signedIn.js"
import {
  get,
  getToken,
  machine,
  options,
  pathOf,
  role,
  roleUrl,
  session,
  signedIn,
  startUrl,
  token
} from "./sso.js"

const { accessKeySecret, issuedToken, oidcToken, securityToken } = planted

describe("a token of Identity Center", () => {
  const cases: ReadonlyArray<readonly [string, string | undefined, Parameters<typeof refuses>[1], string]> = [
    ["no one has signed in", undefined, "Expired", "no one has signed in"],
    ["it is over and no other can be had", signedIn(-1, { refreshToken: undefined }), "Expired", "has ended"],
    [
      "its client is over too",
      signedIn(-1, { registrationExpiresAt: inMinutes(-1) }),
      "Expired",
      "has ended"
    ],
    ["its file is not JSON", `{"accessToken": "${oidcToken}`, "Malformed", "not a JSON object"],
    ["its file has no token", signedIn(9, { accessToken: undefined }), "Incomplete", "accessToken"],
    ["its file has no end", signedIn(9, { expiresAt: undefined }), "Malformed", "expiresAt"],
    ["its end is no date", signedIn(9, { expiresAt: "soon" }), "Malformed", "expiresAt"],
    [
      "it holds a line break",
      signedIn(9, { accessToken: `${oidcToken}\r\nx: y` }),
      "Malformed",
      "accessToken"
    ]
  ]
  for (const [name, text, reason, words] of cases) {
    it.effect(`fails when ${name}, with the sign-in command`, () =>
      Effect.gen(function* () {
        const setup = machine(text)
        const error = yield* refuses(on(setup, getToken), reason, words, "aws sso login --sso-session corp")
        assert.strictEqual(error.file, pathOf("corp"))
        assert.strictEqual(setup.http.sent.length, 0)
      })
    )
  }

  it.effect("names the profile's sign-in command when it has no sso-session", () =>
    refuses(on(machine(undefined), get(options)), "Expired", "Run aws sso login --profile dev.")
  )

  it.effect("fails when its file is unreadable or the home is unknown", () =>
    Effect.gen(function* () {
      const setup = machine(signedIn(60))
      setup.disk.readable = false
      yield* refuses(on(setup, getToken), "Unreadable", "PermissionDenied")
      yield* refuses(on({ ...machine(undefined), env: { HOME: "" } }, getToken), "Unreadable", "HOME")
    })
  )

  it.effect("is renewed before it expires, and saved with all unknown fields", () =>
    Effect.gen(function* () {
      const setup = machine(signedIn(4), token({ refreshToken: planted.issuedSecret }))
      const { expiration, token: renewed } = yield* on(setup, getToken)
      assert.strictEqual(Redacted.value(renewed), issuedToken)
      assert.strictEqual(DateTime.formatIso(expiration), "2026-01-01T01:00:00.000Z")
      const [sent] = setup.http.sent
      assert.strictEqual(sent?.url, "https://oidc.eu-central-1.amazonaws.com/token")
      assert.strictEqual(sent?.headers["content-type"], "application/json")
      assert.deepStrictEqual(JSON.parse(sent?.body ?? ""), {
        clientId: "client",
        clientSecret: accessKeySecret,
        grantType: "refresh_token",
        refreshToken: securityToken
      })
      const written = setup.disk.files.get(pathOf("corp"))
      assert.strictEqual(written?.mode, 0o600)
      assert.deepStrictEqual(JSON.parse(written?.text ?? ""), {
        ...JSON.parse(signedIn(60)),
        accessToken: issuedToken,
        refreshToken: planted.issuedSecret
      })
      assert.strictEqual(setup.disk.files.size, 2)
    })
  )

  it.effect("keeps the refresh token when the service returns none", () =>
    Effect.gen(function* () {
      const setup = machine(signedIn(-1), token())
      yield* on(setup, getToken)
      const { refreshToken } = JSON.parse(setup.disk.text(pathOf("corp")) ?? "")
      assert.strictEqual(refreshToken, securityToken)
    })
  )

  it.effect("is renewed once for concurrent callers", () =>
    Effect.gen(function* () {
      const setup = machine(signedIn(-1), (request, sent) =>
        Effect.andThen(Effect.sleep("1 second"), token()(request, sent))
      )
      const all = Effect.flatMap(Aws.SsoToken.make(session), ({ get }) =>
        Effect.all(
          Array.from({ length: 50 }, () => get),
          { concurrency: "unbounded" }
        )
      )
      assert.strictEqual((yield* on(setup, inTime(all))).length, 50)
      assert.strictEqual(setup.http.sent.length, 1)
    })
  )

  it.effect("of older tools is not renewed", () =>
    Effect.gen(function* () {
      const setup = machine(signedIn(1), role)
      yield* on(setup, get(options))
      assert.deepStrictEqual(
        setup.http.sent.map(({ url }) => url),
        [roleUrl]
      )
      yield* refuses(on(machine(signedIn(-1)), get(options)), "Expired", "aws sso login --profile dev")
    })
  )

  const refusals: ReadonlyArray<readonly [string, Answer, Parameters<typeof refuses>[1], number]> = [
    ["refused", reply(400, { error: "invalid_grant", error_description: securityToken }), "Expired", 1],
    ["refused for its client", reply(401, { error: "invalid_client" }), "Expired", 1],
    ["not permitted", reply(400, { error: "unsupported_grant_type" }), "Refused", 1],
    ["answered with an error", reply(500, ""), "Unavailable", 3],
    ["not answered", fault("ECONNRESET"), "Unavailable", 3],
    ["answered with something else", reply(200, `<html>${issuedToken}`), "Unavailable", 3]
  ]
  for (const [name, answer, reason, attempts] of refusals) {
    it.effect(`is used until it expires when renewal is ${name}, and then fails`, () =>
      Effect.gen(function* () {
        const setup = machine(signedIn(4), answer)
        const { token: old } = yield* on(setup, inTime(getToken))
        assert.strictEqual(Redacted.value(old), oidcToken)
        assert.strictEqual(setup.http.sent.length, attempts)
        assert.strictEqual(setup.disk.text(pathOf("corp")), signedIn(4))
        yield* refuses(on(machine(signedIn(0), answer), inTime(getToken)), reason)
      })
    )
  }

  it.effect("is requested at most every 30 seconds", () =>
    Effect.gen(function* () {
      const setup = machine(signedIn(-1), reply(400, { error: "invalid_grant" }), token())
      const program = Effect.gen(function* () {
        const { get } = yield* Aws.SsoToken.make(session)
        yield* refuses(get, "Expired", "invalid_grant")
        yield* TestClock.adjust("29 seconds")
        yield* refuses(get, "Expired", "invalid_grant")
        assert.strictEqual(setup.http.sent.length, 1)
        yield* TestClock.adjust("1 second")
        return yield* get
      })
      assert.strictEqual(Redacted.value((yield* on(setup, program)).token), issuedToken)
    })
  )

  it.effect("is requested again at once after an interruption", () =>
    Effect.gen(function* () {
      const setup = machine(signedIn(-1), never, token())
      const program = Effect.gen(function* () {
        const { get } = yield* Aws.SsoToken.make(session)
        const waiting = yield* Effect.forkChild(get)
        yield* TestClock.adjust("1 second")
        yield* Fiber.interrupt(waiting)
        return yield* get
      })
      assert.strictEqual(Redacted.value((yield* on(setup, program)).token), issuedToken)
    })
  )

  it.effect("is used at once after a sign-in or a renewal by another program", () =>
    Effect.gen(function* () {
      const setup = machine(signedIn(-1), (request, sent) =>
        Effect.suspend(() => {
          setup.disk.put(pathOf("corp"), signedIn(60, { accessToken: issuedToken }))
          return reply(400, { error: "invalid_grant" })(request, sent)
        })
      )
      assert.strictEqual(Redacted.value((yield* on(setup, getToken)).token), issuedToken)
    })
  )

  it.effect("survives a failed write, and is dropped after sign-out", () =>
    Effect.gen(function* () {
      const setup = machine(signedIn(-1), token({ refreshToken: planted.issuedSecret }))
      setup.disk.writable = false
      const program = Effect.gen(function* () {
        const { get } = yield* Aws.SsoToken.make(session)
        const first = yield* get
        yield* TestClock.adjust("10 minutes")
        const second = yield* get
        yield* TestClock.adjust("50 minutes")
        const third = yield* get
        setup.disk.files.delete(pathOf("corp"))
        yield* refuses(get, "Expired", "no one has signed in")
        return [first, second, third]
      })
      const tokens = yield* on(setup, program)
      assert.deepStrictEqual(
        tokens.map((one) => Redacted.value(one.token)),
        [issuedToken, issuedToken, issuedToken]
      )
      assert.deepStrictEqual(
        setup.http.sent.map(({ body }) => JSON.parse(body).refreshToken),
        [securityToken, planted.issuedSecret]
      )
    })
  )

  it.effect("of a profile does not need a role", () =>
    Effect.gen(function* () {
      const setup = machine(signedIn(60))
      const config = `[profile dev]\nsso_session = corp\n[sso-session corp]\nsso_region = eu-central-1\nsso_start_url = ${startUrl}\n[profile none]\nregion = eu-west-1\n`
      setup.disk.put("/home/.aws/config", config)
      const of = (profile: string) =>
        Effect.flatMap(Aws.SsoToken.fromProfile({ profile }), (source) => source.get)
      assert.strictEqual(Redacted.value((yield* on(setup, of("dev"))).token), oidcToken)
      yield* refuses(on(setup, of("none")), "NotConfigured")
      yield* refuses(on(setup, of("nobody")), "UnknownProfile", "nobody")
    })
  )

  it.effect("of a profile is remembered, while the profile's settings may change", () =>
    Effect.gen(function* () {
      const setup = machine(signedIn(-1), token(), role)
      const config = (endpoint: string) =>
        `[profile dev]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Reader\nservices = s\n[sso-session corp]\nsso_region = eu-central-1\nsso_start_url = ${startUrl}\n[services s]\nsso =\n  endpoint_url = ${endpoint}\n`
      setup.disk.put("/home/.aws/config", config("https://a.example.com"))
      setup.disk.writable = false
      const program = Effect.gen(function* () {
        const { get } = yield* Aws.Profile.make({ profile: "dev" })
        yield* get
        setup.disk.put("/home/.aws/config", config("https://b.example.com"))
        yield* get
      }).pipe(Effect.provide([Aws.SignerV4.layer, SyncCommand.layer()]))
      yield* on(setup, program)
      assert.deepStrictEqual(
        setup.http.sent.map(({ url }) => new URL(url).host),
        ["oidc.eu-central-1.amazonaws.com", "a.example.com", "b.example.com"]
      )
    })
  )
})
