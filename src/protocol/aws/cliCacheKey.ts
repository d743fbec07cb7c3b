/**
 * The names of the files in which the AWS CLI keeps the credentials of roles.
 *
 * They are made as the CLI and the library below it, botocore, make them: from what the request says, and not from whose
 * credentials it is signed with.
 */
import { createHash } from "node:crypto"
import { reprint, type Separators, separators } from "./pythonJson.js"

/** What a role is assumed with, as far as it tells one session from another. */
export interface AssumedRole {
  /** For example `arn:aws:iam::123456789012:role/reader`. */
  readonly roleArn: string
  /** What audit logs show. `effect-sts-` and letters and digits that stay the same for this source, if left out. */
  readonly roleSessionName?: string | undefined
  readonly externalId?: string | undefined
  /** An hour where left out. A role that is assumed with another role's credentials never lasts longer. */
  readonly durationSeconds?: number | undefined
  /** The device whose code `MfaTokenCode` is asked for, each time the role is assumed. */
  readonly mfaSerial?: string | undefined
  /** A policy document that narrows what the role allows. */
  readonly policy?: string | undefined
  readonly policyArns?: ReadonlyArray<{ readonly arn: string }> | undefined
  readonly tags?: ReadonlyArray<{ readonly key: string; readonly value: string }> | undefined
  readonly transitiveTagKeys?: ReadonlyArray<string> | undefined
  readonly sourceIdentity?: string | undefined
}

/**
 * A role of IAM Identity Center, and where a person signs in for it: the session's name, or the portal's URL where it
 * has none.
 */
export interface SsoRole {
  readonly accountId: string
  readonly roleName: string
  readonly sessionName?: string | undefined
  readonly startUrl: string
}

const hash = (text: string, style: Separators): string | undefined => {
  const printed = reprint(text, style)
  return printed === undefined ? undefined : createHash("sha1").update(printed, "utf8").digest("hex")
}

/** The key of an assumed role; none where the policy is no JSON, which the CLI could not name either. */
export const ofAssumedRole = (role: AssumedRole): string | undefined => {
  const members = Object.entries({
    RoleArn: role.roleArn,
    RoleSessionName: role.roleSessionName,
    ExternalId: role.externalId,
    DurationSeconds: role.durationSeconds,
    SerialNumber: role.mfaSerial,
    PolicyArns: role.policyArns?.map(({ arn }) => ({ arn })),
    Tags: role.tags?.map(({ key, value }) => ({ Key: key, Value: value })),
    TransitiveTagKeys: role.transitiveTagKeys,
    SourceIdentity: role.sourceIdentity
  })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
  if (role.policy !== undefined) {
    if (reprint(role.policy, separators.default) === undefined) return undefined
    // As it is written: what its numbers look like counts.
    members.push(`"Policy":${role.policy}`)
  }
  return hash(`{${members.join()}}`, separators.default)
}

/** The key of a role of IAM Identity Center. */
export const ofSsoRole = ({ accountId, roleName, sessionName, startUrl }: SsoRole): string | undefined =>
  hash(
    JSON.stringify({ accountId, roleName, ...(sessionName ? { sessionName } : { startUrl }) }),
    separators.minified
  )
