/**
 * What AWS STS refuses, in its own words: first who is asking, then what is asked.
 *
 * Source: "Common error types" and the operations' errors, AWS Security Token Service API Reference, version 2011-06-15.
 */
import { amzDate } from "../../protocol/encoding.js"
import { type Refusal, refusal, refusing } from "../Service.js"

// Codes that have many causes; who refuses says which.
export const accessDenied = refusing(403, "AccessDenied")
export const expiredIdentityToken = refusing(400, "ExpiredTokenException")
export const idpRejectedClaim = refusing(403, "IDPRejectedClaim")
export const incomplete = refusing(400, "IncompleteSignature")
export const invalidIdentityToken = refusing(400, "InvalidIdentityToken")
export const invalidParameterValue = refusing(400, "InvalidParameterValue")
export const malformedPolicy = refusing(400, "MalformedPolicyDocument")
export const mismatch = refusing(403, "SignatureDoesNotMatch")
export const validation = refusing(400, "ValidationError")

export const missingAuthentication = refusal(
  403,
  "MissingAuthenticationToken",
  "Request is missing Authentication Token"
)
export const signatureDoesNotMatch = mismatch(
  "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
)
export const unsignedHeader = (name: string): Refusal =>
  mismatch(`${name} must be a 'SignedHeader' in the AWS Authorization.`)

/** An unknown key or session token. */
export const invalidToken = refusal(
  403,
  "InvalidClientTokenId",
  "The security token included in the request is invalid."
)
export const expiredToken = refusal(
  403,
  "ExpiredToken",
  "The security token included in the request is expired"
)

const minutes = (millis: number): string => `${millis / 60_000} min.`

export const signatureExpired = (time: number, now: number, window: number): Refusal =>
  mismatch(
    `Signature expired: ${amzDate(time)} is now earlier than ${amzDate(now - window)} (${amzDate(now)} - ${minutes(window)})`
  )
export const notYetCurrent = (time: number, now: number, window: number): Refusal =>
  mismatch(
    `Signature not yet current: ${amzDate(time)} is still later than ${amzDate(now + window)} (${amzDate(now)} + ${minutes(window)})`
  )

/** An expired signed URL. */
export const requestExpired = refusal(400, "RequestExpired", "Request has expired.")

export const missingAction = refusal(400, "MissingAction", "The request must contain the parameter Action.")
export const invalidAction = (action: string, version = "NO_VERSION_SPECIFIED"): Refusal =>
  refusal(400, "InvalidAction", `Could not find operation ${action} for version ${version}`)

export const notAuthorized = (who: string, action: string, resource: string): Refusal =>
  accessDenied(`User: ${who} is not authorized to perform: ${action} on resource: ${resource}`)
export const noRolesForRoot = accessDenied("Roles may not be assumed by root accounts.")
export const noSessionCredentials = (action: string): Refusal =>
  accessDenied(`Cannot call ${action} with session credentials`)
/** A user of an identity provider whom the role does not trust. */
export const federationNotAuthorized = (action: string): Refusal =>
  accessDenied(`Not authorized to perform ${action}`)

export const durationTooLong = validation(
  "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
)
export const chainedDurationTooLong = validation(
  "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
)
export const packedPolicyTooLarge = (percent: number): Refusal =>
  refusal(
    400,
    "PackedPolicyTooLarge",
    `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`
  )

export const invalidAuthorizationMessage = refusal(
  400,
  "InvalidAuthorizationMessageException",
  "The provided message is not a valid encoded authorization message."
)
export const expiredTradeInToken = refusal(
  400,
  "ExpiredTradeInTokenException",
  "The trade-in token provided in the request has expired."
)
export const outboundFederationDisabled = refusal(
  403,
  "OutboundWebIdentityFederationDisabledException",
  "The outbound web identity federation feature is not enabled for this account."
)
export const sessionDurationEscalation = refusal(
  403,
  "SessionDurationEscalationException",
  "The requested token duration would extend the session beyond its original expiration time."
)
export const jwtPayloadSizeExceeded = refusal(
  400,
  "JWTPayloadSizeExceededException",
  "The requested token payload size exceeds the maximum allowed size."
)
