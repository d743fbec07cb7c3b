/**
 * What AWS's error codes stand for, and what to do about them.
 *
 * Source: "Common Error Types" and each action's errors, AWS Security Token Service API Reference; the standard retry
 * and clock-skew behaviours that the vendor's SDKs share.
 *
 * @since 0.1.0
 */
import type { ErrorCategory } from "../../schemas/StsError.js"

// A code may come with or without "Exception" at its end: here it has none.
const codes: Readonly<Record<ErrorCategory, ReadonlyArray<string>>> = {
  throttled: [
    "BandwidthLimitExceeded",
    "EC2Throttled",
    "LimitExceeded",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceeded",
    "RequestLimitExceeded",
    "RequestThrottled",
    "SlowDown",
    "Throttled",
    "Throttling",
    "TooManyRequests",
    "TransactionInProgress"
  ],
  // The service could not reach an identity provider: another attempt may, whatever the status says.
  server: [
    "IDPCommunicationError",
    "InternalError",
    "InternalFailure",
    "InternalServerError",
    "RequestTimeout",
    "ServiceUnavailable"
  ],
  "clock-skew": ["RequestExpired", "RequestInTheFuture", "RequestTimeTooSkewed"],
  "nonce-used": [],
  // A token that is refused as a whole is of no more use than an expired one.
  "expired-credentials": ["ExpiredToken", "InvalidToken", "TokenRefreshRequired"],
  "invalid-credentials": [
    "AuthFailure",
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidSecurity",
    "InvalidSignature",
    "MissingAuthenticationToken",
    "SignatureDoesNotMatch",
    "UnrecognizedClient"
  ],
  "access-denied": [
    "AccessDenied",
    "NotAuthorized",
    "OptInRequired",
    "OutboundWebIdentityFederationDisabled",
    "RegionDisabled",
    "UnauthorizedAccess",
    "UnauthorizedOperation"
  ],
  "not-found": ["NoSuchEntity"],
  "identity-provider": ["ExpiredTradeInToken", "IDPRejectedClaim", "InvalidIdentityToken"],
  "invalid-request": [
    "InvalidAction",
    "InvalidAuthorizationMessage",
    "InvalidInput",
    "InvalidParameterCombination",
    "InvalidParameterValue",
    "InvalidQueryParameter",
    "JWTPayloadSizeExceeded",
    "MalformedInput",
    "MalformedPolicyDocument",
    "MalformedQueryString",
    "MissingAction",
    "MissingParameter",
    "PackedPolicyTooLarge",
    "SessionDurationEscalation",
    "UnknownOperation",
    "Validation",
    "ValidationError"
  ],
  other: []
}

const categories: ReadonlyMap<string, ErrorCategory> = new Map(
  (Object.entries(codes) as ReadonlyArray<[ErrorCategory, ReadonlyArray<string>]>).flatMap(
    ([category, names]) => names.map((name) => [name, category] as const)
  )
)

/**
 * A code without the `Exception` that some services and versions put at its end.
 *
 * @category errors
 * @since 0.1.0
 */
export const bareCode = (code: string): string => code.replace(/Exception$/, "")

/**
 * The category of a code, or for an unknown one of its HTTP status.
 *
 * @category errors
 * @since 0.1.0
 */
export const categoryOf = (code: string, status: number): ErrorCategory =>
  categories.get(bareCode(code)) ?? (status >= 500 ? "server" : status === 429 ? "throttled" : "other")

const possibleClockSkew: ReadonlySet<string> = new Set([
  "AuthFailure",
  "InvalidSignature",
  "SignatureDoesNotMatch"
])

/**
 * Whether a refusal is due to a clock that is off: `definite` by what the code says, `possible` where the service's
 * time has to show it.
 *
 * @category errors
 * @since 0.1.0
 */
export const clockSkewOf = (code: string): "definite" | "possible" | undefined => {
  const bare = bareCode(code)
  if (categories.get(bare) === "clock-skew") return "definite"
  return possibleClockSkew.has(bare) ? "possible" : undefined
}

const wrongClock = "This machine's clock is off by more than the service allows; set it right."

const hints: ReadonlyMap<string, string> = new Map([
  [
    "AccessDenied",
    "There are three possible causes: the caller's policies do not allow the action, the role's trust policy does not name the caller or sets a condition (an external id, MFA, a source identity) that the request does not meet, or an organization's policy forbids it. Check all three."
  ],
  ["ExpiredToken", "The credentials or the token in use have expired; get new ones from their source."],
  ["ExpiredTradeInToken", "The trade-in token has expired; get a new one."],
  [
    "IDPCommunicationError",
    "The service could not reach the identity provider: check that its address and its keys can be reached from the internet."
  ],
  [
    "IDPRejectedClaim",
    "The role's trust policy does not accept this provider, audience or subject, or the token has been withdrawn."
  ],
  ["IncompleteSignature", "The signature is not whole: something on the way changed the request's headers."],
  [
    "InvalidAuthorizationMessage",
    "Pass the encoded message whole, as the refused request's error had it, and decode it in the same account."
  ],
  [
    "InvalidClientTokenId",
    "No such access key, or none in this partition or region: it was deleted, deactivated or mistyped, its session token is missing, or the region must first be enabled for the account."
  ],
  [
    "InvalidIdentityToken",
    "The token is malformed, was not issued by the provider that the account knows, or its keys or audience do not match."
  ],
  [
    "InvalidToken",
    "The session token is not whole or not of this key; take all three values from the same reply."
  ],
  ["JWTPayloadSizeExceeded", "Ask for fewer or shorter tags and audiences."],
  [
    "MalformedPolicyDocument",
    "The session policy is no valid JSON policy; its grammar is wrong, not a permission."
  ],
  [
    "MissingAuthenticationToken",
    "The request was not signed, or something on the way took the signature out."
  ],
  ["OptInRequired", "The account must first be enabled for the service or region."],
  [
    "OutboundWebIdentityFederationDisabled",
    "Enable outbound web identity federation for the account in IAM first."
  ],
  ["PackedPolicyTooLarge", "The session policies and tags together are too large; shorten them."],
  [
    "RegionDisabled",
    "STS is not activated in this region for the account: activate it in IAM's account settings, or use another region."
  ],
  ["RequestExpired", wrongClock],
  ["RequestInTheFuture", wrongClock],
  ["RequestTimeTooSkewed", wrongClock],
  [
    "SessionDurationEscalation",
    "A token cannot outlive the session that asks for it; ask for a shorter durationSeconds."
  ],
  [
    "SignatureDoesNotMatch",
    "The secret access key is wrong, this machine's clock is off, or something on the way changed the request."
  ],
  ["TokenRefreshRequired", "The credentials in use have expired; get new ones from their source."],
  [
    "UnrecognizedClient",
    "No such access key in this partition or region, or its session token is missing or of another key."
  ],
  ["NoSuchEntity", "No such role, user or provider: check the account id and the name in the ARN."]
])

/**
 * What a person can do about a code, where there is something to say.
 *
 * @category errors
 * @since 0.1.0
 */
export const hintOf = (code: string): string | undefined => hints.get(bareCode(code))
