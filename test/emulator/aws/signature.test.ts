import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import { AwsSeed, Emulator } from "../../../src/testing.js"
import {
  assumeRole,
  codeOf,
  issuedKey,
  keyOf,
  refusal,
  requestOf,
  send,
  sendRequest,
  verdict,
  whoAmI
} from "./support.js"

const emulator = Effect.provide(Emulator.layer)
const start = Date.parse("2026-01-31T12:00:00Z")
const minutes = 60_000

const forms = ["sigv4", "presigned"] as const

it.effect("identifies the signer, in headers and in URLs", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(start)
    for (const form of forms) {
      const reply = yield* send(whoAmI({ form }))
      assert.strictEqual(reply.text("Arn"), AwsSeed.arns.user)
      assert.strictEqual(reply.text("UserId"), "AIDAEMULATORALICE0001")
      assert.strictEqual(reply.text("Account"), AwsSeed.accountId)
      assert.strictEqual(reply.headers["x-amzn-requestid"], reply.text("RequestId"))
      assert.strictEqual(reply.headers["date"], "Sat, 31 Jan 2026 12:00:00 GMT")
      const root = yield* send(whoAmI({ form, key: keyOf("root") }))
      assert.deepStrictEqual([root.text("Arn"), root.text("UserId")], [AwsSeed.arns.root, AwsSeed.accountId])
      const key = issuedKey(yield* send(assumeRole({}, { form })))
      const session = yield* send(whoAmI({ form, key }))
      assert.strictEqual(session.text("Arn"), "arn:aws:sts::123456789012:assumed-role/reader/session")
      assert.strictEqual(session.text("UserId"), "AROAEMULATORREADER001:session")
    }
  }).pipe(emulator)
)

it.effect("refuses unknown, inactive and mismatched keys and tokens", () =>
  Effect.gen(function* () {
    const session = issuedKey(yield* send(assumeRole()))
    const other = issuedKey(yield* send(assumeRole()))
    for (const form of forms) {
      const code = (key: ReturnType<typeof keyOf>) => verdict(whoAmI({ form, key }))
      assert.strictEqual(yield* code({ ...keyOf("user"), secretAccessKey: "wrong" }), "SignatureDoesNotMatch")
      assert.strictEqual(yield* code({ ...session, secretAccessKey: "wrong" }), "SignatureDoesNotMatch")
      assert.strictEqual(
        yield* code({ ...keyOf("user"), accessKeyId: "AKIAUNKNOWN" }),
        "InvalidClientTokenId"
      )
      assert.strictEqual(yield* code(keyOf("inactive")), "InvalidClientTokenId")
      assert.strictEqual(yield* code({ ...keyOf("user"), sessionToken: "made-up" }), "InvalidClientTokenId")
      assert.strictEqual(yield* code({ ...session, sessionToken: undefined }), "InvalidClientTokenId")
      assert.strictEqual(
        yield* code({ ...session, sessionToken: other.sessionToken }),
        "InvalidClientTokenId"
      )
    }
    yield* TestClock.adjust("1 hour")
    assert.strictEqual(
      yield* refusal(whoAmI({ key: session })),
      "403 ExpiredToken: The security token included in the request is expired"
    )
  }).pipe(emulator)
)

it.effect("refuses signatures for another region, service or host", () =>
  Effect.gen(function* () {
    const message = (more: object) => refusal(whoAmI(more))
    assert.strictEqual(
      yield* message({ region: "mars-north-1", host: "127.0.0.1:1" }),
      "403 SignatureDoesNotMatch: Credential should be scoped to a valid region, not 'mars-north-1'."
    )
    assert.strictEqual(
      yield* message({ service: "iam" }),
      "403 SignatureDoesNotMatch: Credential should be scoped to correct service: 'sts'."
    )
    assert.include(yield* message({ region: "eu-west-1" }), "not 'eu-west-1'")
    assert.include(yield* message({ region: "eu-west-1", host: "sts.amazonaws.com" }), "not 'eu-west-1'")
    for (const [host, region] of [
      ["127.0.0.1:1234", "eu-west-1"],
      ["sts.amazonaws.com", "us-east-1"],
      ["sts.cn-north-1.amazonaws.com.cn", "cn-north-1"],
      ["sts-fips.us-west-2.api.aws", "us-west-2"]
    ]) {
      assert.strictEqual(yield* verdict(whoAmI({ host, region } as object)), "OK")
    }
  }).pipe(emulator)
)

it.effect("keeps to its time window", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(start)
    const at = (offset: number, form: "sigv4" | "presigned" = "sigv4") =>
      refusal(whoAmI({ time: start + offset, form, expiresInSeconds: 600 }))
    assert.include(yield* at(-5 * minutes), "200")
    assert.include(yield* at(5 * minutes), "200")
    assert.strictEqual(
      yield* at(-6 * minutes),
      "403 SignatureDoesNotMatch: Signature expired: 20260131T115400Z is now earlier than 20260131T115500Z (20260131T120000Z - 5 min.)"
    )
    assert.strictEqual(
      yield* at(6 * minutes),
      "403 SignatureDoesNotMatch: Signature not yet current: 20260131T120600Z is still later than 20260131T120500Z (20260131T120000Z + 5 min.)"
    )
    assert.include(yield* at(-9 * minutes, "presigned"), "200")
    assert.strictEqual(yield* at(-10 * minutes, "presigned"), "400 RequestExpired: Request has expired.")
    assert.include(yield* at(6 * minutes, "presigned"), "Signature not yet current")
  }).pipe(emulator)
)

it.effect("names missing parts of a signature", () =>
  Effect.gen(function* () {
    const request = yield* requestOf(whoAmI())
    const spoilt = (headers: Readonly<Record<string, string>>) =>
      Effect.map(sendRequest({ ...request, headers: { ...request.headers, ...headers } }), (reply) => [
        codeOf(reply),
        reply.text("Message")
      ])
    assert.deepStrictEqual(yield* spoilt({ authorization: "AWS4-HMAC-SHA256 Credential=a" }), [
      "IncompleteSignature",
      "Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter."
    ])
    assert.strictEqual((yield* spoilt({ authorization: "Bearer token" }))[0], "IncompleteSignature")
    const short = request.headers["authorization"]?.replace("/aws4_request", "") ?? ""
    assert.include((yield* spoilt({ authorization: short }))[1], "exactly 5 slash-delimited elements")
    const hostless = request.headers["authorization"]?.replace("host;", "") ?? ""
    assert.strictEqual((yield* spoilt({ authorization: hostless }))[0], "SignatureDoesNotMatch")
    assert.strictEqual((yield* spoilt({ "x-amz-date": "yesterday" }))[0], "IncompleteSignature")
    assert.strictEqual(
      yield* refusal(whoAmI({ key: null })),
      "403 MissingAuthenticationToken: Request is missing Authentication Token"
    )
    const url = yield* requestOf(whoAmI({ form: "presigned" }))
    const unsigned = url.query.replace(/X-Amz-SignedHeaders=[^&]*&/, "")
    assert.include((yield* sendRequest({ ...url, query: unsigned })).text("Message"), "'X-Amz-SignedHeaders'")
    assert.strictEqual(
      yield* verdict(whoAmI({ form: "presigned", expiresInSeconds: 604_801 })),
      "IncompleteSignature"
    )
  }).pipe(emulator)
)

it.effect("refuses unknown actions and versions", () =>
  Effect.gen(function* () {
    assert.strictEqual(
      yield* refusal({ action: "AssumeNothing" }),
      "400 InvalidAction: Could not find operation AssumeNothing for version 2011-06-15"
    )
    assert.strictEqual(
      yield* refusal(whoAmI({ version: "2015-04-01" })),
      "400 InvalidAction: Could not find operation GetCallerIdentity for version 2015-04-01"
    )
  }).pipe(emulator)
)
