import { assert, describe, it } from "@effect/vitest"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { AssumeRoleRequest } from "../../../src/schemas/aws/AssumeRole.js"
import { AssumeRoleWithSAMLRequest } from "../../../src/schemas/aws/AssumeRoleWithSAML.js"
import { AssumeRoleWithWebIdentityRequest } from "../../../src/schemas/aws/AssumeRoleWithWebIdentity.js"
import { AssumeRootRequest } from "../../../src/schemas/aws/AssumeRoot.js"
import { DecodeAuthorizationMessageRequest } from "../../../src/schemas/aws/DecodeAuthorizationMessage.js"
import { GetAccessKeyInfoRequest } from "../../../src/schemas/aws/GetAccessKeyInfo.js"
import { GetCallerIdentityRequest } from "../../../src/schemas/aws/GetCallerIdentity.js"
import { GetDelegatedAccessTokenRequest } from "../../../src/schemas/aws/GetDelegatedAccessToken.js"
import { GetFederationTokenRequest } from "../../../src/schemas/aws/GetFederationToken.js"
import { GetSessionTokenRequest } from "../../../src/schemas/aws/GetSessionToken.js"
import { GetWebIdentityTokenRequest } from "../../../src/schemas/aws/GetWebIdentityToken.js"
import { StsValidationError } from "../../../src/schemas/StsError.js"
import { check, type Fields, type RequestClass } from "../requests.js"
import { operations } from "./operations.js"

interface Subject {
  readonly request: RequestClass
  readonly base: Fields
  /** Each of them alone is fine. */
  readonly good: ReadonlyArray<Fields>
  /** The field that is named, and what is wrong. */
  readonly bad: ReadonlyArray<readonly [field: string, fields: Fields]>
}

const roleArn = "arn:aws:iam::123456789012:role/reader"

const tags = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ key: `key${index}`, value: "v" }))

const arns = (count: number) => Array.from({ length: count }, () => ({ arn: roleArn }))

const bounds = (field: string, min: number, max: number, make: (size: number) => unknown) => ({
  good: [{ [field]: make(min) }, { [field]: make(max) }],
  bad: [...(min === 0 ? [] : [min - 1]), max + 1].map((size) => [field, { [field]: make(size) }] as const)
})

const chars = (size: number) => "a".repeat(size)

const device = { serialNumber: "arn:aws:iam::123456789012:mfa/alice", tokenCode: "012345" }

const session: Pick<Subject, "good" | "bad"> = {
  good: [
    ...bounds("policy", 1, 2048, chars).good,
    ...bounds("policyArns", 0, 10, arns).good,
    { policy: '{"Version":"2012-10-17",\t\r\n"Statement":[]}ÿ' }
  ],
  bad: [
    ...bounds("policy", 1, 2048, chars).bad,
    ...bounds("policyArns", 0, 10, arns).bad,
    ["policy", { policy: "Ā" }],
    ["policy", { policy: "a\u0000" }],
    ["policyArns[0].arn", { policyArns: [{}] }],
    ["policyArns[1].arn", { policyArns: [{ arn: roleArn }, { arn: "arn:short" }] }],
    ["policyArns[0].Arn", { policyArns: [{ arn: roleArn, Arn: roleArn }] }],
    ["policyArns[0]", { policyArns: [roleArn] }]
  ]
}

const roleDuration = bounds("durationSeconds", 900, 43_200, (size) => size)
const userDuration = bounds("durationSeconds", 900, 129_600, (size) => size)

const tagged: Pick<Subject, "good" | "bad"> = {
  good: [
    ...bounds("tags", 0, 50, tags).good,
    { tags: [{ key: "Kostenstelle ä_.:/=+-@1", value: "" }] },
    // 128 characters of two UTF-16 units each
    { tags: [{ key: "𠀀".repeat(128), value: "𠀀".repeat(256) }] }
  ],
  bad: [
    ...bounds("tags", 0, 50, tags).bad,
    ["tags[0].key", { tags: [{ key: "", value: "v" }] }],
    ["tags[0].key", { tags: [{ key: "𠀀".repeat(129), value: "v" }] }],
    ["tags[1].value", { tags: [...tags(1), { key: "k", value: "a,b" }] }],
    ["tags[0].value", { tags: [{ key: "k", value: chars(257) }] }],
    ["tags[0].value", { tags: [{ key: "k" }] }],
    ["tags[0].values", { tags: [{ key: "k", value: "v", values: "v" }] }],
    ["tags", { tags: [...tags(2), { key: "key1", value: "other" }] }],
    ["tags", { tags: { key: "k", value: "v" } }]
  ]
}

const name = (field: string, min: number, max: number): Pick<Subject, "good" | "bad"> => {
  const length = bounds(field, min, max, chars)
  const wrong = ["a b", "a:b", "a/b", "é1", "ab\n", "aws:me"]
  return {
    good: [...length.good, { [field]: "azAZ09_+=,.@-" }],
    bad: [...length.bad, ...wrong.map((value) => [field, { [field]: value }] as const)]
  }
}

const subject = (
  request: Subject["request"],
  base: Fields,
  ...tables: ReadonlyArray<Partial<Pick<Subject, "good" | "bad">>>
): Subject => ({
  request,
  base,
  good: tables.flatMap(({ good = [] }) => good),
  bad: tables.flatMap(({ bad = [] }) => bad)
})

const arn = (field: string): Partial<Subject> => ({
  good: [
    "arn:aws-cn:iam::123456789012:role/path/reader",
    "arn:aws:iam:::role/none",
    "urn:some-other:role:xy"
  ].map((value) => ({ [field]: value })),
  bad: ["", chars(19), chars(2049), `${roleArn}\u0000`, `${roleArn}\uFFFF`].map((value) => [
    field,
    { [field]: value }
  ])
})

const subjects: Readonly<Record<string, Subject>> = {
  AssumeRole: subject(
    AssumeRoleRequest,
    { roleArn, roleSessionName: "report" },
    arn("roleArn"),
    name("roleSessionName", 2, 64),
    name("sourceIdentity", 2, 64),
    roleDuration,
    tagged,
    bounds("externalId", 2, 1224, chars),
    bounds("transitiveTagKeys", 0, 50, (size) => tags(size).map(({ key }) => key)),
    bounds("providedContexts", 1, 5, (size) =>
      Array.from({ length: size }, () => ({ providerArn: roleArn, contextAssertion: "text" }))
    ),
    {
      good: [
        ...session.good,
        { policy: chars(100_000) },
        device,
        { ...device, serialNumber: "GAHT12345678" },
        { ...device, tokenCode: Redacted.make("012345") },
        { externalId: "azAZ09_+=,.@:/-" },
        { tags: tags(1), transitiveTagKeys: ["inherited"] }
      ],
      bad: [
        ...session.bad.filter(([, { policy }]) => typeof policy !== "string" || policy.length < 2049),
        ["tokenCode", { serialNumber: device.serialNumber }],
        ["serialNumber", { tokenCode: device.tokenCode }],
        ["serialNumber", { ...device, serialNumber: "GAHT1234" }],
        ["tokenCode", { ...device, tokenCode: "12345" }],
        ["tokenCode", { ...device, tokenCode: "1234567" }],
        ["tokenCode", { ...device, tokenCode: "١٢٣٤٥٦" }],
        ["tokenCode", { ...device, tokenCode: 123_456 }],
        ["externalId", { externalId: "a b" }],
        [
          "tags",
          {
            tags: [
              { key: "Team", value: "a" },
              { key: "team", value: "b" }
            ]
          }
        ],
        ["providedContexts[0].contextAssertion", { providedContexts: [{ providerArn: roleArn }] }],
        [
          "providedContexts[0].contextAssertion",
          { providedContexts: [{ providerArn: roleArn, contextAssertion: chars(2049) }] }
        ]
      ]
    }
  ),
  AssumeRoleWithSAML: subject(
    AssumeRoleWithSAMLRequest,
    { roleArn, principalArn: "arn:aws:iam::123456789012:saml-provider/idp", samlAssertion: "PHNhbWw+" },
    arn("principalArn"),
    session,
    roleDuration,
    bounds("samlAssertion", 4, 100_000, chars)
  ),
  AssumeRoleWithWebIdentity: subject(
    AssumeRoleWithWebIdentityRequest,
    { roleArn, roleSessionName: "report", webIdentityToken: "head.body.sign" },
    session,
    roleDuration,
    name("roleSessionName", 2, 64),
    bounds("webIdentityToken", 4, 20_000, chars),
    bounds("providerId", 4, 2048, chars)
  ),
  AssumeRoot: subject(
    AssumeRootRequest,
    {
      targetPrincipal: "123456789012",
      taskPolicyArn: { arn: "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy" }
    },
    bounds("targetPrincipal", 12, 2048, chars),
    bounds("durationSeconds", 0, 900, (size) => size),
    {
      bad: [
        ["taskPolicyArn", { taskPolicyArn: roleArn }],
        ["taskPolicyArn.arn", { taskPolicyArn: {} }],
        ["durationSeconds", { durationSeconds: -1 }]
      ]
    }
  ),
  DecodeAuthorizationMessage: subject(
    DecodeAuthorizationMessageRequest,
    { encodedMessage: "encoded" },
    bounds("encodedMessage", 1, 10_240, chars)
  ),
  GetAccessKeyInfo: subject(
    GetAccessKeyInfoRequest,
    { accessKeyId: "AKIAIOSFODNN7EXAMPLE" },
    bounds("accessKeyId", 16, 128, chars),
    { bad: [["accessKeyId", { accessKeyId: "AKIAIOSFODNN7EXAMPL-" }]] }
  ),
  GetCallerIdentity: subject(GetCallerIdentityRequest, {}),
  GetDelegatedAccessToken: subject(
    GetDelegatedAccessTokenRequest,
    { tradeInToken: "token" },
    { good: [{ tradeInToken: chars(200_000) }], bad: [["tradeInToken", { tradeInToken: 5 }]] }
  ),
  GetFederationToken: subject(
    GetFederationTokenRequest,
    { name: "alice" },
    name("name", 2, 32),
    session,
    tagged,
    userDuration,
    {
      bad: [
        [
          "tags",
          {
            tags: [
              { key: "Team", value: "a" },
              { key: "team", value: "b" }
            ]
          }
        ]
      ]
    }
  ),
  GetSessionToken: subject(GetSessionTokenRequest, {}, userDuration, {
    good: [device],
    bad: [
      ["tokenCode", { serialNumber: device.serialNumber }],
      ["serialNumber", { tokenCode: device.tokenCode }]
    ]
  }),
  GetWebIdentityToken: subject(
    GetWebIdentityTokenRequest,
    { audience: ["https://api.example"], signingAlgorithm: "ES384" },
    tagged,
    bounds("durationSeconds", 60, 3600, (size) => size),
    bounds("audience", 1, 10, (size) => Array.from({ length: size }, (_, index) => `audience ${index}`)),
    {
      good: [
        { signingAlgorithm: "RS256" },
        { audience: [chars(1000)] },
        // Claims of their own, unlike the tags of a session.
        {
          tags: [
            { key: "Team", value: "a" },
            { key: "team", value: "b" }
          ]
        }
      ],
      bad: [
        ["signingAlgorithm", { signingAlgorithm: "HS256" }],
        ["audience[0]", { audience: [""] }],
        ["audience[1]", { audience: ["a", chars(1001)] }],
        ["audience", { audience: "https://api.example" }]
      ]
    }
  )
}

const shorten = (fields: Fields): string => {
  const text = JSON.stringify(fields)
  return text.length > 80 ? `${text.slice(0, 60)}… (${text.length})` : text
}

it("covers every operation", () => {
  assert.sameMembers(
    Object.keys(subjects),
    operations.map(({ name }) => name)
  )
})

for (const [operation, subject] of Object.entries(subjects)) {
  describe(operation, () => {
    it("is valid with required fields, and returns the same request", () => {
      assert.isUndefined(check(subject, subject.base))
      const made = subject.request.make(subject.base as never)
      assert.strictEqual(subject.request.make(made as never), made)
    })

    it.each(Object.keys(subject.base))("requires %s", (field) => {
      const { [field]: _, ...rest } = subject.base
      const error = check(subject, rest)
      assert.deepStrictEqual([error?.field, error?.rule], [field, "is required"])
    })

    it("refuses an unknown field", () => {
      const error = check(subject, { ...subject.base, durationSecond: 900 })
      assert.deepStrictEqual(error?.issues, [
        { field: "durationSecond", rule: "is not a field of this operation" }
      ])
    })

    for (const fields of subject.good) {
      it(`accepts ${shorten(fields)}`, () =>
        assert.isUndefined(check(subject, { ...subject.base, ...fields })))
    }

    for (const [field, fields] of subject.bad) {
      it(`refuses ${shorten(fields)}`, () => {
        const error = check(subject, { ...subject.base, ...fields })
        assert.strictEqual(error?.field, field)
        assert.match(error?.rule ?? "", /^(must |is )/)
        assert.strictEqual(error?.cloud, "aws")
        assert.strictEqual(error?.operation, operation)
      })
    }
  })
}

describe("the rule of a refused field", () => {
  it.each<readonly [Fields, string]>([
    [{ roleSessionName: "a b" }, "must be 2 to 64 characters: letters, digits, _ + = , . @ -"],
    [{ durationSeconds: 60 }, "must be a whole number of seconds from 900 to 43200"],
    [{ tags: tags(51) }, "must be a list of 0 to 50"],
    [{ tags: [...tags(1), ...tags(1)] }, "must not repeat a key, in upper or lower case"],
    [{ tags: ["Team=a"] }, "must be an object with key and value"],
    [{ tokenCode: "12345" }, "must be six digits"],
    [{ tokenCode: "123456" }, "must be given: serialNumber and tokenCode go together"]
  ])("of %j is told in words", (fields, rule) => {
    const input = { roleArn, roleSessionName: "report", ...fields }
    const error = Result.getOrThrow(Result.flip(AssumeRoleRequest.validate(input as never)))
    assert.strictEqual(error.rule, rule)
  })
})

describe("parts of a request", () => {
  const role = { roleArn, roleSessionName: "alice" }
  const context = { providerArn: roleArn, contextAssertion: Redacted.make("assertion") }
  const parts = { tags: tags(1), policyArns: arns(1), providedContexts: [context] }

  it("are fine for the constructor, too", () => {
    assert.deepStrictEqual(new AssumeRoleRequest({ ...role, ...parts }).tags, tags(1))
  })

  it.each<Fields>([
    { tags: [{ key: "k", value: "v", values: "v" }] },
    { policyArns: [{ arn: roleArn, Arn: roleArn }] },
    { providedContexts: [{ ...context, context: "c" }] }
  ])("have no other fields, for the constructor and the parser alone either: %o", (fields) => {
    const input = { ...role, ...fields }
    assert.throws(() => new AssumeRoleRequest(input), StsValidationError, "is not a field of this operation")
    const decode = Schema.decodeUnknownResult(AssumeRoleRequest as never as Schema.Codec<unknown>)
    assert.isTrue(Result.isFailure(decode(input)))
  })
})
