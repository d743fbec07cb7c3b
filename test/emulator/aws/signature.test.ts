import { expect, it } from "@effect/vitest"
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

const emulator = Effect.provide(Emulator.layer())
const start = Date.parse("2026-01-31T12:00:00Z")
const minutes = 60_000

const forms = ["sigv4", "presigned"] as const

it.effect("knows who signs, in headers and in URLs", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(start)
    for (const form of forms) {
      const reply = yield* send(whoAmI({ form }))
      expect(reply.text("Arn")).toBe(AwsSeed.arns.user)
      expect(reply.text("UserId")).toBe("AIDAEMULATORALICE0001")
      expect(reply.text("Account")).toBe(AwsSeed.accountId)
      expect(reply.headers["x-amzn-requestid"]).toBe(reply.text("RequestId"))
      expect(reply.headers["date"]).toBe("Sat, 31 Jan 2026 12:00:00 GMT")
      const root = yield* send(whoAmI({ form, key: keyOf("root") }))
      expect([root.text("Arn"), root.text("UserId")]).toEqual([AwsSeed.arns.root, AwsSeed.accountId])
      const key = issuedKey(yield* send(assumeRole({}, { form })))
      const session = yield* send(whoAmI({ form, key }))
      expect(session.text("Arn")).toBe("arn:aws:sts::123456789012:assumed-role/reader/session")
      expect(session.text("UserId")).toBe("AROAEMULATORREADER001:session")
    }
  }).pipe(emulator)
)

it.effect("refuses keys and tokens that are not what they seem", () =>
  Effect.gen(function* () {
    const session = issuedKey(yield* send(assumeRole()))
    const other = issuedKey(yield* send(assumeRole()))
    for (const form of forms) {
      const code = (key: ReturnType<typeof keyOf>) => verdict(whoAmI({ form, key }))
      expect(yield* code({ ...keyOf("user"), secretAccessKey: "wrong" })).toBe("SignatureDoesNotMatch")
      expect(yield* code({ ...session, secretAccessKey: "wrong" })).toBe("SignatureDoesNotMatch")
      expect(yield* code({ ...keyOf("user"), accessKeyId: "AKIAUNKNOWN" })).toBe("InvalidClientTokenId")
      expect(yield* code(keyOf("inactive"))).toBe("InvalidClientTokenId")
      expect(yield* code({ ...keyOf("user"), sessionToken: "made-up" })).toBe("InvalidClientTokenId")
      expect(yield* code({ ...session, sessionToken: undefined })).toBe("InvalidClientTokenId")
      expect(yield* code({ ...session, sessionToken: other.sessionToken })).toBe("InvalidClientTokenId")
    }
    yield* TestClock.adjust("1 hour")
    expect(yield* refusal(whoAmI({ key: session }))).toBe(
      "403 ExpiredToken: The security token included in the request is expired"
    )
  }).pipe(emulator)
)

it.effect("refuses signatures for another region, service or host", () =>
  Effect.gen(function* () {
    const message = (more: object) => refusal(whoAmI(more))
    expect(yield* message({ region: "mars-north-1", host: "127.0.0.1:1" })).toBe(
      "403 SignatureDoesNotMatch: Credential should be scoped to a valid region, not 'mars-north-1'."
    )
    expect(yield* message({ service: "iam" })).toBe(
      "403 SignatureDoesNotMatch: Credential should be scoped to correct service: 'sts'."
    )
    expect(yield* message({ region: "eu-west-1" })).toContain("not 'eu-west-1'")
    expect(yield* message({ region: "eu-west-1", host: "sts.amazonaws.com" })).toContain("not 'eu-west-1'")
    for (const [host, region] of [
      ["127.0.0.1:1234", "eu-west-1"],
      ["sts.amazonaws.com", "us-east-1"],
      ["sts.cn-north-1.amazonaws.com.cn", "cn-north-1"],
      ["sts-fips.us-west-2.api.aws", "us-west-2"]
    ]) {
      expect(yield* verdict(whoAmI({ host, region } as object))).toBe("OK")
    }
  }).pipe(emulator)
)

it.effect("keeps to its time window", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(start)
    const at = (offset: number, form: "sigv4" | "presigned" = "sigv4") =>
      refusal(whoAmI({ time: start + offset, form, expiresInSeconds: 600 }))
    expect(yield* at(-5 * minutes)).toContain("200")
    expect(yield* at(5 * minutes)).toContain("200")
    expect(yield* at(-6 * minutes)).toBe(
      "403 SignatureDoesNotMatch: Signature expired: 20260131T115400Z is now earlier than 20260131T115500Z (20260131T120000Z - 5 min.)"
    )
    expect(yield* at(6 * minutes)).toBe(
      "403 SignatureDoesNotMatch: Signature not yet current: 20260131T120600Z is still later than 20260131T120500Z (20260131T120000Z + 5 min.)"
    )
    expect(yield* at(-9 * minutes, "presigned")).toContain("200")
    expect(yield* at(-10 * minutes, "presigned")).toBe("400 RequestExpired: Request has expired.")
    expect(yield* at(6 * minutes, "presigned")).toContain("Signature not yet current")
  }).pipe(emulator)
)

it.effect("says what a signature lacks", () =>
  Effect.gen(function* () {
    const request = yield* requestOf(whoAmI())
    const spoilt = (headers: Readonly<Record<string, string>>) =>
      Effect.map(sendRequest({ ...request, headers: { ...request.headers, ...headers } }), (reply) => [
        codeOf(reply),
        reply.text("Message")
      ])
    expect(yield* spoilt({ authorization: "AWS4-HMAC-SHA256 Credential=a" })).toEqual([
      "IncompleteSignature",
      "Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter."
    ])
    expect((yield* spoilt({ authorization: "Bearer token" }))[0]).toBe("IncompleteSignature")
    const short = request.headers["authorization"]?.replace("/aws4_request", "") ?? ""
    expect((yield* spoilt({ authorization: short }))[1]).toContain("exactly 5 slash-delimited elements")
    const hostless = request.headers["authorization"]?.replace("host;", "") ?? ""
    expect((yield* spoilt({ authorization: hostless }))[0]).toBe("SignatureDoesNotMatch")
    expect((yield* spoilt({ "x-amz-date": "yesterday" }))[0]).toBe("IncompleteSignature")
    expect(yield* refusal(whoAmI({ key: null }))).toBe(
      "403 MissingAuthenticationToken: Request is missing Authentication Token"
    )
    const url = yield* requestOf(whoAmI({ form: "presigned" }))
    const unsigned = url.query.replace(/X-Amz-SignedHeaders=[^&]*&/, "")
    expect((yield* sendRequest({ ...url, query: unsigned })).text("Message")).toContain(
      "'X-Amz-SignedHeaders'"
    )
    expect(yield* verdict(whoAmI({ form: "presigned", expiresInSeconds: 604_801 }))).toBe(
      "IncompleteSignature"
    )
  }).pipe(emulator)
)

it.effect("does not know what it does not serve", () =>
  Effect.gen(function* () {
    expect(yield* refusal({ action: "AssumeNothing" })).toBe(
      "400 InvalidAction: Could not find operation AssumeNothing for version 2011-06-15"
    )
    expect(yield* refusal(whoAmI({ version: "2015-04-01" }))).toBe(
      "400 InvalidAction: Could not find operation GetCallerIdentity for version 2015-04-01"
    )
  }).pipe(emulator)
)
