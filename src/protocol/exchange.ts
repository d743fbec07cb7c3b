/**
 * A request and its reply, as far as reading the reply needs them.
 *
 * @since 0.1.0
 */
import { type Cloud, StsResponseError } from "../schemas/StsError.js"
import { excerpt } from "./scrub.js"

/**
 * A reply and what is known of the request it answers.
 *
 * @category models
 * @since 0.1.0
 */
export interface Exchange {
  readonly cloud: Cloud
  readonly operation: string
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly stringToSign: string | undefined
  /** The request's secrets, which a reply may echo. */
  readonly secrets: () => ReadonlyArray<string>
}

/**
 * Whether the service says that it did what it was asked.
 *
 * @category decoding
 * @since 0.1.0
 */
export const succeeded = ({ status }: Exchange): boolean => status >= 200 && status < 300

/**
 * The error for a reply that is not the service's, with the reply's first characters.
 *
 * @category errors
 * @since 0.1.0
 */
export const notSts = (
  { body, cloud, headers, operation, secrets, status }: Exchange,
  reason: StsResponseError["reason"],
  detail: string
): StsResponseError =>
  new StsResponseError({
    cloud,
    operation,
    reason,
    status,
    contentType: headers["content-type"],
    detail,
    // A reply that lacks a part is the service's own, and may hold the secrets it issues.
    excerpt: reason === "Incomplete" ? "" : excerpt(body, secrets()),
    retryable: status >= 500
  })

/**
 * Milliseconds that a header states; none where it is absent or no number.
 *
 * @category decoding
 * @since 0.1.0
 */
export const millisecondsIn = (header: string | undefined): number | undefined => {
  const value = header === undefined || header.trim() === "" ? Number.NaN : Number(header)
  return Number.isFinite(value) && value >= 0 ? value : undefined
}
