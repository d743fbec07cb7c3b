import { assert, describe, it } from "@effect/vitest"
import { hintOf, remedyOf } from "../../../src/protocol/aws/errorCodes.js"
import { type Categories, testCategories } from "../errorCategories.js"

const table: Categories = [
  ["Throttling", 400, "throttled"],
  ["ThrottlingException", 400, "throttled"],
  ["ThrottledException", 400, "throttled"],
  ["RequestThrottledException", 400, "throttled"],
  ["RequestThrottled", 400, "throttled"],
  ["TooManyRequestsException", 400, "throttled"],
  ["ProvisionedThroughputExceededException", 400, "throttled"],
  ["TransactionInProgressException", 400, "throttled"],
  ["RequestLimitExceeded", 503, "throttled"],
  ["BandwidthLimitExceeded", 400, "throttled"],
  ["LimitExceededException", 400, "throttled"],
  ["SlowDown", 503, "throttled"],
  ["PriorRequestNotComplete", 400, "throttled"],
  ["EC2ThrottledException", 400, "throttled"],
  ["InternalFailure", 500, "server"],
  ["ServiceUnavailable", 503, "server"],
  ["RequestTimeout", 400, "server"],
  ["RequestTimeoutException", 400, "server"],
  ["IDPCommunicationError", 400, "server"],
  ["IDPCommunicationErrorException", 400, "server"],
  ["RequestTimeTooSkewed", 403, "clock-skew"],
  ["RequestExpired", 400, "clock-skew"],
  ["RequestInTheFuture", 403, "clock-skew"],
  ["ExpiredToken", 403, "expired-credentials"],
  ["ExpiredTokenException", 400, "expired-credentials"],
  ["InvalidToken", 400, "expired-credentials"],
  ["InvalidClientTokenId", 403, "invalid-credentials"],
  ["UnrecognizedClientException", 400, "invalid-credentials"],
  ["SignatureDoesNotMatch", 403, "invalid-credentials"],
  ["InvalidSignatureException", 403, "invalid-credentials"],
  ["AuthFailure", 401, "invalid-credentials"],
  ["IncompleteSignature", 400, "invalid-credentials"],
  ["MissingAuthenticationToken", 403, "invalid-credentials"],
  ["MissingAuthenticationTokenException", 403, "invalid-credentials"],
  ["AccessDenied", 403, "access-denied"],
  ["AccessDeniedException", 403, "access-denied"],
  ["RegionDisabledException", 403, "access-denied"],
  ["OptInRequired", 403, "access-denied"],
  ["NotAuthorized", 400, "access-denied"],
  ["OutboundWebIdentityFederationDisabledException", 403, "access-denied"],
  ["IDPRejectedClaim", 403, "identity-provider"],
  ["IDPRejectedClaimException", 403, "identity-provider"],
  ["InvalidIdentityToken", 400, "identity-provider"],
  ["ExpiredTradeInTokenException", 400, "identity-provider"],
  ["MalformedPolicyDocument", 400, "invalid-request"],
  ["PackedPolicyTooLarge", 400, "invalid-request"],
  ["PackedPolicyTooLargeException", 400, "invalid-request"],
  ["InvalidAuthorizationMessageException", 400, "invalid-request"],
  ["JWTPayloadSizeExceededException", 400, "invalid-request"],
  ["SessionDurationEscalationException", 403, "invalid-request"],
  ["ValidationError", 400, "invalid-request"],
  ["ValidationException", 400, "invalid-request"],
  ["InvalidParameterValue", 400, "invalid-request"],
  ["InvalidParameterCombination", 400, "invalid-request"],
  ["MissingParameter", 400, "invalid-request"],
  ["InvalidAction", 400, "invalid-request"],
  ["MalformedQueryString", 404, "invalid-request"],
  ["NoSuchEntity", 404, "not-found"]
]

describe("categories", () => {
  testCategories(table, remedyOf)
})

describe("clock skew", () => {
  it.each(["RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture"])("%s is definite", (code) => {
    assert.strictEqual(remedyOf(code, 400).clock, "definite")
  })

  it.each(["InvalidSignatureException", "SignatureDoesNotMatch", "AuthFailure"])("%s is possible", (code) => {
    assert.strictEqual(remedyOf(code, 400).clock, "possible")
  })

  it("is nothing that any other code speaks of", () => {
    for (const code of ["AccessDenied", "ExpiredToken", "", "Exception"])
      assert.isUndefined(remedyOf(code, 400).clock)
  })
})

describe("hints", () => {
  it("name the causes of the code that confuses most", () => {
    assert.match(hintOf("AccessDenied") ?? "", /policies.*trust policy/)
  })

  it("tell a wrong code of an MFA device from a missing one", () => {
    const failed = "MultiFactorAuthentication failed"
    assert.match(hintOf("AccessDenied", `${failed} with invalid MFA one time pass code. `) ?? "", /next one/)
    const missing = `${failed}, must provide both MFA serial number and one time pass code. `
    assert.match(hintOf("AccessDenied", missing) ?? "", /trust policy/)
  })

  it("are the same with and without Exception", () => {
    for (const [code] of table) assert.strictEqual(hintOf(code), hintOf(code.replace(/Exception$/, "")))
  })

  it("help with credentials, clocks, names and identity providers", () => {
    for (const [code, , category] of table) {
      if (/^(expired-credentials|clock-skew|not-found|identity-provider)$/.test(category)) {
        assert.match(hintOf(code) ?? "", /^[A-Z].*\.$/, code)
      }
    }
  })
})
