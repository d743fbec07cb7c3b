/**
 * What AWS STS refuses, in its own words: first who is asking, then what is asked.
 *
 * Source: "Common error types" and the operations' errors, AWS Security Token Service API Reference, version 2011-06-15.
 */
import { amzDate } from "../../protocol/timestamp.js"
import { type Refusal, refusal } from "../Service.js"

/** No signature at all. */
export const missingAuthentication = refusal(
  403,
  "MissingAuthenticationToken",
  "Request is missing Authentication Token"
)

/** A signature that lacks something, or is of another make. */
export const incomplete = (detail: string): Refusal => refusal(400, "IncompleteSignature", detail)

const mismatch = (detail: string): Refusal => refusal(403, "SignatureDoesNotMatch", detail)

/** A signature that is not what the service computes. */
export const signatureDoesNotMatch = mismatch(
  "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
)

/** A signature that leaves out a header it has to cover. */
export const unsignedHeader = (name: string): Refusal =>
  mismatch(`${name} must be a 'SignedHeader' in the AWS Authorization.`)

/** A signature for another place, day or service. */
export const wrongScope = (detail: string): Refusal => mismatch(detail)

/** A key, or a session token, that nobody has. */
export const invalidToken = refusal(
  403,
  "InvalidClientTokenId",
  "The security token included in the request is invalid."
)

/** A session whose time is over. */
export const expiredToken = refusal(
  403,
  "ExpiredToken",
  "The security token included in the request is expired"
)

const minutes = (millis: number): string => `${millis / 60_000} min.`

/** A time too long ago. */
export const signatureExpired = (time: number, now: number, window: number): Refusal =>
  mismatch(
    `Signature expired: ${amzDate(time)} is now earlier than ${amzDate(now - window)} (${amzDate(now)} - ${minutes(window)})`
  )

/** A time too far ahead. */
export const notYetCurrent = (time: number, now: number, window: number): Refusal =>
  mismatch(
    `Signature not yet current: ${amzDate(time)} is still later than ${amzDate(now + window)} (${amzDate(now)} + ${minutes(window)})`
  )

/** A signed URL whose time is over. */
export const requestExpired = refusal(400, "RequestExpired", "Request has expired.")

/** No such operation. */
export const invalidAction = (action: string, version: string | undefined): Refusal =>
  refusal(
    400,
    "InvalidAction",
    `Could not find operation ${action} for version ${version ?? "NO_VERSION_SPECIFIED"}`
  )

/** No operation at all. */
export const missingAction = refusal(400, "MissingAction", "The request must contain the parameter Action.")

/** A parameter that cannot be what it is. */
export const validation = (message: string): Refusal => refusal(400, "ValidationError", message)

/** A caller that may not do what it asks. */
export const accessDenied = (message: string): Refusal => refusal(403, "AccessDenied", message)

/** A caller that no policy allows an action. */
export const notAuthorized = (who: string, action: string, resource: string): Refusal =>
  accessDenied(`User: ${who} is not authorized to perform: ${action} on resource: ${resource}`)

/** The root user, who has no roles. */
export const noRolesForRoot = accessDenied("Roles may not be assumed by root accounts.")

/** An operation that wants a long-term key. */
export const noSessionCredentials = (action: string): Refusal =>
  accessDenied(`Cannot call ${action} with session credentials`)

/** A duration above the role's maximum. */
export const durationTooLong = validation(
  "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
)

/** A duration above an hour, asked for with a role's session. */
export const chainedDurationTooLong = validation(
  "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
)

/** A policy that is not a policy document. */
export const malformedPolicy = (message: string): Refusal => refusal(400, "MalformedPolicyDocument", message)

/** Policies and tags that need more room than there is. */
export const packedPolicyTooLarge = (percent: number): Refusal =>
  refusal(
    400,
    "PackedPolicyTooLarge",
    `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`
  )

/** A token that proves nothing. */
export const invalidIdentityToken = (message: string): Refusal =>
  refusal(400, "InvalidIdentityToken", message)

/** A token whose time is over. */
export const expiredIdentityToken = (message: string): Refusal =>
  refusal(400, "ExpiredTokenException", message)

/** An identity provider that says no. */
export const idpRejectedClaim = (message: string): Refusal => refusal(403, "IDPRejectedClaim", message)

/** Somebody whom a provider vouches for, but whom the role does not trust. */
export const federationNotAuthorized = (action: string): Refusal =>
  accessDenied(`Not authorized to perform ${action}`)

/** A message that this service never encoded. */
export const invalidAuthorizationMessage = refusal(
  400,
  "InvalidAuthorizationMessageException",
  "The provided message is not a valid encoded authorization message."
)

/** A trade-in token whose time is over. */
export const expiredTradeInToken = refusal(
  400,
  "ExpiredTradeInTokenException",
  "The trade-in token provided in the request has expired."
)

/** An account that issues no web identity tokens. */
export const outboundFederationDisabled = refusal(
  403,
  "OutboundWebIdentityFederationDisabledException",
  "The outbound web identity federation feature is not enabled for this account."
)

/** A token that would outlive the session it is asked for with. */
export const sessionDurationEscalation = refusal(
  403,
  "SessionDurationEscalationException",
  "The requested token duration would extend the session beyond its original expiration time."
)

/** A token that says too much. */
export const jwtPayloadSizeExceeded = refusal(
  400,
  "JWTPayloadSizeExceededException",
  "The requested token payload size exceeds the maximum allowed size."
)
