import { isDeepStrictEqual } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Equal from "effect/Equal"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as FastCheck from "fast-check"
import { accepting, decoder, refused } from "../../src/schemas/Codec.js"
import { issuesOf } from "../../src/schemas/ValidationIssues.js"
import { operations as alibaba } from "./alibaba/operations.js"
import { operations as aws } from "./aws/operations.js"
import { choices, mutated } from "./mutations.js"

const numRuns = 10_000

type Tree = Readonly<Record<string, unknown>>

const roleArn = "arn:aws:iam::123456789012:role/reader"
const policy = '{"Version":"2012-10-17"}'
const tags = [
  { key: "team", value: "red" },
  { key: "cost", value: "" }
]

/** What every field of a request may hold, whichever operation has it. */
const requests: { readonly [cloud: string]: Tree } = {
  aws: {
    roleArn,
    principalArn: roleArn,
    roleSessionName: "report",
    policyArns: [{ arn: roleArn }, { arn: roleArn }],
    policy,
    durationSeconds: 900,
    tags,
    transitiveTagKeys: ["team"],
    externalId: "external",
    serialNumber: "arn:aws:iam::123456789012:mfa/alice",
    tokenCode: "012345",
    sourceIdentity: "alice",
    providedContexts: [{ providerArn: roleArn, contextAssertion: Redacted.make("assertion") }],
    samlAssertion: "assertion",
    webIdentityToken: Redacted.make("header.claims.signature"),
    providerId: "graph.facebook.com",
    targetPrincipal: "123456789012",
    taskPolicyArn: { arn: roleArn },
    encodedMessage: "message",
    accessKeyId: "ASIAIOSFODNN7EXAMPLE",
    tradeInToken: "token",
    name: "alice",
    audience: ["https://example.com", "urn:b"],
    signingAlgorithm: "ES384"
  },
  alibaba: {
    roleArn: "acs:ram::123456789012:role/reader",
    roleSessionName: "report",
    durationSeconds: 900,
    policy,
    externalId: "external",
    sourceIdentity: "alice",
    samlProviderArn: "acs:ram::123456789012:saml-provider/company",
    oidcProviderArn: "acs:ram::123456789012:oidc-provider/company",
    samlAssertion: "assertion",
    oidcToken: Redacted.make("header.claims.signature")
  }
}

/** The same for replies. */
const replies: { readonly [cloud: string]: Tree } = {
  aws: {
    requestId: "request-1",
    credentials: {
      accessKeyId: "ASIAIOSFODNN7EXAMPLE",
      secretAccessKey: "secret",
      sessionToken: "token",
      expiration: new Date("2026-01-31T12:00:00.25Z")
    },
    assumedRoleUser: { arn: roleArn, assumedRoleId: "AROAEXAMPLE:report" },
    federatedUser: { arn: roleArn, federatedUserId: "123456789012:alice" },
    packedPolicySize: 6,
    sourceIdentity: "alice",
    subject: "alice",
    subjectType: "persistent",
    issuer: "company",
    audience: "https://example.com",
    nameQualifier: "hash",
    subjectFromWebIdentityToken: "alice",
    provider: "company",
    decodedMessage: '{"allowed":false,"context":{"action":"ec2:RunInstances"}}',
    account: "123456789012",
    userId: "AIDAEXAMPLE",
    arn: roleArn,
    assumedPrincipal: roleArn,
    webIdentityToken: "header.claims.signature",
    expiration: new Date("2026-01-31T12:00:00Z")
  },
  alibaba: {
    RequestId: "request-1",
    Credentials: {
      AccessKeyId: "STS.example",
      AccessKeySecret: "secret",
      SecurityToken: "token",
      Expiration: "2026-01-31T12:00:00Z"
    },
    AssumedRoleUser: { Arn: "acs:ram::123456789012:role/reader/report", AssumedRoleId: "1:report" },
    SAMLAssertionInfo: { SubjectType: "persistent", Subject: "alice", Issuer: "company", Recipient: "here" },
    OIDCTokenInfo: { Subject: "alice", Issuer: "company", ClientIds: "a,b", ExpirationTime: "2026-01-31" },
    SourceIdentity: "alice",
    IdentityType: "Account",
    AccountId: "123456789012",
    PrincipalId: "123456789012",
    Arn: "acs:ram::123456789012:root",
    UserId: "1",
    RoleId: "2"
  }
}

/** All that there is to a value, secrets too. */
const described = (value: unknown): unknown => {
  if (Redacted.isRedacted(value)) return ["secret", described(Redacted.value(value))]
  if (DateTime.isDateTime(value)) return ["time", DateTime.toEpochMillis(value)]
  if (typeof value !== "object" || value === null) return value
  const fields = Object.entries(Object.getOwnPropertyDescriptors(value))
  return [
    Object.getPrototypeOf(value)?.constructor,
    fields.map(([name, { value, ...kind }]) => [name, kind, described(value)])
  ]
}

const options = { errors: "all", onExcessProperty: "ignore" } as const

/** Whatever is refused is asked of the schema, so that there is nothing more to agree on. */
const agrees = (schema: Schema.Codec<object, unknown>, right: object) => {
  const accept = accepting(schema)
  const ask = Schema.decodeUnknownResult(schema, options)
  const [whole, one, other] = [accept(right), Result.getOrThrow(ask(right)), Result.getOrThrow(ask(right))]
  assert.strictEqual(String(whole), String(one))
  assert.strictEqual(Equal.equals(whole, one), Equal.equals(other, one))
  FastCheck.assert(
    FastCheck.property(choices, (chosen) => {
      const input = mutated(right, chosen)
      const value = accept(input)
      if (value === refused) return
      assert.isTrue(isDeepStrictEqual(described(value), described(Result.getOrThrow(ask(input)))))
    }),
    { numRuns }
  )
}

const only = (tree: Tree | undefined, names: ReadonlyArray<string>): Tree =>
  Object.fromEntries(names.flatMap((name) => (tree?.[name] === undefined ? [] : [[name, tree[name]]])))

for (const [cloud, operations] of Object.entries({ alibaba, aws })) {
  describe(`the fast path and the schema accept the same: ${cloud}`, () => {
    for (const { name, request, response } of operations) {
      it(`${name}'s request`, () => {
        const schema = request as unknown as Schema.Codec<object, unknown> & { readonly fields: object }
        agrees(schema, only(requests[cloud], Object.keys(schema.fields)))
      })

      it(`${name}'s response`, () => agrees(response as never, replies[cloud] as object))
    }
  })
}

describe("a decoder", () => {
  const Port = Schema.Struct({ port: Schema.Number, host: Schema.optional(Schema.String) })
  const decode = decoder(Port, options)

  it("reports errors in the schema's words", () => {
    const issues = (input: unknown) => issuesOf(Result.getOrThrow(Result.flip(decode(input))).issue)
    for (const input of [undefined, [], {}, { port: "80" }, { port: 80, host: 1 }]) {
      const asked = Result.getOrThrow(Result.flip(Schema.decodeUnknownResult(Port, options)(input)))
      assert.deepStrictEqual(issues(input), issuesOf(asked.issue))
    }
  })

  it("asks the schema only for inputs that the fast path refuses", () => {
    let looked = 0
    const Seen = Schema.String.pipe(
      Schema.check(
        Schema.makeFilter((text) => {
          looked++
          return text !== ""
        })
      )
    )
    const see = decoder(Seen)
    assert.isTrue(Result.isSuccess(see("a")))
    assert.strictEqual(looked, 1)
    assert.isTrue(Result.isFailure(see("")))
    assert.strictEqual(looked, 3)
  })

  it("decodes unknown inputs", () => {
    const Known = Schema.Record(Schema.String, Schema.Number)
    assert.deepStrictEqual(Result.getOrThrow(decoder(Known)({ a: 1 })), { a: 1 })
  })

  it("treats inherited fields like the schema", () => {
    const input = Object.create({ port: 80 })
    assert.deepStrictEqual(
      Result.isSuccess(decode(input)),
      Result.isSuccess(Schema.decodeUnknownResult(Port, options)(input))
    )
  })

  it("copies a secret that it is given", () => {
    const given = Redacted.make("token")
    const made = Result.getOrThrow(decoder(Schema.Redacted(Schema.String))(given))
    assert.notStrictEqual(made, given)
    assert.isTrue(Equal.equals(made, given))
  })
})
