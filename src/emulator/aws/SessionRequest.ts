/**
 * What is asked for with a session, whoever asks: the actions that have to be allowed, and what conditions may ask.
 */

import type { Context } from "../Policy.js"
import { type SessionTags, contextOf as tagsContextOf } from "./SessionTags.js"

/** A session to be. */
export interface SessionRequest {
  readonly name: string
  readonly sourceIdentity: string | undefined
  readonly tags: SessionTags
}

/** The action itself, and one more for tags and for a source identity. */
export const actionsOf = (
  action: string,
  { sourceIdentity, tags }: SessionRequest
): ReadonlyArray<string> => [
  action,
  ...(Object.keys(tags.tags).length > 0 ? ["sts:TagSession"] : []),
  ...(sourceIdentity === undefined ? [] : ["sts:SetSourceIdentity"])
]

/** What conditions may ask about the session. */
export const contextOf = ({ name, sourceIdentity, tags }: SessionRequest): Context => ({
  ...tagsContextOf("aws:RequestTag", tags.tags),
  "aws:TagKeys": Object.keys(tags.tags),
  "sts:TransitiveTagKeys": tags.transitiveTagKeys,
  "sts:RoleSessionName": [name],
  "sts:SourceIdentity": sourceIdentity === undefined ? [] : [sourceIdentity]
})
