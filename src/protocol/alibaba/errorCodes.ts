/**
 * What Alibaba Cloud's error codes stand for, and what to do about them.
 *
 * Source: "Error codes", Security Token Service 2015-04-01, and the API gateway's common error codes.
 */
import type { ErrorCategory } from "../../schemas/StsError.js"
import { hintOfDenial } from "../denial.js"

const exact: Readonly<Record<string, ErrorCategory>> = {
  "InvalidTimeStamp.Expired": "clock-skew",
  SignatureNonceUsed: "nonce-used",
  "InvalidSecurityToken.Expired": "expired-credentials",
  "InvalidSecurityToken.Malformed": "invalid-credentials",
  "InvalidSecurityToken.MismatchWithAccessKey": "invalid-credentials",
  MissingSecurityToken: "invalid-credentials",
  "InvalidAccessKeyId.NotFound": "invalid-credentials",
  "InvalidAccessKeyId.Inactive": "invalid-credentials",
  "Forbidden.AccessKeyDisabled": "invalid-credentials",
  SignatureDoesNotMatch: "invalid-credentials",
  IncompleteSignature: "invalid-credentials",
  NoPermission: "access-denied",
  "AuthenticationFail.NoPermission": "access-denied",
  ServiceUnavailable: "server",
  InternalError: "server"
}

const byPrefix: ReadonlyArray<readonly [string, ErrorCategory]> = [
  ["Throttling", "throttled"],
  ["EntityNotExist.", "not-found"],
  ["AuthenticationFail.", "identity-provider"],
  ["InvalidParameter", "invalid-request"],
  ["MissingParameter", "invalid-request"],
  ["Missing", "invalid-request"],
  ["InvalidAction.", "invalid-request"],
  ["InvalidApi.", "invalid-request"],
  ["InvalidVersion", "invalid-request"],
  ["InvalidProtocol.", "invalid-request"],
  ["InvalidTimeStamp.", "invalid-request"],
  ["IllegalTimestamp", "invalid-request"]
]

/** The category of a code, or for an unknown one of its HTTP status. */
export const categoryOf = (code: string, status: number): ErrorCategory =>
  (Object.hasOwn(exact, code) ? exact[code] : undefined) ??
  byPrefix.find(([prefix]) => code.startsWith(prefix))?.[1] ??
  (status >= 500 ? "server" : status === 429 ? "throttled" : "other")

/**
 * Whether a refusal says that the credentials have ended or are not known, so that newer ones may be accepted.
 */
export const rejectsCredentials = ({
  category,
  code
}: {
  readonly code: string
  readonly category: ErrorCategory
}): boolean => category === "expired-credentials" || /^Invalid(AccessKeyId|SecurityToken)\./.test(code)

const hints: Readonly<Record<string, string>> = {
  NoPermission:
    "There are two possible causes: the caller lacks the permission sts:AssumeRole for this role, or the role's trust policy does not name the caller. Check both.",
  "AuthenticationFail.NoPermission":
    "The role's trust policy does not accept this identity provider, audience or subject, or the provider's ARN is wrong.",
  "InvalidTimeStamp.Expired": "This machine's clock is off by more than 15 minutes; set it right.",
  "InvalidSecurityToken.Expired": "The credentials in use have expired; get new ones from their source.",
  "InvalidSecurityToken.MismatchWithAccessKey":
    "The security token belongs to another access key; take all three values from the same reply.",
  "InvalidAccessKeyId.NotFound": "No such access key: it was deleted, mistyped, or belongs to another site.",
  "InvalidAccessKeyId.Inactive": "The access key is disabled; enable it or use another.",
  "Forbidden.AccessKeyDisabled": "The access key is disabled; enable it or use another.",
  "EntityNotExist.Role": "No such role: check the account id and the role's name in roleArn.",
  "EntityNotExist.RoleArn": "No such role: check the account id and the role's name in roleArn.",
  "EntityNotExist.OIDCProvider": "No such OIDC provider: check oidcProviderArn.",
  "EntityNotExist.SAMLProvider": "No such SAML provider: check samlProviderArn.",
  "InvalidParameter.DurationSeconds": "It must be at least 900 and at most the role's MaxSessionDuration."
}

const denialIn = (detail: Readonly<Record<string, string>>): string | undefined => {
  const { AuthAction: action, NoPermissionType: kind, PolicyType: policyType } = detail
  return policyType === undefined
    ? undefined
    : hintOfDenial({ policyType, action, explicit: /^explicit/i.test(kind ?? "") })
}

/**
 * What a person can do about a code, where there is something to say: the one cause of a missing permission where the
 * service's `AccessDeniedDetail` names it.
 */
export const hintOf = (code: string, detail: Readonly<Record<string, string>> = {}): string | undefined =>
  denialIn(detail) ?? (Object.hasOwn(hints, code) ? hints[code] : undefined)

const echo = /server string to sign is:([\s\S]*)$/i

/**
 * Tells a wrong secret from a canonicalisation fault: the service echoes the text it signed, which equals ours if
 * and only if the two sides hold different secrets. The echo repeats every parameter and is never shown.
 */
export const diagnoseSignature = (
  message: string,
  stringToSign: string | undefined
): { readonly detail: string; readonly hint: string } => {
  const theirs = echo.exec(message)?.[1]?.trim()
  const detail = message
    .replace(echo, "")
    .replace(/[\s,.:]+$/, "")
    .concat(".")
  if (theirs === undefined || stringToSign === undefined) {
    return { detail, hint: "The access key's secret is wrong, or something on the way changed the request." }
  }
  return theirs === stringToSign
    ? {
        detail,
        hint: "Both sides signed the same text, so the secret is wrong: check the access key's secret."
      }
    : {
        detail,
        hint: "The service signed another text than we did, so the request was changed on the way (a proxy?) or was canonicalised wrongly; the secret may well be right."
      }
}
