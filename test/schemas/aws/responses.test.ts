import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { AssumeRoleResponse } from "../../../src/schemas/aws/AssumeRole.js"
import { AssumeRoleWithSAMLResponse } from "../../../src/schemas/aws/AssumeRoleWithSAML.js"
import { AssumeRoleWithWebIdentityResponse } from "../../../src/schemas/aws/AssumeRoleWithWebIdentity.js"
import { AssumeRootResponse } from "../../../src/schemas/aws/AssumeRoot.js"
import { GetCallerIdentityResponse } from "../../../src/schemas/aws/GetCallerIdentity.js"
import { GetDelegatedAccessTokenResponse } from "../../../src/schemas/aws/GetDelegatedAccessToken.js"
import { GetFederationTokenResponse } from "../../../src/schemas/aws/GetFederationToken.js"
import { GetSessionTokenResponse } from "../../../src/schemas/aws/GetSessionToken.js"
import { GetWebIdentityTokenResponse } from "../../../src/schemas/aws/GetWebIdentityToken.js"
import { shownForms } from "../exposure.js"
import { operations } from "./operations.js"

const noon = new Date("2026-01-31T12:00:00.25Z")

const credentials = {
  accessKeyId: "ASIAIOSFODNN7EXAMPLE",
  secretAccessKey: "planted-secret",
  sessionToken: "planted-token",
  expiration: noon
}

const without = (field: string) =>
  Object.fromEntries(Object.entries(credentials).filter(([name]) => name !== field))

const accepts = <A, I>(schema: Schema.Codec<A, I>, result: unknown): boolean =>
  Result.isSuccess(Schema.decodeUnknownResult(schema)(result))

describe("issued credentials", () => {
  const issuing = [
    AssumeRoleResponse,
    AssumeRoleWithSAMLResponse,
    AssumeRoleWithWebIdentityResponse,
    AssumeRootResponse,
    GetDelegatedAccessTokenResponse,
    GetFederationTokenResponse,
    GetSessionTokenResponse
  ]

  it.each<readonly [string, unknown]>([
    ["no credentials", {}],
    ["null for credentials", { credentials: null }],
    ["empty credentials", { credentials: {} }],
    ["text for credentials", { credentials: "text" }],
    ["an empty access key id", { credentials: { ...credentials, accessKeyId: "" } }],
    ["an empty secret", { credentials: { ...credentials, secretAccessKey: "" } }],
    ["an empty session token", { credentials: { ...credentials, sessionToken: "" } }],
    ["an expiration that is no date", { credentials: { ...credentials, expiration: new Date("tomorrow") } }],
    ["an expiration as text", { credentials: { ...credentials, expiration: "2026-01-31T12:00:00Z" } }],
    ["an expiration as a number", { credentials: { ...credentials, expiration: noon.getTime() } }],
    ...Object.keys(credentials).map((field): readonly [string, unknown] => [
      `no ${field}`,
      { credentials: without(field) }
    ])
  ])("are refused with %s", (_, result) => {
    for (const response of issuing) assert.isFalse(accepts(response, result))
  })

  it("are enough of a response", () => {
    for (const response of issuing) assert.isTrue(accepts(response, { credentials }))
  })
})

describe("AssumeRole's response", () => {
  const decode = Schema.decodeUnknownSync(AssumeRoleResponse)
  const arn = "arn:aws:sts::123456789012:assumed-role/reader/report"
  const whole = {
    requestId: "request-1",
    credentials,
    assumedRoleUser: { arn, assumedRoleId: "AROAEXAMPLE:report" },
    packedPolicySize: 6,
    sourceIdentity: "alice"
  }

  it("has every field", () => {
    const response = decode(whole)
    assert.strictEqual(response.requestId, "request-1")
    assert.strictEqual(response.packedPolicySize, 6)
    assert.strictEqual(response.sourceIdentity, "alice")
    assert.deepStrictEqual({ ...response.assumedRoleUser }, whole.assumedRoleUser)
    assert.strictEqual(Redacted.value(response.credentials.secretAccessKey), "planted-secret")
    assert.strictEqual(Redacted.value(response.credentials.sessionToken), "planted-token")
    assert.deepStrictEqual(DateTime.toDateUtc(response.credentials.expiration), noon)
  })

  it.each([
    { ...whole, new: 1, credentials: { ...credentials, new: [] } },
    { ...whole, assumedRoleUser: {} },
    { ...whole, assumedRoleUser: { arn: "", assumedRoleId: "" } },
    { ...whole, assumedRoleUser: { arn: "arn:aws:sts:::assumed-role" } },
    { ...whole, packedPolicySize: 0 },
    { credentials, assumedRoleUser: undefined, packedPolicySize: undefined, sourceIdentity: undefined }
  ])("may be of another service: %j", (result) => {
    assert.isFalse("new" in decode(result))
  })

  it("shows no secret, even encoded", () => {
    const response = decode(whole)
    const encoded = Schema.encodeSync(AssumeRoleResponse)(response)
    for (const form of [...shownForms(response), ...shownForms(encoded)]) assert.notInclude(form, "planted-")
  })

  it("is the same after encoding and decoding", () => {
    const response = decode(whole)
    assert.deepStrictEqual(decode(Schema.encodeSync(AssumeRoleResponse)(response)), response)
  })
})

describe("GetCallerIdentity's response", () => {
  const identity = {
    userId: "AIDAEXAMPLE",
    account: "123456789012",
    arn: "arn:aws:iam::123456789012:user/alice"
  }

  it("has the caller's identity", () => {
    const response = Schema.decodeUnknownSync(GetCallerIdentityResponse)(identity)
    assert.deepStrictEqual({ ...response }, identity)
  })

  it("may have an ARN without an account", () => {
    assert.isTrue(
      accepts(GetCallerIdentityResponse, { ...identity, account: "", arn: "arn:aws:iam:::user/alice" })
    )
  })

  it.each(Object.keys(identity))("is refused without %s", (field) => {
    assert.isFalse(accepts(GetCallerIdentityResponse, { ...identity, [field]: undefined }))
  })
})

describe("GetWebIdentityToken's response", () => {
  it("keeps the token secret", () => {
    const response = Schema.decodeUnknownSync(GetWebIdentityTokenResponse)({
      webIdentityToken: "planted-token",
      expiration: noon
    })
    assert.strictEqual(Redacted.value(response.webIdentityToken), "planted-token")
    assert.strictEqual(DateTime.formatIso(response.expiration), "2026-01-31T12:00:00.250Z")
    for (const form of shownForms(response)) assert.notInclude(form, "planted-")
  })

  it.each([
    {},
    { webIdentityToken: "token" },
    { webIdentityToken: "", expiration: noon },
    { webIdentityToken: "token", expiration: new Date(Number.NaN) }
  ])("is refused as %j", (result) => {
    assert.isFalse(accepts(GetWebIdentityTokenResponse, result))
  })
})

describe("GetFederationToken's response", () => {
  it("has the federated user", () => {
    const federatedUser = {
      federatedUserId: "123456789012:alice",
      arn: "arn:aws:sts::123456789012:federated-user/alice"
    }
    const response = Schema.decodeUnknownSync(GetFederationTokenResponse)({ credentials, federatedUser })
    assert.deepStrictEqual({ ...response.federatedUser }, federatedUser)
  })
})

it("AssumeRoot alone is not served by the global endpoint", () => {
  const regional = operations.filter(({ globalEndpoint }) => !globalEndpoint)
  assert.deepStrictEqual(
    regional.map(({ name }) => name),
    ["AssumeRoot"]
  )
})
