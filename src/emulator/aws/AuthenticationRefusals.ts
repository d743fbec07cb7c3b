/**
 * What AWS answers to a request that does not prove who it is from, in its own words.
 *
 * Source: "Common error types", AWS Security Token Service API Reference.
 */
import { amzDate } from "../../protocol/timestamp.js"
import { type Refusal, refusal } from "../Refusal.js"

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
