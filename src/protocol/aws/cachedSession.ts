/** What the sessions that a person has signed in to, as AWS's tools keep them in files, have in common. */
import { createHash } from "node:crypto"
import * as Result from "effect/Result"
import type { CredentialErrorReason } from "../../schemas/StsError.js"
import type { JsonObject } from "../jsonObject.js"
import { formatTimestamp } from "../timestamp.js"

/** What is wrong with a file or reply, without quoting it. */
export interface SessionFault {
  readonly reason: CredentialErrorReason
  readonly detail: string
}

/** A session and, where it was renewed, the file's new text. */
export interface Renewed<Session> {
  readonly session: Session
  readonly document: JsonObject
}

/** A {@link SessionFault}. */
export const fault = (reason: CredentialErrorReason, detail: string): Result.Result<never, SessionFault> =>
  Result.fail({ reason, detail })

/** The name of the file that belongs to a session. */
export const fileName = (algorithm: "sha1" | "sha256", session: string): string =>
  `${createHash(algorithm).update(session, "utf8").digest("hex")}.json`

const mostSeconds = 1_000_000_000

/** When something ends that lasts for some seconds from now on; in whole seconds, as the files have it. */
export const endsIn = (now: number, seconds: number): string => {
  const lasting = Math.floor(Math.min(Math.max(seconds, 0), mostSeconds))
  const millis = (Math.floor(now / 1000) + lasting) * 1000
  return formatTimestamp(millis, "iso8601")
}
