import { assert, describe, it } from "@effect/vitest"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { AssumeRoleRequest } from "../../../src/schemas/aws/AssumeRole.js"
import { AssumeRoleWithSAMLRequest } from "../../../src/schemas/aws/AssumeRoleWithSAML.js"
import { AssumeRoleWithWebIdentityRequest } from "../../../src/schemas/aws/AssumeRoleWithWebIdentity.js"
import { GetDelegatedAccessTokenRequest } from "../../../src/schemas/aws/GetDelegatedAccessToken.js"
import { GetSessionTokenRequest } from "../../../src/schemas/aws/GetSessionToken.js"
import { shownForms } from "../exposure.js"
import type { Checks, Fields } from "../requests.js"

describe("secrets of a request", () => {
  const roleArn = "arn:aws:iam::123456789012:role/reader"
  const planted = "planted-secret-value"
  const saml = {
    roleArn,
    principalArn: "arn:aws:iam::123456789012:saml-provider/idp",
    samlAssertion: "PHNhbWw+"
  }
  const web = { roleArn, roleSessionName: "report", webIdentityToken: "head.body.sign" }
  const role = { roleArn, roleSessionName: "report" }
  const context = { providerArn: roleArn, contextAssertion: planted }

  it.each([
    AssumeRoleWithSAMLRequest.make({ ...saml, samlAssertion: planted } as never),
    AssumeRoleWithWebIdentityRequest.make({ ...web, webIdentityToken: Redacted.make(planted) } as never),
    AssumeRoleRequest.make({ ...role, providedContexts: [context] }),
    GetDelegatedAccessTokenRequest.make({ tradeInToken: planted })
  ])("are not shown: %o", (request) => {
    for (const form of shownForms(request)) assert.notInclude(form, planted)
  })

  it("are not shown: an MFA code", () => {
    const request = AssumeRoleRequest.make({ ...role, serialNumber: "GAHT12345678", tokenCode: "918273" })
    for (const form of shownForms(request)) assert.notInclude(form, "918273")
  })

  it.each<readonly [string, Checks, Fields]>([
    ["an assertion too long", AssumeRoleWithSAMLRequest, { ...saml, samlAssertion: planted.repeat(5_001) }],
    [
      "a token too long",
      AssumeRoleWithWebIdentityRequest,
      { ...web, webIdentityToken: planted.repeat(1_001) }
    ],
    ["a token in a list", AssumeRoleWithWebIdentityRequest, { ...web, webIdentityToken: [planted] }],
    [
      "a redacted object",
      AssumeRoleWithWebIdentityRequest,
      { ...web, webIdentityToken: Redacted.make({ planted }) }
    ],
    ["a token in another field", AssumeRoleWithWebIdentityRequest, { ...web, durationSeconds: planted }],
    ["a token under an unknown name", GetDelegatedAccessTokenRequest, { token: planted }],
    ["a token in an object", GetDelegatedAccessTokenRequest, { tradeInToken: { token: planted } }],
    ["a code that is none", AssumeRoleRequest, { ...role, serialNumber: "GAHT12345678", tokenCode: planted }],
    ["a code without a device", GetSessionTokenRequest, { tokenCode: Redacted.make("918273") }],
    [
      "a context too long",
      AssumeRoleRequest,
      { ...role, providedContexts: [{ ...context, contextAssertion: planted.repeat(200) }] }
    ],
    [
      "a context without a provider",
      AssumeRoleRequest,
      { ...role, providedContexts: [{ contextAssertion: planted }] }
    ],
    [
      "a key where a tag should be",
      AssumeRoleRequest,
      { ...role, tags: [{ key: planted, value: `${planted}!` }] }
    ]
  ])("are not told by the error: %s", (_, request, fields) => {
    const error = Result.getOrThrow(Result.flip(request.validate(fields as never)))
    for (const form of shownForms(error)) {
      assert.notInclude(form, planted)
      assert.notInclude(form, "918273")
    }
  })

  it.each<readonly [string, Schema.Codec<unknown, unknown>, Fields]>([
    ["a code that is none", GetSessionTokenRequest as never, { tokenCode: planted }],
    ["a code in an object", GetSessionTokenRequest as never, { tokenCode: { planted } }],
    [
      "a context too long",
      AssumeRoleRequest as never,
      { ...role, providedContexts: [{ ...context, contextAssertion: planted.repeat(200) }] }
    ],
    ["too many contexts", AssumeRoleRequest as never, { ...role, providedContexts: Array(6).fill(context) }],
    [
      "an assertion too long",
      AssumeRoleWithSAMLRequest as never,
      { ...saml, samlAssertion: planted.repeat(5_001) }
    ]
  ])("are not told by the parser either: %s", (_, request, fields) => {
    const failure = Schema.decodeUnknownResult(request, { errors: "all" })(fields)
    const error = Result.getOrThrow(Result.flip(failure))
    assert.notInclude(error.message, planted)
    assert.notInclude(String(error), planted)
  })
})
