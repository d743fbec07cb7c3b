/** Tags of sessions, and which of them pass on through role chaining. */
import * as Result from "effect/Result"
import type { Context } from "../Policy.js"
import { type Refusal, refusal } from "../Refusal.js"
import type { Identity, Tags } from "./Identity.js"
import { validation } from "./Refusals.js"

/** The tags of a session. */
export interface SessionTags {
  readonly tags: Tags
  readonly transitiveTagKeys: ReadonlyArray<string>
}

/** No tags. */
export const none: SessionTags = { tags: {}, transitiveTagKeys: [] }

type Tag = { readonly key: string; readonly value: string }

const lower = (keys: ReadonlyArray<string>): ReadonlyArray<string> => keys.map((key) => key.toLowerCase())

const invalid = (message: string): Result.Result<never, Refusal> =>
  Result.fail(refusal(400, "InvalidParameterValue", message))

/** Tags by their keys, of which none may come twice. */
export const unique = (tags: ReadonlyArray<Tag>): Result.Result<Tags, Refusal> => {
  const keys = lower(tags.map(({ key }) => key))
  if (new Set(keys).size < keys.length) {
    return invalid("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
  }
  return keys.some((key) => key.startsWith("aws:"))
    ? invalid("Tag keys that begin with aws: are reserved.")
    : Result.succeed(Object.fromEntries(tags.map(({ key, value }) => [key, value])))
}

/** What a session inherits from the one that asks for it. */
export const inherited = (identity: Identity): SessionTags => {
  if (identity._tag !== "AssumedRole") return none
  const { tags, transitiveTagKeys } = identity
  const kept = lower(transitiveTagKeys)
  return {
    tags: Object.fromEntries(Object.entries(tags).filter(([key]) => kept.includes(key.toLowerCase()))),
    transitiveTagKeys
  }
}

/**
 * The tags of a new session: those that it inherits, which nobody may change, and those that are asked for.
 */
export const join = (
  from: SessionTags,
  asked: ReadonlyArray<Tag>,
  transitiveTagKeys: ReadonlyArray<string>
): Result.Result<SessionTags, Refusal> =>
  Result.gen(function* () {
    const own = yield* unique(asked)
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
        validation("The specified transitive tag key must be included in the requested tags.")
      )
    }
    return { tags, transitiveTagKeys: [...from.transitiveTagKeys, ...transitiveTagKeys] }
  })

/** Tags as conditions see them, such as `aws:RequestTag/team`. */
export const contextOf = (kind: "aws:RequestTag" | "aws:PrincipalTag", tags: Tags): Context =>
  Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${kind}/${key}`, [value]]))
