import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { AssumeRoleOperation } from "../../../src/schemas/alibaba/AssumeRole.js"
import { AssumeRoleWithOIDCOperation } from "../../../src/schemas/alibaba/AssumeRoleWithOIDC.js"
import { AssumeRoleWithSAMLOperation } from "../../../src/schemas/alibaba/AssumeRoleWithSAML.js"
import { GetCallerIdentityOperation } from "../../../src/schemas/alibaba/GetCallerIdentity.js"
import { shownForms } from "../exposure.js"

const credentials = {
  AccessKeyId: "STS.id",
  AccessKeySecret: "planted-secret",
  SecurityToken: "planted-token",
  Expiration: "2026-01-31T12:00:00Z"
}

const assumed = {
  RequestId: "request-1",
  Credentials: credentials,
  AssumedRoleUser: { Arn: "acs:ram::123:role/reader/report", AssumedRoleId: "300:report" }
}

const accepts = <A, I>(schema: Schema.Codec<A, I>, wire: unknown): boolean =>
  Result.isSuccess(Schema.decodeUnknownResult(schema)(wire))

const without = (name: string) =>
  Object.fromEntries(Object.entries(credentials).filter(([field]) => field !== name))

describe("AssumeRole's response", () => {
  const decode = Schema.decodeUnknownSync(AssumeRoleOperation.response)

  it("has every field under this package's names", () => {
    const response = decode({ ...assumed, SourceIdentity: "alice" })
    assert.strictEqual(response.requestId, "request-1")
    assert.strictEqual(response.sourceIdentity, "alice")
    assert.strictEqual(response.assumedRoleUser?.arn, "acs:ram::123:role/reader/report")
    assert.strictEqual(response.assumedRoleUser?.assumedRoleId, "300:report")
    assert.strictEqual(response.credentials.accessKeyId, "STS.id")
    assert.strictEqual(Redacted.value(response.credentials.accessKeySecret), "planted-secret")
    assert.strictEqual(Redacted.value(response.credentials.securityToken), "planted-token")
    assert.strictEqual(DateTime.toEpochMillis(response.credentials.expiration), Date.UTC(2026, 0, 31, 12))
  })

  it.each<readonly [string, object]>([
    ["nothing of the role's user", { ...assumed, AssumedRoleUser: undefined }],
    ["an empty user", { ...assumed, AssumedRoleUser: {} }],
    ["a user without an id", { ...assumed, AssumedRoleUser: { Arn: "" } }]
  ])("may have %s", (_, wire) => assert.isString(decode(wire).credentials.accessKeyId))

  it("may have unknown fields and no request id", () => {
    const { RequestId: _, ...rest } = assumed
    const response = decode({ ...rest, New: 1, Credentials: { ...credentials, New: [] } })
    assert.isUndefined(response.requestId)
    assert.isFalse("New" in response)
  })

  it.each<readonly [string, unknown]>([
    ["no credentials", { ...assumed, Credentials: undefined }],
    ["null for credentials", { ...assumed, Credentials: null }],
    ["an empty access key id", { ...assumed, Credentials: { ...credentials, AccessKeyId: "" } }],
    ["a secret that is no text", { ...assumed, Credentials: { ...credentials, AccessKeySecret: 5 } }],
    [
      "an expiration that is no time",
      { ...assumed, Credentials: { ...credentials, Expiration: "tomorrow" } }
    ],
    [
      "an expiration without a zone",
      { ...assumed, Credentials: { ...credentials, Expiration: "2026-01-31T12:00:00" } }
    ],
    ["an expiration as a number", { ...assumed, Credentials: { ...credentials, Expiration: 1_800_000_000 } }],
    ...Object.keys(credentials).map((name): readonly [string, unknown] => [
      `no ${name}`,
      { ...assumed, Credentials: without(name) }
    ]),
    ["text instead of fields", "text"],
    ["nothing", {}]
  ])("is refused with %s", (_, wire) => {
    assert.isFalse(accepts(AssumeRoleOperation.response, wire))
  })

  it.each(["2026-01-31T12:00:00.000Z", "2026-01-31T20:00:00+08:00", "2026-01-31T20:00:00+0800"])(
    "may tell the time as %s",
    (Expiration) => {
      const { credentials: issued } = decode({ ...assumed, Credentials: { ...credentials, Expiration } })
      assert.strictEqual(DateTime.toEpochMillis(issued.expiration), Date.UTC(2026, 0, 31, 12))
    }
  )

  it("shows no secret, even encoded", () => {
    const response = decode(assumed)
    const encoded = Schema.encodeSync(AssumeRoleOperation.response)(response)
    for (const form of [
      ...shownForms(response),
      ...shownForms(response.credentials),
      ...shownForms(encoded)
    ]) {
      assert.notInclude(form, "planted-")
    }
  })

  it("is the same after encoding and decoding", () => {
    const response = decode(assumed)
    assert.deepStrictEqual(decode(Schema.encodeSync(AssumeRoleOperation.response)(response)), response)
  })
})

describe("AssumeRoleWithSAML's response", () => {
  it("has the assertion's fields", () => {
    const response = Schema.decodeUnknownSync(AssumeRoleWithSAMLOperation.response)({
      ...assumed,
      SAMLAssertionInfo: { SubjectType: "persistent", Subject: "alice", Issuer: "idp", Recipient: "here" }
    })
    assert.deepStrictEqual(
      { ...response.samlAssertionInfo },
      { subjectType: "persistent", subject: "alice", issuer: "idp", recipient: "here" }
    )
  })

  it("may lack it", () => {
    assert.isTrue(accepts(AssumeRoleWithSAMLOperation.response, assumed))
    assert.isTrue(accepts(AssumeRoleWithSAMLOperation.response, { ...assumed, SAMLAssertionInfo: {} }))
  })
})

describe("AssumeRoleWithOIDC's response", () => {
  it("has the token's fields", () => {
    const response = Schema.decodeUnknownSync(AssumeRoleWithOIDCOperation.response)({
      ...assumed,
      OIDCTokenInfo: {
        Subject: "alice",
        Issuer: "https://idp.example",
        ClientIds: "one,two",
        ExpirationTime: "2026-01-31T12:00:00Z",
        IssuanceTime: "2026-01-31T11:00:00Z",
        VerificationInfo: "Success"
      }
    })
    assert.deepStrictEqual(
      { ...response.oidcTokenInfo },
      {
        subject: "alice",
        issuer: "https://idp.example",
        clientIds: "one,two",
        expirationTime: "2026-01-31T12:00:00Z",
        issuanceTime: "2026-01-31T11:00:00Z",
        verificationInfo: "Success"
      }
    )
  })

  it("may lack it", () => {
    assert.isTrue(accepts(AssumeRoleWithOIDCOperation.response, assumed))
  })
})

describe("GetCallerIdentity's response", () => {
  const identity = {
    IdentityType: "RAMUser",
    AccountId: "123",
    PrincipalId: "216",
    Arn: "acs:ram::123:user/alice"
  }

  it.each(["Account", "RAMUser", "AssumedRoleUser", "SomethingNew"])(
    "may be of the type %s",
    (IdentityType) => {
      const response = Schema.decodeUnknownSync(GetCallerIdentityOperation.response)({
        ...identity,
        IdentityType,
        UserId: "1",
        RoleId: "2"
      })
      assert.strictEqual(response.identityType, IdentityType)
      assert.deepStrictEqual([response.userId, response.roleId], ["1", "2"])
    }
  )

  it.each(Object.keys(identity))("is refused without %s", (name) => {
    assert.isFalse(accepts(GetCallerIdentityOperation.response, { ...identity, [name]: undefined }))
  })
})
