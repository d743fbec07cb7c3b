import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as Errors from "../../src/schemas/StsError.js"

const hint = "Do this next."

const api = {
  cloud: "alibaba",
  operation: "AssumeRole",
  code: "NoPermission",
  status: 403,
  detail: "You are not authorized.",
  category: "access-denied",
  retryable: false
} as const

const credential = {
  cloud: "alibaba",
  source: "credentials file",
  reason: "Incomplete",
  detail: "access_key_secret is missing"
} as const

const response = {
  cloud: "alibaba",
  operation: "AssumeRole",
  reason: "ContentType",
  status: 502,
  detail: "this is a page of HTML",
  excerpt: "<html>\n",
  retryable: true
} as const

const transport = {
  cloud: "aws",
  operation: "AssumeRole",
  reason: "Refused",
  host: "sts.example",
  retryable: true
} as const

const samples: ReadonlyArray<readonly [error: Error & { readonly _tag: string }, message: string]> = [
  [
    new Errors.StsApiError(api),
    "Alibaba Cloud STS refused AssumeRole: NoPermission (HTTP 403). You are not authorized."
  ],
  [
    new Errors.StsApiError({
      ...api,
      hint,
      requestId: "R-1",
      retryAfterMillis: 100,
      recommend: "https://example.com/why",
      accessDeniedDetail: { AuthAction: "sts:AssumeRole" }
    }),
    `Alibaba Cloud STS refused AssumeRole: NoPermission (HTTP 403, request R-1). You are not authorized. ${hint}`
  ],
  [
    new Errors.StsValidationError({
      cloud: "alibaba",
      operation: "AssumeRole",
      issues: [
        { field: "roleArn", rule: "is required" },
        { field: "durationSeconds", rule: "must be at least 900" }
      ]
    }),
    "AssumeRole: roleArn is required; durationSeconds must be at least 900. Nothing was sent."
  ],
  [
    new Errors.StsCredentialError(credential),
    "No Alibaba Cloud credentials from credentials file: access_key_secret is missing."
  ],
  [
    new Errors.StsCredentialError({
      ...credential,
      file: "credentials.ini",
      line: 3,
      profile: "default",
      key: "access_key_secret",
      hint
    }),
    `No Alibaba Cloud credentials from credentials file (credentials.ini:3): access_key_secret is missing. ${hint}`
  ],
  [
    new Errors.StsCredentialError({
      cloud: "aws",
      source: "chain",
      reason: "NotConfigured",
      detail: "no source is configured",
      hint,
      attempts: [
        { source: "environment", reason: "NotConfigured", detail: "AWS_ACCESS_KEY_ID is not set" },
        { source: "profile", reason: "NotConfigured", detail: "there is no file" }
      ]
    }),
    `No AWS credentials from chain: no source is configured. Looked at environment: AWS_ACCESS_KEY_ID is not set; profile: there is no file. ${hint}`
  ],
  [
    new Errors.StsSignatureError({ cloud: "aws", operation: "AssumeRole", detail: "the key is empty" }),
    "AssumeRole could not be signed for AWS STS: the key is empty."
  ],
  [
    new Errors.StsConfigError({ key: "timeout", detail: "must be longer than zero", file: "a.ini", hint }),
    `Setting timeout (a.ini) must be longer than zero. ${hint}`
  ],
  [
    new Errors.StsTransportError(transport),
    "AssumeRole got no answer from sts.example: the connection was refused."
  ],
  [
    new Errors.StsTransportError({ ...transport, code: "ECONNREFUSED", detail: hint }),
    `AssumeRole got no answer from sts.example: the connection was refused (ECONNREFUSED). ${hint}`
  ],
  [
    new Errors.StsResponseError(response),
    'AssumeRole got an answer that is not Alibaba Cloud STS\'s (HTTP 502, no content type): this is a page of HTML. It begins: "<html> ".'
  ],
  [
    new Errors.StsResponseError({ ...response, contentType: "text/html", excerpt: "" }),
    "AssumeRole got an answer that is not Alibaba Cloud STS's (HTTP 502, text/html): this is a page of HTML."
  ]
]

describe("errors", () => {
  it.each(samples)("say what happened and what to do: %s", (error, message) => {
    assert.strictEqual(error.message, message)
  })

  it.each(samples)("survive encoding, JSON and decoding: %s", (error) => {
    const schema = error.constructor as unknown as Schema.Codec<Error, unknown>
    const stored = JSON.parse(JSON.stringify(Schema.encodeSync(schema)(error)))
    const restored = Schema.decodeUnknownSync(schema)(stored)
    assert.strictEqual(restored.constructor, error.constructor)
    assert.deepStrictEqual({ ...restored }, { ...error })
    assert.strictEqual(restored.message, error.message)
  })

  it("are all here", () => {
    const classes = Object.values(Errors).filter(
      (value) => typeof value === "function" && value.prototype instanceof Error
    )
    assert.sameMembers(classes, [...new Set(samples.map(([error]) => error.constructor))])
  })

  it("of a validation name the first field and rule", () => {
    const error = new Errors.StsValidationError({
      cloud: "alibaba",
      operation: "AssumeRole",
      issues: [{ field: "roleArn", rule: "is required" }]
    })
    assert.deepStrictEqual([error.field, error.rule], ["roleArn", "is required"])
  })

  it.each(Errors.TransportErrorReason.literals)("have words for the reason %s", (reason) => {
    const { message } = new Errors.StsTransportError({ ...transport, reason })
    assert.match(message, /^AssumeRole got no answer from sts\.example: [a-z].+\.$/)
  })
})

describe("a refusal's code", () => {
  const refused = (code: string) =>
    new Errors.StsApiError({
      cloud: "aws",
      operation: "AssumeRole",
      code,
      status: 400,
      detail: "",
      category: "other",
      retryable: false
    })

  it("matches with and without the suffix", () => {
    assert.isTrue(refused("ExpiredTokenException").is("ExpiredToken"))
    assert.isTrue(refused("ExpiredToken").is("ExpiredTokenException"))
    assert.isTrue(refused("NoPermission").is("NoPermission"))
    assert.isFalse(refused("ExpiredToken").is("ExpiredTrade"))
  })
})
