import { assert, describe, it } from "@effect/vitest"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { AssumeRoleRequest } from "../../../src/schemas/alibaba/AssumeRole.js"
import { AssumeRoleWithOIDCRequest } from "../../../src/schemas/alibaba/AssumeRoleWithOIDC.js"
import { AssumeRoleWithSAMLRequest } from "../../../src/schemas/alibaba/AssumeRoleWithSAML.js"
import { GetCallerIdentityRequest } from "../../../src/schemas/alibaba/GetCallerIdentity.js"
import { shownForms } from "../exposure.js"
import { type Checks, check, constructed, type Fields, type RequestClass } from "../requests.js"

interface Values {
  readonly good: ReadonlyArray<unknown>
  readonly bad: ReadonlyArray<unknown>
}

/** Just inside and just outside of the bounds on a length. */
const lengths = (min: number, max: number): Values => ({
  good: ["a".repeat(min), "a".repeat(max)],
  bad: [...(min === 0 ? [] : ["a".repeat(min - 1)]), "a".repeat(max + 1), 5, null, ["aaaa"]]
})

const both = (one: Values, other: Values): Values => ({
  good: [...one.good, ...other.good],
  bad: [...one.bad, ...other.bad]
})

const arn = (kind: string): Values => ({
  good: [`acs:ram::1234567890123456:${kind}/reader`, `acs:ram::demo:${kind}/path/to/a-name_1.x@y`],
  bad: [
    "",
    `acs:ram::123:${kind}/`,
    `acs:ram::123:${kind}/a b`,
    `acs:ram::123:${kind}/a\n`,
    `acs:ram:::${kind}/reader`,
    `acs:ram::123:group/reader`,
    ` acs:ram::123:${kind}/reader`,
    `arn:aws:iam::123456789012:${kind}/reader`,
    5,
    null
  ]
})

const values: Readonly<Record<string, Values>> = {
  roleArn: arn("role"),
  samlProviderArn: arn("saml-provider"),
  oidcProviderArn: arn("oidc-provider"),
  roleSessionName: both(lengths(2, 64), {
    good: ["azAZ09.@-_"],
    bad: ["a b", "a/b", "a+b", "a:b", "é1", "ab\n", ""]
  }),
  durationSeconds: {
    good: [900, 3600, 43_200],
    bad: [899, 43_201, 900.5, 0, -900, Number.NaN, Number.POSITIVE_INFINITY, "3600", null]
  },
  policy: both(lengths(1, 2048), { good: ['{"Version":"1","Statement":[]}'], bad: [{}] }),
  externalId: both(lengths(2, 1224), {
    good: ["azAZ09_+=,.@:/-"],
    bad: ["a b", "a!b", "é1", "a\\b", "ab\n"]
  }),
  sourceIdentity: both(lengths(2, 64), {
    good: ["azAZ09_+=,.@-", "acs", "my-aliyun"],
    bad: ["acs:me", "ACS:me", "aliyun:me", "alibabacloud:me", "a:b", "a b", "a/b", "é1", "ab\n"]
  }),
  oidcToken: lengths(4, 20_000),
  samlAssertion: lengths(4, 100_000)
}

const required = {
  roleArn: "acs:ram::123:role/reader",
  roleSessionName: "report",
  samlProviderArn: "acs:ram::123:saml-provider/idp",
  samlAssertion: "PHNhbWw+",
  oidcProviderArn: "acs:ram::123:oidc-provider/idp",
  oidcToken: "head.body.sign"
}

interface Subject {
  readonly name: string
  readonly request: RequestClass
  readonly required: ReadonlyArray<keyof typeof required>
  readonly optional: ReadonlyArray<string>
}

const subjects: ReadonlyArray<Subject> = [
  {
    name: "AssumeRole",
    request: AssumeRoleRequest,
    required: ["roleArn", "roleSessionName"],
    optional: ["durationSeconds", "policy", "externalId", "sourceIdentity"]
  },
  {
    name: "AssumeRoleWithSAML",
    request: AssumeRoleWithSAMLRequest,
    required: ["samlProviderArn", "roleArn", "samlAssertion"],
    optional: ["durationSeconds", "policy"]
  },
  {
    name: "AssumeRoleWithOIDC",
    request: AssumeRoleWithOIDCRequest,
    required: ["oidcProviderArn", "roleArn", "oidcToken"],
    optional: ["roleSessionName", "durationSeconds", "policy"]
  },
  { name: "GetCallerIdentity", request: GetCallerIdentityRequest, required: [], optional: [] }
]

const baseOf = (subject: Subject): Fields =>
  Object.fromEntries(subject.required.map((field) => [field, required[field]]))

const shorten = (value: unknown): string => {
  const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value))
  return text.length > 40 ? `${text.slice(0, 20)}… (${text.length - 2})` : text
}

for (const subject of subjects) {
  describe(subject.name, () => {
    it("is valid with required fields, and returns the same request", () => {
      assert.isUndefined(check(subject, baseOf(subject)))
      const made = subject.request.make(baseOf(subject) as never)
      assert.isTrue(made instanceof subject.request)
      assert.strictEqual(subject.request.make(made as never), made)
    })

    it("accepts an optional field that is undefined", () => {
      const undefinedFields = Object.fromEntries(subject.optional.map((field) => [field, undefined]))
      assert.isUndefined(check(subject, { ...baseOf(subject), ...undefinedFields }))
    })

    for (const field of [...subject.required, ...subject.optional]) {
      for (const value of values[field]?.good ?? []) {
        it(`accepts ${field} ${shorten(value)}`, () => {
          assert.isUndefined(check(subject, { ...baseOf(subject), [field]: value }))
        })
      }
      for (const value of values[field]?.bad ?? []) {
        it(`refuses ${field} ${shorten(value)}`, () => {
          const error = check(subject, { ...baseOf(subject), [field]: value })
          assert.strictEqual(error?.field, field)
          assert.match(error?.rule ?? "", /^must (?!be must)[^|]+$/)
          assert.strictEqual(error?.operation, subject.name)
        })
      }
    }

    for (const field of subject.required) {
      it(`requires ${field}`, () => {
        const { [field]: _, ...rest } = baseOf(subject)
        assert.strictEqual(check(subject, rest)?.rule, "is required")
      })
    }

    it("refuses an unknown field", () => {
      const result = subject.request.validate({ ...baseOf(subject), durationSecond: 900 } as never)
      const error = Result.getOrThrow(Result.flip(result))
      assert.deepStrictEqual(error.issues, [
        { field: "durationSecond", rule: "is not a field of this operation" }
      ])
      assert.throws(() => subject.request.make({ ...baseOf(subject), durationSecond: 900 } as never))
      assert.throws(
        () => new subject.request(constructed({ ...baseOf(subject), durationSecond: 900 }) as never)
      )
    })

    it.each([[null], [undefined], [5], ["text"], [[]]])("refuses %j instead of fields", (input) => {
      assert.isTrue(Result.isFailure(subject.request.validate(input as never)))
    })

    it("names every invalid field", () => {
      const wrong = Object.fromEntries(subject.required.map((field) => [field, 5]))
      const error = Result.getOrUndefined(Result.flip(subject.request.validate(wrong as never)))
      assert.deepStrictEqual(error?.issues.map((issue) => issue.field) ?? [], [...subject.required])
    })
  })
}

describe("secrets of a request", () => {
  const planted = "planted-secret-value"
  const oidc = { ...baseOf(subjects[2] as Subject) }
  const saml = { ...baseOf(subjects[1] as Subject) }

  it.each([
    AssumeRoleWithOIDCRequest.make({ ...oidc, oidcToken: planted } as never),
    AssumeRoleWithOIDCRequest.make({ ...oidc, oidcToken: Redacted.make(planted) } as never),
    AssumeRoleWithSAMLRequest.make({ ...saml, samlAssertion: planted } as never)
  ])("are not shown: %o", (request) => {
    for (const form of shownForms(request)) assert.notInclude(form, planted)
  })

  it.each<readonly [string, Checks, Fields]>([
    ["a token too long", AssumeRoleWithOIDCRequest, { ...oidc, oidcToken: planted.repeat(1_001) }],
    ["a token in an object", AssumeRoleWithOIDCRequest, { ...oidc, oidcToken: { token: planted } }],
    ["a token in a list", AssumeRoleWithOIDCRequest, { ...oidc, oidcToken: [planted] }],
    ["a redacted object", AssumeRoleWithOIDCRequest, { ...oidc, oidcToken: Redacted.make({ planted }) }],
    ["a token in another field", AssumeRoleWithOIDCRequest, { ...oidc, roleArn: planted, policy: [planted] }],
    ["a token under an unknown name", AssumeRoleWithOIDCRequest, { ...oidc, token: planted }],
    ["an assertion too long", AssumeRoleWithSAMLRequest, { ...saml, samlAssertion: planted.repeat(5_001) }]
  ])("are not told by the error: %s", (_, request, fields) => {
    const error = Result.getOrThrow(Result.flip(request.validate(fields as never)))
    for (const form of shownForms(error)) assert.notInclude(form, planted)
  })
})
