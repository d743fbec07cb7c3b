import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Aws from "../../../src/aws.js"
import { StsConfigError } from "../../../src/schemas/StsError.js"
import { type Entry, files } from "../../support/files.js"
import { environment, hosts, serving, text, timedFailure } from "../../support/metadata.js"
import { type Answer, fault, never, reply } from "../../support/scripted.js"
import { timed } from "../../support/time.js"

const issued = {
  AccessKeyId: "ASIAEXAMPLE",
  SecretAccessKey: "PLANTED-SECRET",
  Token: "PLANTED-TOKEN",
  AccountId: "123456789012"
}

const relative = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
const full = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
const tokenFile = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
const plainToken = "AWS_CONTAINER_AUTHORIZATION_TOKEN"

const ecs = { [relative]: "/v2/credentials/PLANTED-ID" }

interface Given {
  readonly answers?: ReadonlyArray<Answer>
  readonly variables?: Readonly<Record<string, string>>
  readonly options?: Aws.Container.Options
  readonly held?: Readonly<Record<string, Entry | string>>
  readonly names?: Readonly<Record<string, ReadonlyArray<string>>>
}

const setup = ({
  answers = [reply(200, issued)],
  held = {},
  names = {},
  options,
  variables = ecs
}: Given) => {
  const server = serving((_, count) => answers[Math.min(count, answers.length - 1)] ?? never)
  const resolver = hosts(names)
  const get = Effect.flatMap(Aws.Container.make(options), (source) => source.get).pipe(
    resolver.provided,
    Effect.provide([server.layer, files(held).layer]),
    environment(variables)
  )
  return { get, seen: server.seen, resolved: resolver.asked }
}

const failure = (given: Given) => {
  const { get, resolved, seen } = setup(given)
  return Effect.map(timedFailure(get), (found) => ({ ...found, resolved, seen }))
}

describe("container", () => {
  it.effect("gives ECS credentials, also without an expiration", () =>
    Effect.gen(function* () {
      const { get, seen } = setup({})
      const credentials = yield* get
      assert.strictEqual(Redacted.value(credentials.secretAccessKey), "PLANTED-SECRET")
      assert.deepStrictEqual(
        [credentials.source, credentials.accountId, credentials.expiration],
        ["container", "123456789012", undefined]
      )
      const [asked] = seen
      assert.strictEqual(asked?.url, "http://169.254.170.2/v2/credentials/PLANTED-ID")
      assert.isTrue(asked?.direct)
      assert.notProperty(asked?.headers, "authorization")
    })
  )

  it.effect("is not configured without a URL", () =>
    Effect.gen(function* () {
      for (const variables of [{}, { [relative]: " ", [full]: "", [plainToken]: "t" }]) {
        const { reason, seen } = yield* failure({ variables })
        assert.deepStrictEqual([reason, seen], ["NotConfigured", []])
      }
    })
  )

  it.effect("prefers options to the environment, and the relative URI to the full one", () =>
    Effect.gen(function* () {
      const both = { [relative]: "/r", [full]: "http://127.0.0.1/f" }
      const url = (options: Aws.Container.Options, variables: Readonly<Record<string, string>> = both) => {
        const { get, seen } = setup({ options, variables })
        return Effect.map(get, () => seen[0]?.url)
      }
      assert.strictEqual(yield* url({}), "http://169.254.170.2/r")
      assert.strictEqual(yield* url({ fullUri: "http://[::1]:9/o" }), "http://[::1]:9/o")
      assert.strictEqual(
        yield* url({ relativeUri: "/o", fullUri: "http://[::1]:9/o" }),
        "http://169.254.170.2/o"
      )
    })
  )

  it.effect("sends the authorization token, the file before the variable, read each time", () =>
    Effect.gen(function* () {
      const held: Record<string, string> = { "/token": "Bearer one" }
      const variables = { ...ecs, [tokenFile]: "/token", [plainToken]: "variable" }
      const { get, seen } = setup({ held, variables })
      yield* get
      held["/token"] = "Bearer two"
      yield* get
      assert.deepStrictEqual(
        seen.map(({ headers }) => headers["authorization"]),
        ["Bearer one", "Bearer two"]
      )
      const plain = setup({ variables: { ...ecs, [plainToken]: "variable" } })
      yield* plain.get
      assert.strictEqual(plain.seen[0]?.headers["authorization"], "variable")
    })
  )

  it.effect.each([
    "PLANTED\n",
    "PLANTED\r",
    "PLANTED\r\nx-forged: 1",
    "\nPLANTED",
    "PLANTED\u0000",
    "PLANTÉD"
  ])("refuses a token that no header may hold: %j", (token) =>
    Effect.gen(function* () {
      const inFile = yield* failure({ held: { "/t": token }, variables: { ...ecs, [tokenFile]: "/t" } })
      assert.deepStrictEqual([inFile.reason, inFile.seen], ["Malformed", []])
      assert.include(inFile.error.message, "/t")
      const inVariable = yield* failure({ variables: { ...ecs, [plainToken]: token } })
      assert.deepStrictEqual([inVariable.reason, inVariable.seen], ["Malformed", []])
      const given = yield* failure({ options: { authorizationToken: Redacted.make(token) } })
      assert.deepStrictEqual([given.reason, given.seen], ["Malformed", []])
    })
  )

  it.effect("reports an empty or unreadable token file without asking", () =>
    Effect.gen(function* () {
      const variables = { ...ecs, [tokenFile]: "/t", [plainToken]: "variable" }
      for (const [held, expected] of [
        [{}, "Unreadable"],
        [{ "/t": { text: "", unreadable: true } }, "Unreadable"],
        [{ "/t": "" }, "Incomplete"]
      ] as const) {
        const { error, reason, seen } = yield* failure({ held, variables })
        assert.deepStrictEqual([reason, seen], [expected, []])
        assert.deepInclude(error, { key: tokenFile, file: "/t" })
      }
    })
  )

  it.effect.each([
    "http://169.254.169.254/",
    "http://10.0.0.1/",
    "http://8.8.8.8/",
    "http://[fd00:ec2::254]/",
    "http://0.0.0.0/",
    "http://[::]/"
  ])("sends nothing over plain HTTP to %s", (uri) =>
    Effect.gen(function* () {
      const { error, seen } = yield* failure({ variables: { [full]: `${uri}PLANTED?PLANTED` } })
      assert.deepInclude(error, { _tag: "StsConfigError", key: full })
      assert.deepStrictEqual(seen, [])
    })
  )

  it.effect("allows plain HTTP to a name when all its addresses are allowed", () =>
    Effect.gen(function* () {
      const variables = { [full]: "http://agent.test:8080/c", [plainToken]: "t" }
      const { get, resolved, seen } = setup({
        variables,
        names: { "agent.test": ["127.0.0.1", "::1"] },
        answers: [fault("ECONNREFUSED"), reply(200, issued)]
      })
      yield* get
      assert.deepStrictEqual(resolved, ["agent.test"])
      assert.deepStrictEqual(
        seen.map(({ connectedTo, direct, url }) => [connectedTo, direct, url]),
        [
          ["127.0.0.1", true, "http://agent.test:8080/c"],
          ["[::1]", true, "http://agent.test:8080/c"]
        ]
      )
    })
  )

  it.effect.each([
    [["127.0.0.1", "203.0.113.7"], "StsConfigError"],
    [["203.0.113.7"], "StsConfigError"],
    [[], "StsConfigError"],
    [undefined, "Unavailable"]
  ] as const)("sends nothing to a name with the addresses %j", ([addresses, expected]) =>
    Effect.gen(function* () {
      const names = addresses === undefined ? {} : { "agent.test": addresses }
      const variables = { [full]: "http://agent.test/PLANTED", [plainToken]: "PLANTED" }
      const { reason, resolved, seen } = yield* failure({ variables, names })
      assert.deepStrictEqual([reason, resolved, seen], [expected, ["agent.test"], []])
    })
  )

  it.effect("allows any host over TLS", () =>
    Effect.gen(function* () {
      const { get, resolved, seen } = setup({ variables: { [full]: "https://vault.test/c" } })
      yield* get
      assert.deepStrictEqual([resolved, seen[0]?.url, seen[0]?.direct], [[], "https://vault.test/c", false])
    })
  )

  it.effect.each([
    [{ [relative]: "PLANTED" }, relative],
    [{ [relative]: "@evil.test/PLANTED" }, relative],
    [{ [relative]: ".evil.test/PLANTED" }, relative],
    [{ [full]: "/PLANTED" }, full],
    [{ [full]: "ftp://127.0.0.1/PLANTED" }, full],
    [{ [full]: "http://u:PLANTED@127.0.0.1/" }, full]
  ] as const)("names the variable that holds no URL: %j", ([variables, key]) =>
    Effect.gen(function* () {
      const { error, seen } = yield* failure({ variables })
      assert.instanceOf(error, StsConfigError)
      assert.deepStrictEqual([(error as StsConfigError).key, seen], [key, []])
    })
  )

  it.effect("is tried three times, for two seconds each", () =>
    Effect.gen(function* () {
      const silent = yield* failure({ answers: [never] })
      assert.deepStrictEqual([silent.reason, silent.millis, silent.seen.length], ["Unavailable", 8_000, 3])
      const busy = yield* failure({ answers: [text(500, "")] })
      assert.deepStrictEqual([busy.reason, busy.millis, busy.seen.length], ["Unavailable", 2_000, 3])
      const options: Aws.Container.Options = { attempts: 1, timeout: "5 seconds" }
      assert.strictEqual((yield* failure({ options, answers: [never] })).millis, 5_000)
      const { get, seen } = setup({ answers: [text(503, ""), fault("ECONNRESET"), reply(200, issued)] })
      assert.strictEqual((yield* timed(get)).millis, 2_000)
      assert.strictEqual(seen.length, 3)
    })
  )

  it.effect.each([
    ["a redirect", text(307, "", { location: "http://PLANTED/" }), "Refused", "redirect (HTTP 307)"],
    [
      "a refusal, without what it repeats of the request",
      reply(400, { code: "InvalidId", message: "no /v2/credentials/PLANTED-ID.", HTTPErrorCode: 400 }),
      "Refused",
      "HTTP 400, InvalidId (no <redacted>)"
    ],
    ["a page", text(404, "<html>PLANTED"), "Refused", "HTTP 404"],
    ["a page that is no refusal", text(200, "<html>PLANTED"), "Unavailable", "not a JSON object"],
    ["no token", reply(200, { ...issued, Token: undefined }), "Unavailable", "it has no Token"],
    ["a failure", reply(200, { Code: "Busy", Message: "later" }), "Unavailable", "Busy (later)"]
  ] as const)("tells of %s", ([, answer, expected, words]) =>
    Effect.gen(function* () {
      const { error, reason, seen } = yield* failure({ answers: [answer] })
      assert.deepStrictEqual([reason, seen.length], [expected, 1])
      assert.include(error.message, words)
    })
  )
})
