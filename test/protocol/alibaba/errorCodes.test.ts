import { assert, describe, it } from "@effect/vitest"
import { diagnoseSignature, hintOf, remedyOf } from "../../../src/protocol/alibaba/errorCodes.js"
import { AssumeRoleOperation } from "../../../src/schemas/alibaba/AssumeRole.js"
import { AssumeRoleWithOIDCOperation } from "../../../src/schemas/alibaba/AssumeRoleWithOIDC.js"
import { AssumeRoleWithSAMLOperation } from "../../../src/schemas/alibaba/AssumeRoleWithSAML.js"
import { type Categories, testCategories } from "../errorCategories.js"

const table: Categories = [
  ["InvalidParameter.DurationSeconds", 400, "invalid-request"],
  ["InvalidParameter.RoleArn", 400, "invalid-request"],
  ["InvalidParameter.RoleSessionName", 400, "invalid-request"],
  ["InvalidParameter.ExternalId", 400, "invalid-request"],
  ["InvalidParameter.SerialNumber", 400, "invalid-request"],
  ["InvalidParameter.TokenCode", 400, "invalid-request"],
  ["InvalidParameter.PolicyGrammar", 400, "invalid-request"],
  ["InvalidParameter.PolicySize", 400, "invalid-request"],
  ["InvalidParameter.ContentType", 400, "invalid-request"],
  ["InvalidParameter.SAMLAssertion", 400, "invalid-request"],
  ["InvalidParameter.Format", 400, "invalid-request"],
  ["MissingParameter", 400, "invalid-request"],
  ["MissingParameter.RoleArn", 400, "invalid-request"],
  ["MissingParameter.SAMLAssertion", 400, "invalid-request"],
  ["MissingAction", 400, "invalid-request"],
  ["InvalidVersion", 400, "invalid-request"],
  ["InvalidProtocol.NeedSsl", 400, "invalid-request"],
  ["InvalidAction.NotFound", 404, "invalid-request"],
  ["InvalidApi.NotFound", 404, "invalid-request"],
  ["InvalidTimeStamp.Format", 400, "invalid-request"],
  ["IllegalTimestamp", 400, "invalid-request"],
  ["InvalidTimeStamp.Expired", 400, "clock-skew"],
  ["SignatureNonceUsed", 400, "nonce-used"],
  ["SignatureDoesNotMatch", 400, "invalid-credentials"],
  ["IncompleteSignature", 400, "invalid-credentials"],
  ["InvalidAccessKeyId.NotFound", 404, "invalid-credentials"],
  ["InvalidAccessKeyId.Inactive", 400, "invalid-credentials"],
  ["Forbidden.AccessKeyDisabled", 403, "invalid-credentials"],
  ["InvalidSecurityToken.Malformed", 400, "invalid-credentials"],
  ["InvalidSecurityToken.MismatchWithAccessKey", 400, "invalid-credentials"],
  ["MissingSecurityToken", 400, "invalid-credentials"],
  ["InvalidSecurityToken.Expired", 400, "expired-credentials"],
  ["NoPermission", 403, "access-denied"],
  ["AuthenticationFail.NoPermission", 403, "access-denied"],
  ["AuthenticationFail.IDPMetadata.Invalid", 401, "identity-provider"],
  ["AuthenticationFail.SAMLAssertion.Expired", 401, "identity-provider"],
  ["AuthenticationFail.SAMLAssertion.Invalid", 401, "identity-provider"],
  ["AuthenticationFail.OIDCToken.Expired", 400, "identity-provider"],
  ["AuthenticationFail.OIDCToken.Invalid", 400, "identity-provider"],
  ["AuthenticationFail.OIDCToken.PublicKeyFingerprintMismatch", 400, "identity-provider"],
  ["EntityNotExist.Role", 404, "not-found"],
  ["EntityNotExist.RoleArn", 404, "not-found"],
  ["EntityNotExist.SAMLProvider", 404, "not-found"],
  ["EntityNotExist.OIDCProvider", 404, "not-found"],
  ["Throttling", 400, "throttled"],
  ["Throttling.User", 400, "throttled"],
  ["Throttling.Api", 429, "throttled"],
  ["ServiceUnavailable", 503, "server"],
  ["InternalError", 500, "server"]
]

describe("categories", () => {
  testCategories(table, remedyOf)

  it("are not fooled by the names of an object's own methods", () => {
    assert.strictEqual(remedyOf("toString", 400).category, "other")
    assert.strictEqual(remedyOf("constructor", 500).category, "server")
    assert.isUndefined(hintOf("constructor"))
  })

  it("are known for every code that an operation lists", () => {
    for (const { codes } of [AssumeRoleOperation, AssumeRoleWithOIDCOperation, AssumeRoleWithSAMLOperation]) {
      for (const code of codes) assert.notStrictEqual(remedyOf(code, 400).category, "other", code)
    }
  })
})

describe("hints", () => {
  it("name both causes of the code that confuses most", () => {
    assert.match(hintOf("NoPermission") ?? "", /sts:AssumeRole.*trust policy/)
  })

  it("help with credentials, clocks and names", () => {
    for (const [code, , category] of table) {
      if (/^(expired-credentials|clock-skew|not-found|access-denied)$/.test(category)) {
        assert.match(hintOf(code) ?? "", /^[A-Z].*\.$/, code)
      }
    }
  })
})

describe("a signature that does not match", () => {
  const ours = "POST&%2F&AccessKeyId%3Did%26SecurityToken%3Dtop-secret"
  const words = "Specified signature is not matched with our calculation. server string to sign is:"

  it("means a wrong secret when the service signed the same text", () => {
    const { hint } = diagnoseSignature(`${words}${ours}`, ours)
    assert.match(hint, /secret is wrong/)
  })

  it("means a changed request when it signed another text", () => {
    const { hint } = diagnoseSignature(`${words}${ours}%26Extra%3D1`, ours)
    assert.match(hint, /changed in transit/)
  })

  it.each([
    ["the service does not say", "Specified signature is not matched with our calculation.", ours],
    ["nothing was signed here", `${words}${ours}`, undefined]
  ])("may mean either where %s", (_, message, signed) => {
    const { hint } = diagnoseSignature(message, signed)
    assert.match(hint, /secret is wrong, or/)
  })

  it("never repeats the echo", () => {
    for (const message of [`${words}${ours}`, `${words}\n${ours}`, words.toUpperCase() + ours]) {
      const { detail, hint } = diagnoseSignature(message, ours)
      assert.notInclude(detail + hint, "top-secret")
      assert.match(detail, /calculation\.$/i)
    }
  })
})
