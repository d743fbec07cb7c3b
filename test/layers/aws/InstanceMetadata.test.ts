import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import * as Aws from "../../../src/aws.js"
import { StsConfigError, type StsCredentialError } from "../../../src/schemas/StsError.js"
import { type ProfileSettings, SelectedProfile } from "../../../src/services/aws/Settings.js"
import type { CredentialSource } from "../../../src/services/CredentialSource.js"
import { type Answers, answering, environment, hosts, text, timedFailure } from "../../support/metadata.js"
import { type Answer, fault, never, reply } from "../../support/scripted.js"
import { timed } from "../../support/time.js"

const token = "PLANTED-SESSION-TOKEN"

const issued = {
  Code: "Success",
  AccessKeyId: "ASIAEXAMPLE",
  SecretAccessKey: "PLANTED-SECRET",
  Token: "PLANTED-TOKEN",
  Expiration: "2026-01-01T06:00:00Z"
}

const put = "PUT /latest/api/token"
const legacy = "/latest/meta-data/iam/security-credentials/"
const extended = "/latest/meta-data/iam/security-credentials-extended/"
const list = `GET ${legacy}`
const web = `GET ${legacy}web`

const session = text(200, token, { "x-aws-ec2-metadata-token-ttl-seconds": "21600" })

/** An instance with the role `web`, but for these answers. */
const instance = (answers: Answers = {}) =>
  answering({ [put]: session, [list]: text(200, "web"), [web]: reply(200, issued), ...answers })

type Source = CredentialSource<Aws.Credentials>

const using = <A, E>(
  server: ReturnType<typeof answering>,
  use: (source: Source) => Effect.Effect<A, E>,
  options: Aws.InstanceMetadata.Options = {},
  variables: Readonly<Record<string, string>> = {},
  profile: ProfileSettings = new Map()
) =>
  Effect.flatMap(Aws.InstanceMetadata.make(options), use).pipe(
    Effect.provideService(SelectedProfile, Effect.succeed(profile)),
    Effect.provide(server.layer),
    environment(variables)
  )

const get = ({ get }: Source) => get

describe("instance metadata", () => {
  it.effect("gives the role's credentials with a session token, without a proxy", () =>
    Effect.gen(function* () {
      const server = instance()
      const credentials = yield* using(server, get)
      assert.strictEqual(credentials.accessKeyId, "ASIAEXAMPLE")
      assert.strictEqual(Redacted.value(credentials.secretAccessKey), "PLANTED-SECRET")
      assert.strictEqual(credentials.source, "instance metadata")
      assert.strictEqual(credentials.expiration?.epochMilliseconds, Date.parse(issued.Expiration))
      assert.deepStrictEqual(server.names(), [put, `GET ${extended}`, list, web])
      assert.isTrue(server.seen.every(({ direct }) => direct))
      const [asked, ...told] = server.seen.map(({ headers }) => headers)
      assert.strictEqual(asked?.["x-aws-ec2-metadata-token-ttl-seconds"], "21600")
      assert.isTrue(told.every((headers) => headers["x-aws-ec2-metadata-token"] === token))
    })
  )

  it.effect("keeps the token, the role and the API version", () => {
    const server = instance()
    return using(server, (source) =>
      Effect.gen(function* () {
        yield* source.get
        const first = server.names().length
        yield* TestClock.adjust(Duration.seconds(21_600 - 121))
        yield* source.get
        assert.deepStrictEqual(server.names().slice(first), [web])
        yield* TestClock.adjust("2 seconds")
        yield* source.get
        assert.deepStrictEqual(server.names().slice(first + 1), [put, web])
      })
    )
  })

  it.effect("uses the configured role, and says when it is wrong", () =>
    Effect.gen(function* () {
      const server = instance({ [`GET ${legacy}db`]: reply(200, issued) })
      const variables = { AWS_EC2_INSTANCE_PROFILE_NAME: "db" }
      yield* using(server, get, {}, variables)
      assert.deepStrictEqual(server.names(), [put, `GET ${extended}db`, `GET ${legacy}db`])
      const { error, reason } = yield* timedFailure(using(instance(), get, {}, variables))
      assert.strictEqual(reason, "Refused")
      assert.strictEqual((error as StsCredentialError).key, "AWS_EC2_INSTANCE_PROFILE_NAME")
    })
  )

  it.effect("renews a refused token once", () =>
    Effect.gen(function* () {
      const server = instance({ [web]: [text(401, ""), reply(200, issued)] })
      yield* using(server, get)
      assert.deepStrictEqual(server.names().slice(-3), [web, put, web])
      const refusing = instance({ [web]: text(401, token) })
      const { reason } = yield* timedFailure(using(refusing, get))
      assert.strictEqual(reason, "Refused")
      assert.strictEqual(refusing.names().filter((name) => name === web).length, 2)
    })
  )

  it.effect.each([404, 405, 501])("falls back to IMDSv1 after HTTP %i", (status) =>
    Effect.gen(function* () {
      const server = instance({ [put]: text(status, "") })
      yield* using(server, (source) => Effect.andThen(source.get, source.get))
      assert.strictEqual(server.names().filter((name) => name === put).length, 1)
      assert.isUndefined(server.seen.at(-1)?.headers["x-aws-ec2-metadata-token"])
    })
  )

  it.effect("falls back to IMDSv1 when PUT gets no answer, and remembers it", () =>
    Effect.gen(function* () {
      const server = instance({ [put]: never })
      const { millis } = yield* timed(using(server, (source) => Effect.andThen(source.get, source.get)))
      assert.strictEqual(millis, 1_000)
    })
  )

  it.effect.each([
    [{ disableV1: true }, {}, [], "disableV1"],
    [{}, { AWS_EC2_METADATA_V1_DISABLED: "True" }, [], "AWS_EC2_METADATA_V1_DISABLED"],
    [{}, {}, ["ec2_metadata_v1_disabled"], "ec2_metadata_v1_disabled"]
  ] as const)("never asks without a token where it must not: %o %o %o", ([options, variables, on, key]) =>
    Effect.gen(function* () {
      const server = instance({ [put]: text(404, "") })
      const profile = new Map(on.map((name) => [name, at("true")]))
      const { error, reason } = yield* timedFailure(using(server, get, options, variables, profile))
      assert.deepStrictEqual([reason, (error as StsCredentialError).key], ["Refused", key])
      const lost = instance({ [put]: never })
      assert.strictEqual(
        (yield* timedFailure(using(lost, get, options, variables, profile))).reason,
        "NotConfigured"
      )
      assert.deepStrictEqual([...server.names(), ...lost.names()], [put, put])
    })
  )

  it.effect("reads its settings each time", () => {
    const shared = new Map<string, ReturnType<typeof at>>()
    const server = instance({ [put]: [text(404, ""), session] })
    return using(
      server,
      (source) =>
        Effect.gen(function* () {
          yield* source.get
          shared.set("ec2_metadata_v1_disabled", at("true"))
          yield* source.get
          assert.strictEqual(server.seen.at(-1)?.headers["x-aws-ec2-metadata-token"], token)
          shared.set("ec2_metadata_service_endpoint", at("http://127.0.0.1:1338"))
          yield* source.get
          assert.strictEqual(server.seen.at(-1)?.url, `http://127.0.0.1:1338${legacy}web`)
        }),
      {},
      {},
      shared
    )
  })

  it.effect("is not configured when disabled, and asks nothing", () =>
    Effect.gen(function* () {
      const server = instance()
      const off = { AWS_EC2_METADATA_DISABLED: "TRUE" }
      assert.strictEqual((yield* timedFailure(using(server, get, {}, off))).reason, "NotConfigured")
      const { error } = yield* timedFailure(using(server, get, {}, { AWS_EC2_METADATA_DISABLED: "maybe" }))
      assert.instanceOf(error, StsConfigError)
      assert.deepStrictEqual(server.names(), [])
    })
  )

  it.effect.each([
    ["refuses connections", fault("ECONNREFUSED"), 0],
    ["cannot be reached", fault("EHOSTUNREACH"), 0],
    ["is silent", never, 2_000]
  ] as const)("is not configured where the address %s", ([, answer, expected]) =>
    Effect.gen(function* () {
      const server = instance({ [put]: answer, [`GET ${extended}`]: answer })
      const { error, millis, reason } = yield* timedFailure(using(server, get))
      assert.strictEqual(reason, "NotConfigured")
      assert.include(error.message, "no metadata service answered")
      assert.strictEqual(millis, expected)
    })
  )

  it.effect("fails without an answer when the address or the role is set", () =>
    Effect.gen(function* () {
      for (const variables of [
        { AWS_EC2_METADATA_SERVICE_ENDPOINT: "http://127.0.0.1:1338" },
        { AWS_EC2_INSTANCE_PROFILE_NAME: "web" }
      ]) {
        const server = instance({ [put]: fault("ECONNREFUSED") })
        assert.strictEqual((yield* timedFailure(using(server, get, {}, variables))).reason, "Unavailable")
      }
    })
  )

  it.effect("is retryable when a known service is silent or the role is gone", () =>
    Effect.gen(function* () {
      const once = (answer: Answer) => [reply(200, issued), answer]
      for (const answers of [
        { [web]: once(fault("ECONNREFUSED")) },
        { [web]: once(text(404, "")), [list]: [text(200, "web"), text(404, "")] }
      ]) {
        const again = using(instance(answers), (source) => Effect.andThen(source.get, source.get))
        assert.strictEqual((yield* timedFailure(again)).reason, "Unavailable")
      }
    })
  )

  it.effect("is not configured when the instance has no role", () =>
    Effect.gen(function* () {
      for (const answer of [text(404, ""), text(200, " ")]) {
        const { error, reason } = yield* timedFailure(using(instance({ [list]: answer }), get))
        assert.strictEqual(reason, "NotConfigured")
        assert.include(error.message, "the instance has no role")
      }
    })
  )

  it.effect("retries a busy service three times, and a silent one as configured", () =>
    Effect.gen(function* () {
      const busy = text(503, "")
      const server = instance({ [put]: [busy, session], [list]: [busy, busy, busy, text(200, "web")] })
      assert.strictEqual((yield* timed(using(server, get))).millis, 400)
      const down = instance({ [web]: busy })
      assert.strictEqual((yield* timedFailure(using(down, get))).reason, "Unavailable")
      assert.strictEqual(down.names().filter((name) => name === web).length, 4)
      const silent = instance({ [put]: never, [`GET ${extended}`]: never })
      const variables = { AWS_METADATA_SERVICE_TIMEOUT: "2.5", AWS_METADATA_SERVICE_NUM_ATTEMPTS: "2" }
      const { millis } = yield* timedFailure(using(silent, get, { disableV1: true }, variables))
      assert.strictEqual(millis, 5_100)
    })
  )

  it.effect.each([
    ["a refused token", { [put]: text(403, "") }, "NotConfigured", "HTTP 403"],
    [
      "a token that is a page",
      { [put]: text(200, "<html> PLANTED </html>") },
      "NotConfigured",
      "not a session token"
    ],
    ["a redirect", { [list]: text(302, "", { location: "http://PLANTED/" }) }, "Refused", "redirect"],
    ["a role that is a page", { [list]: text(200, "<html>PLANTED") }, "Unavailable", "not a role name"],
    ["a forbidden role", { [web]: text(403, "") }, "Refused", "HTTP 403"],
    ["no JSON", { [web]: text(200, "<html>PLANTED") }, "Unavailable", "not a JSON object"],
    ["a list", { [web]: reply(200, ["PLANTED"]) }, "Unavailable", "not a JSON object"],
    [
      "no secret",
      { [web]: reply(200, { ...issued, SecretAccessKey: null }) },
      "Unavailable",
      "SecretAccessKey"
    ],
    ["a number", { [web]: reply(200, { ...issued, Token: 12 }) }, "Malformed", "its Token is not a string"],
    ["a bad time", { [web]: reply(200, { ...issued, Expiration: "PLANTED" }) }, "Unavailable", "Expiration"],
    ["a broken key", { [web]: reply(200, { ...issued, AccessKeyId: "a\nb" }) }, "Unavailable", "AccessKeyId"],
    ["a huge body", { [web]: text(200, "PLANTED".repeat(200_000)) }, "Unavailable", "too large"],
    [
      "a role that may not be assumed",
      { [web]: reply(200, { Code: "AssumeRoleUnauthorizedAccess", Message: `no ${token}` }) },
      "Refused",
      "AssumeRoleUnauthorizedAccess (no <redacted>)"
    ],
    ["another code", { [web]: reply(200, { Code: "Failed" }) }, "Unavailable", "Failed"],
    [
      "a code that is none",
      { [web]: reply(200, { Code: "<PLANTED>" }) },
      "Unavailable",
      "Code is not Success"
    ]
  ] as const)("tells of %s", ([, answers, expected, words]) =>
    Effect.gen(function* () {
      const { error, reason } = yield* timedFailure(using(instance(answers), get))
      assert.strictEqual(reason, expected)
      assert.include(error.message, words)
    })
  )

  it.effect("gives expired credentials as they are", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.parse("2027-01-01T00:00:00Z"))
      const credentials = yield* using(instance(), get)
      assert.isTrue(yield* credentials.isExpired)
    })
  )

  it.effect("uses the configured address, in any case and with a path", () =>
    Effect.gen(function* () {
      const url = (options: Aws.InstanceMetadata.Options, variables = {}) => {
        const server = answering({})
        return Effect.map(
          Effect.result(using(server, get, options, variables)),
          () => server.seen[0]?.url ?? "none"
        )
      }
      const mode = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"
      const ipv6 = "http://[fd00:ec2::254]/latest/api/token"
      assert.strictEqual(yield* url({ endpointMode: "IPv6" }), ipv6)
      assert.strictEqual(yield* url({}, { [mode]: "ipV6" }), ipv6)
      assert.strictEqual(yield* url({}, { [mode]: "ipv4" }), "http://169.254.169.254/latest/api/token")
      assert.strictEqual(
        yield* url({ endpoint: "https://a.test/mock/" }),
        "https://a.test/mock/latest/api/token"
      )
    })
  )

  it.effect.each([
    [{ AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE: "ipv5" }, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"],
    [{ AWS_EC2_METADATA_SERVICE_ENDPOINT: "PLANTED" }, "AWS_EC2_METADATA_SERVICE_ENDPOINT"],
    [
      { AWS_EC2_METADATA_SERVICE_ENDPOINT: "http://u:PLANTED@127.0.0.1" },
      "AWS_EC2_METADATA_SERVICE_ENDPOINT"
    ],
    [{ AWS_METADATA_SERVICE_TIMEOUT: "soon" }, "AWS_METADATA_SERVICE_TIMEOUT"],
    [{ AWS_METADATA_SERVICE_TIMEOUT: "0" }, "AWS_METADATA_SERVICE_TIMEOUT"],
    [{ AWS_METADATA_SERVICE_NUM_ATTEMPTS: "1.5" }, "AWS_METADATA_SERVICE_NUM_ATTEMPTS"]
  ] as const)("names a setting that is wrong: %o", ([variables, key]) =>
    Effect.gen(function* () {
      const server = instance()
      const { error } = yield* timedFailure(using(server, get, {}, variables))
      assert.strictEqual((error as StsConfigError).key, key)
      assert.deepStrictEqual(server.names(), [])
    })
  )

  it.effect("names file and line of a setting in the shared config file", () =>
    Effect.gen(function* () {
      const profile = new Map([["ec2_metadata_v1_disabled", at("perhaps")]])
      const { error } = yield* timedFailure(using(instance(), get, {}, {}, profile))
      assert.include(error.message, "ec2_metadata_v1_disabled (/home/.aws/config:7)")
    })
  )

  it.effect("refuses plain HTTP to public addresses unless allowed", () =>
    Effect.gen(function* () {
      const server = instance()
      const names = hosts({ "metadata.test": ["10.0.0.1", "203.0.113.1"] })
      const options = { endpoint: "http://metadata.test" }
      const refused = using(server, get, options).pipe(names.provided)
      assert.instanceOf((yield* timedFailure(refused)).error, StsConfigError)
      assert.deepStrictEqual(server.names(), [])
      yield* using(server, get, { ...options, allowHttp: true }).pipe(names.provided)
      assert.strictEqual(server.seen[0]?.connectedTo, "10.0.0.1")
    })
  )
})

function at(value: string) {
  return { value, file: "/home/.aws/config", line: 7 }
}
