/**
 * What Alibaba Cloud's gateway refuses, in its own words: who is asking, and whether it is a request at all.
 *
 * Source: the API gateway's common error codes.
 */
import { type Refusal, refusal } from "../Refusal.js"

/** No such action. */
export const invalidAction = refusal(
  404,
  "InvalidAction.NotFound",
  "Specified api is not found, please check your url and method."
)

/** No such version. */
export const invalidVersion = refusal(400, "InvalidVersion", "Specified parameter Version is not valid.")

/** A reply format other than JSON and XML. */
export const invalidFormat = refusal(
  400,
  "InvalidParameter.Format",
  "Specified parameter Format is not valid."
)

/** A body of a type that holds no parameters. */
export const contentType = refusal(
  400,
  "InvalidParameter.ContentType",
  'The ContentType request header must be either "application/json" or "application/x-www-form-urlencoded".'
)

/** A time more than 15 minutes off. */
export const timestampExpired = refusal(
  400,
  "InvalidTimeStamp.Expired",
  "Specified time stamp or date value is expired."
)

/** A time that is not written as `2026-01-31T12:00:00Z`. */
export const timestampFormat = refusal(
  400,
  "InvalidTimeStamp.Format",
  "Specified time stamp or date value is not well formatted."
)

/** A nonce that came before within 15 minutes. */
export const nonceUsed = refusal(400, "SignatureNonceUsed", "Specified signature nonce was used already.")

/** No such access key. */
export const keyNotFound = refusal(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")

/** A disabled access key. */
export const keyInactive = refusal(400, "InvalidAccessKeyId.Inactive", "Specified access key is disabled.")

/** A signature of an unknown scheme, or one that leaves out what it must cover. */
export const incompleteSignature = refusal(
  400,
  "IncompleteSignature",
  "The request signature does not conform to Aliyun standards."
)

/** Temporary credentials without their security token. */
export const tokenMissing = refusal(
  400,
  "MissingSecurityToken",
  "SecurityToken is mandatory for this action."
)

/** A security token whose time is over. */
export const tokenExpired = refusal(
  400,
  "InvalidSecurityToken.Expired",
  "Specified SecurityToken is expired."
)

/** A security token that was never issued. */
export const tokenMalformed = refusal(
  400,
  "InvalidSecurityToken.Malformed",
  "Specified SecurityToken is malformed."
)

/** A security token of another access key. */
export const tokenMismatch = refusal(
  400,
  "InvalidSecurityToken.MismatchWithAccessKey",
  "Specified SecurityToken mismatches with the AccessKey."
)

/** A common parameter that is missing. */
export const missingCommon = (name: string): Refusal =>
  refusal(400, `Missing${name}`, `${name} is mandatory for this action.`)

/** A signature that does not verify. The service tells the text that it signed. */
export const signatureDoesNotMatch = (stringToSign: string): Refusal =>
  refusal(
    400,
    "SignatureDoesNotMatch",
    `Specified signature is not matched with our calculation. server string to sign is:${stringToSign}`
  )
