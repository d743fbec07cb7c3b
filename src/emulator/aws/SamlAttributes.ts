/**
 * What the attributes of a SAML assertion say of a role's session.
 *
 * Source: "Configure SAML assertions for the authentication response", IAM User Guide.
 */
import * as Result from "effect/Result"
import type { Refusal } from "../Refusal.js"
import type { Assertion } from "../SamlDocument.js"
import * as Refusals from "./Refusals.js"
import * as SessionTags from "./SessionTags.js"

const prefix = "https://aws.amazon.com/SAML/Attributes/"

/** The attributes that a response for a role carries. */
export const samlAttributes = {
  /** Pairs of a role's and a provider's ARN, with a comma between them. */
  role: `${prefix}Role`,
  roleSessionName: `${prefix}RoleSessionName`,
  sourceIdentity: `${prefix}SourceIdentity`,
  transitiveTagKeys: `${prefix}TransitiveTagKeys`,
  /** Followed by the tag's key. */
  principalTag: `${prefix}PrincipalTag:`
} as const

const nameForm = /^[\w+=,.@-]{2,64}$/

/** The name of the session. */
export const sessionName = ({ attributes }: Assertion): Result.Result<string, Refusal> => {
  const [name, ...others] = attributes[samlAttributes.roleSessionName] ?? []
  if (name === undefined || others.length > 0) {
    return Result.fail(Refusals.invalidIdentityToken("RoleSessionName is required in AuthnResponse"))
  }
  return nameForm.test(name)
    ? Result.succeed(name)
    : Result.fail(
        Refusals.invalidIdentityToken("RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}")
      )
}

/** Who stands behind the session. */
export const sourceIdentity = ({ attributes }: Assertion): Result.Result<string | undefined, Refusal> => {
  const [name] = attributes[samlAttributes.sourceIdentity] ?? []
  return name === undefined || nameForm.test(name)
    ? Result.succeed(name)
    : Result.fail(
        Refusals.invalidIdentityToken("SourceIdentity in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}")
      )
}

/** The tags of the session. */
export const tags = ({ attributes }: Assertion): Result.Result<SessionTags.SessionTags, Refusal> =>
  SessionTags.join(
    SessionTags.none,
    Object.entries(attributes)
      .filter(([name]) => name.startsWith(samlAttributes.principalTag))
      .map(([name, [value = ""]]) => ({ key: name.slice(samlAttributes.principalTag.length), value })),
    attributes[samlAttributes.transitiveTagKeys] ?? []
  )
