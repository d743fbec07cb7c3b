/**
 * What Alibaba Cloud's error codes stand for, and what to do about them.
 *
 * Source: "Error codes", Security Token Service 2015-04-01, and the API gateway's common error codes.
 */
import { hintOfDenial } from "../exchange.js"
import { type Row, table } from "../retry.js"

const rows: ReadonlyArray<Row> = [
  { category: "throttled", codes: [/^Throttling/] },
  { category: "server", codes: ["InternalError", "ServiceUnavailable"] },
  { category: "clock-skew", codes: ["InvalidTimeStamp.Expired"] },
  { category: "nonce-used", codes: ["SignatureNonceUsed"] },
  { category: "expired-credentials", codes: ["InvalidSecurityToken.Expired"] },
  // A key or token that is not known was replaced, or is too new.
  { category: "invalid-credentials", renew: true, codes: [/^Invalid(AccessKeyId|SecurityToken)\./] },
  {
    category: "invalid-credentials",
    codes: [
      "Forbidden.AccessKeyDisabled",
      "IncompleteSignature",
      "MissingSecurityToken",
      "SignatureDoesNotMatch"
    ]
  },
  { category: "access-denied", codes: ["AuthenticationFail.NoPermission", "NoPermission"] },
  { category: "not-found", codes: [/^EntityNotExist\./] },
  { category: "identity-provider", codes: [/^AuthenticationFail\./] },
  {
    category: "invalid-request",
    codes: [
      "IllegalTimestamp",
      /^Invalid(Action|Api|Protocol|TimeStamp)\./,
      /^Invalid(Parameter|Version)/,
      /^Missing/
    ]
  }
]

/** What is done about a refusal of STS or any other service behind the API gateway. */
export const remedyOf = /* @__PURE__ */ table(rows)

/** Statuses that may blame credentials or the clock: a key that is not known is a 404. */
export const blamingStatuses: ReadonlySet<number> = new Set([400, 401, 403, 404])

/**
 * What is done about a refusal of CloudSSO or the OAuth service. A token that is no longer good for anything is refused
 * with 400 as well as with 401.
 */
export const loginRemedyOf = /* @__PURE__ */ table([
  {
    category: "expired-credentials",
    codes: [
      /^(invalid_grant|(expired|invalid)_(access_|refresh_)?token)$/,
      /^.*((Expired|Invalid)\w*Token|Token\w*(Expired|Invalid))\w*$/,
      "401"
    ]
  }
])

const hints: Readonly<Record<string, string>> = {
  NoPermission:
    "There are two possible causes: the caller lacks the permission sts:AssumeRole for this role, or the role's trust policy does not name the caller. Check both.",
  "AuthenticationFail.NoPermission":
    "The role's trust policy does not accept this identity provider, audience or subject, or the provider's ARN is wrong.",
  "InvalidTimeStamp.Expired": "This machine's clock is off by more than 15 minutes; correct it.",
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
 * Distinguishes a wrong secret from a canonicalisation fault: the service echoes the text it signed, which equals ours
 * if and only if the two sides hold different secrets. The echo repeats every parameter and is never shown.
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
    return { detail, hint: "The access key's secret is wrong, or the request was changed in transit." }
  }
  return theirs === stringToSign
    ? {
        detail,
        hint: "Both sides signed the same text, so the secret is wrong: check the access key's secret."
      }
    : {
        detail,
        hint: "The service signed a different text than we did, so the request was changed in transit (by a proxy?) or canonicalised wrongly; the secret may be right."
      }
}
