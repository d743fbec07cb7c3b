/**
 * Which policy refuses a call, where the service names it, and what to do about it.
 *
 * Source: "Troubleshoot access denied error messages", AWS Identity and Access Management User Guide;
 * "AccessDeniedDetail", Alibaba Cloud Resource Access Management.
 */

/** What a policy is called, and who can make it allow the call; `{action}` stands for the permission. */
interface Policy {
  /** In lower case, without blanks and dashes. */
  readonly named: RegExp
  readonly policy: string
  readonly allow: string
}

const policies: ReadonlyArray<Policy> = [
  {
    named: /^(assumerole|role)?trust(policy)?$|^assumerolepolicy$/,
    policy: "The role's trust policy",
    allow:
      "name the caller in it, and meet the conditions that it sets (an external id, MFA, a source identity)."
  },
  {
    named: /^(accountlevel)?identitybased(policy)?$/,
    policy: "The caller's own (identity-based) policy",
    allow: "grant the caller {action} on this role."
  },
  {
    named: /^resourcegrouplevelidentitybased(policy)?$/,
    policy: "The caller's own (identity-based) policy in the resource group",
    allow: "grant the caller {action} there, or for the whole account."
  },
  {
    named: /^(service|resource)?control(policy)?$/,
    policy: "A control policy of the organization or resource directory",
    allow: "its administrator has to allow {action} for this account."
  },
  {
    named: /^session(policy)?$/,
    policy: "The session policy of the credentials in use",
    allow: "get these credentials with a session policy that allows {action}, or with none."
  },
  {
    named: /^permissions?boundary(policy)?$/,
    policy: "The permissions boundary of the caller",
    allow: "allow {action} in the boundary too."
  },
  {
    named: /^resource(based)?(policy)?$/,
    policy: "The policy of the resource, which is a role's trust policy,",
    allow: "name the caller in it."
  },
  {
    named: /^vpcendpoint(policy)?$/,
    policy: "The policy of the VPC endpoint",
    allow: "allow {action} in it, or use the public endpoint."
  }
]

/** A refusal as the service explains it. */
export interface Denial {
  /** What the service calls the policy. */
  readonly policyType: string
  /** Whether a statement forbids it; otherwise none allows it. */
  readonly explicit: boolean
  /** The permission, for example `sts:AssumeRole`. */
  readonly action?: string | undefined
}

const wellFormedAction = /^[\w*-]{1,40}:[\w*]{1,80}$/

const wellFormedType = /^[\w -]{1,60}$/

/** What a person can do about a refusal; nothing where the policy has no name. */
export const hintOfDenial = ({ action, explicit, policyType }: Denial): string | undefined => {
  if (!wellFormedType.test(policyType)) return undefined
  const name = policyType.toLowerCase().replace(/[ _-]/g, "")
  const known = policies.find(({ named }) => named.test(name))
  const what = action !== undefined && wellFormedAction.test(action) ? action : "this"
  const policy = known?.policy ?? `A policy of the kind ${policyType.trim()}`
  if (explicit) return `${policy} forbids ${what}: change the statement in it that denies it.`
  const allow = known?.allow ?? "allow {action} in it."
  return `${policy} does not allow ${what}: ${allow.replace("{action}", what)}`
}
