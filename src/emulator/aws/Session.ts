/**
 * Sessions that the operations of AWS STS issue credentials for: their tags, what has to be allowed, the policies that narrow
 * them, how long they last, and how they are answered.
 */

import { deflateRawSync } from "node:zlib"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { type Context, Iam, type IamDocument, type Note, trustOf } from "../Policy.js"
import type { Call, Refusal } from "../Service.js"
import { arnOf, type Held, type Role } from "./Account.js"
import * as Refusals from "./Refusals.js"
import {
  type AssumedRole,
  arnOfIdentity,
  assumedRole,
  type Identity,
  type Session,
  type State,
  type Tags,
  userIdOf
} from "./State.js"

/** The tags of a session. */
export interface SessionTags {
  readonly tags: Tags
  readonly transitiveTagKeys: ReadonlyArray<string>
}

/** No tags. */
export const noTags: SessionTags = { tags: {}, transitiveTagKeys: [] }

type Tag = { readonly key: string; readonly value: string }

const lower = (keys: ReadonlyArray<string>): ReadonlyArray<string> => keys.map((key) => key.toLowerCase())

const invalid = (message: string): Result.Result<never, Refusal> =>
  Result.fail(Refusals.invalidParameterValue(message))

/** Tags by their keys, of which none may come twice. */
export const uniqueTags = (tags: ReadonlyArray<Tag>): Result.Result<Tags, Refusal> => {
  const keys = lower(tags.map(({ key }) => key))
  if (new Set(keys).size < keys.length) {
    return invalid("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
  }
  return keys.some((key) => key.startsWith("aws:"))
    ? invalid("Tag keys that begin with aws: are reserved.")
    : Result.succeed(Object.fromEntries(tags.map(({ key, value }) => [key, value])))
}

/** What a session inherits from the one that asks for it. */
export const inheritedTags = (identity: Identity): SessionTags => {
  if (identity._tag !== "AssumedRole") return noTags
  const { tags, transitiveTagKeys } = identity
  const kept = lower(transitiveTagKeys)
  return {
    tags: Object.fromEntries(Object.entries(tags).filter(([key]) => kept.includes(key.toLowerCase()))),
    transitiveTagKeys
  }
}

/**
 * The tags of a new session: those that it inherits, which cannot be changed, and those that are requested.
 */
export const joinTags = (
  from: SessionTags,
  asked: ReadonlyArray<Tag>,
  transitiveTagKeys: ReadonlyArray<string>
): Result.Result<SessionTags, Refusal> =>
  Result.gen(function* () {
    const own = yield* uniqueTags(asked)
    const kept = lower(Object.keys(from.tags))
    if (lower(Object.keys(own)).some((key) => kept.includes(key))) {
      return yield* invalid(
        "One or more of the tags are inherited from the calling session and cannot be set."
      )
    }
    const tags = { ...from.tags, ...own }
    const known = lower(Object.keys(tags))
    if (!lower(transitiveTagKeys).every((key) => known.includes(key))) {
      return yield* Result.fail(
        Refusals.validation("The specified transitive tag key must be included in the requested tags.")
      )
    }
    return { tags, transitiveTagKeys: [...from.transitiveTagKeys, ...transitiveTagKeys] }
  })

/** Tags as conditions see them, such as `aws:RequestTag/team`. */
export const tagContext = (kind: "aws:RequestTag" | "aws:PrincipalTag", tags: Tags): Context =>
  Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${kind}/${key}`, [value]]))

/** A session to be. */
export interface SessionRequest {
  readonly name: string
  readonly sourceIdentity: string | undefined
  readonly tags: SessionTags
}

/** The action itself, and one more for tags and for a source identity. */
export const requiredActions = (
  action: string,
  { sourceIdentity, tags }: SessionRequest
): ReadonlyArray<string> => [
  action,
  ...(Object.keys(tags.tags).length > 0 ? ["sts:TagSession"] : []),
  ...(sourceIdentity === undefined ? [] : ["sts:SetSourceIdentity"])
]

/** What conditions may ask about the session. */
export const requestContext = ({ name, sourceIdentity, tags }: SessionRequest): Context => ({
  ...tagContext("aws:RequestTag", tags.tags),
  "aws:TagKeys": Object.keys(tags.tags),
  "sts:TransitiveTagKeys": tags.transitiveTagKeys,
  "sts:RoleSessionName": [name],
  "sts:SourceIdentity": sourceIdentity === undefined ? [] : [sourceIdentity]
})

/** What is sent along. */
export interface Sent {
  readonly policy?: string | undefined
  readonly policyArns?: ReadonlyArray<{ readonly arn: string | undefined }> | undefined
  readonly tags?: Tags | undefined
}

/** What it amounts to. */
interface Narrowed {
  readonly policies: ReadonlyArray<IamDocument> | undefined
  /** In percent, where anything was sent. */
  readonly packedPolicySize: number | undefined
}

// How the service packs is its secret; this has the same effect: what is long and hard to compress does not fit.
const room = 2048

const everything: IamDocument = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }]
}

// What other managed policies say is not known here, so they allow nothing.
const managed = new Map<string | undefined, IamDocument>([
  ["arn:aws:iam::aws:policy/AdministratorAccess", everything]
])

const managedArn = /^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]+$/

const parse = (policy: string): Result.Result<IamDocument, Refusal> =>
  Result.fromOption(Iam.parse(policy), () =>
    Refusals.malformedPolicy(
      isJson(policy) ? "Syntax errors in policy." : "This policy contains invalid Json"
    )
  )

const isJson = (text: string): boolean => Result.isSuccess(Result.try((): unknown => JSON.parse(text)))

const percentOf = (texts: ReadonlyArray<string>): number =>
  Math.ceil((deflateRawSync(texts.join("\n")).length * 100) / room)

/** The policies that narrow a session, unless they are malformed or too large. */
export const narrow = ({ policy, policyArns = [], tags = {} }: Sent): Result.Result<Narrowed, Refusal> =>
  Result.gen(function* () {
    const arns = policyArns.flatMap(({ arn }) => (arn === undefined ? [] : [arn]))
    const texts = [...(policy === undefined ? [] : [policy]), ...arns, ...Object.entries(tags).flat()]
    if (texts.length === 0) return { policies: undefined, packedPolicySize: undefined }
    for (const arn of arns) {
      if (!managedArn.test(arn)) return yield* Result.fail(Refusals.validation(`${arn} is invalid`))
    }
    const inline = policy === undefined ? [] : [yield* parse(policy)]
    const known = arns.flatMap((arn) => managed.get(arn) ?? [])
    const packedPolicySize = percentOf(texts)
    if (packedPolicySize > 100) return yield* Result.fail(Refusals.packedPolicyTooLarge(packedPolicySize))
    return {
      policies: policy === undefined && arns.length === 0 ? undefined : [...inline, ...known],
      packedPolicySize
    }
  })

/** How long a role's session lasts by default, in seconds. */
export const defaultSeconds = 3600

const defaultUserSeconds = 43_200
const longestRootSeconds = 3600

/** How long a user's session lasts, in seconds; the root user's is never longer than an hour. */
export const userSeconds = (identity: Identity, asked = defaultUserSeconds): number =>
  identity._tag === "Root" ? Math.min(asked, longestRootSeconds) : asked

/** Refuses text that has the characters of an ARN but not its form. */
export const checkArn = (arn: string): Result.Result<void, Refusal> =>
  /^arn:[a-z-]+:[a-z]+:[a-z0-9-]*:[^:]*:.+$/s.test(arn)
    ? Result.void
    : Result.fail(Refusals.validation(`${arn} is invalid`))

/** Refuses a duration that is longer than the role's sessions may be. */
export const checkDuration = (role: Role, seconds: number): Result.Result<void, Refusal> =>
  seconds <= role.maxSessionDuration ? Result.void : Result.fail(Refusals.durationTooLong)

/** A session's credentials as they are answered. */
export const credentialsOf = (session: Session) => ({
  accessKeyId: session.accessKeyId,
  secretAccessKey: Redacted.value(session.secretAccessKey),
  sessionToken: Redacted.value(session.sessionToken),
  expiration: session.expiration
})

/** A role's session that nothing speaks against. */
interface RoleSession {
  readonly identity: AssumedRole
  /** How long it lasts. */
  readonly seconds: number
  readonly packedPolicySize: number | undefined
}

/** Issues credentials of a role's session, with what every operation that does so answers beside them. */
export const issue = (
  state: State,
  { identity, packedPolicySize, seconds }: RoleSession,
  now: number,
  mfa = false
) =>
  Effect.map(state.issue(identity, seconds, now, mfa), (session) => ({
    credentials: credentialsOf(session),
    assumedRoleUser: { assumedRoleId: userIdOf(identity), arn: arnOfIdentity(identity) },
    packedPolicySize,
    sourceIdentity: identity.sourceIdentity
  }))

/** What a provider states of a user, and for which action. */
export interface Vouched extends SessionRequest {
  readonly action: string
  readonly providerArn: string
  /** What conditions may ask about the proof. */
  readonly context: Context
}

const checkTrust = (
  { account, value: role }: Held<Role>,
  vouched: Vouched,
  note: Note
): Result.Result<void, Refusal> => {
  const trust = trustOf(arnOf(account, "role", role.name))
  const context: Context = { ...vouched.context, ...requestContext(vouched) }
  const principal = { kind: "Federated", names: [vouched.providerArn] } as const
  const refused = requiredActions(vouched.action, vouched).find(
    (action) => !Iam.allows(note, trust, [role.trustPolicy], { action, context, principal })
  )
  return refused === undefined ? Result.void : Result.fail(Refusals.federationNotAuthorized(refused))
}

/** Issues credentials of a role that trusts the provider. */
export const issueFederated = (
  state: State,
  held: Held<Role>,
  vouched: Vouched,
  { fields: asked, note, now }: Call<Sent & { readonly durationSeconds?: number | undefined }, unknown>
) => {
  const { name, sourceIdentity, tags } = vouched
  const seconds = asked.durationSeconds ?? defaultSeconds
  const session = Result.gen(function* () {
    yield* checkTrust(held, vouched, note)
    yield* checkDuration(held.value, seconds)
    const { packedPolicySize, policies } = yield* narrow({ ...asked, tags: tags.tags })
    return {
      identity: assumedRole(held, name, { policies, sourceIdentity, ...tags }),
      packedPolicySize,
      seconds
    }
  })
  return Effect.flatMap(Effect.fromResult(session), (session) => issue(state, session, now))
}
