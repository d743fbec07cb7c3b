/** What the answers of metadata services and the like mean to who asked for credentials. */
import * as Result from "effect/Result"
import {
  decode,
  type Issued,
  type Names,
  type Refusal,
  refusalOf,
  remedyOf
} from "../../protocol/credentialsDocument.js"
import { isRedirect, lasts, retryOf } from "../../protocol/retry.js"
import { excerpt, plainWords } from "../../protocol/scrub.js"
import {
  type CredentialErrorReason,
  StsCredentialError,
  type StsResponseError,
  type StsTransportError
} from "../../schemas/StsError.js"
import type { Reply } from "../../services/Client.js"
import type { SourceError } from "../../services/CredentialSource.js"
import { fromCall, type Source } from "../../services/SourceRequest.js"
import type { Place } from "../credentials.js"

/** Who is asked, and the secrets that the request held: an answer may repeat them. */
export interface Asked {
  readonly source: Source
  /** How errors call the service, for example `the metadata service`. */
  readonly service: string
  readonly secrets?: ReadonlyArray<string> | undefined
  readonly hint?: string | undefined
}

const failed = (
  { hint, source }: Asked,
  reason: CredentialErrorReason,
  detail: string,
  transient: boolean
): StsCredentialError =>
  new StsCredentialError({
    ...source,
    reason,
    detail,
    hint,
    transient: (transient && reason !== "Unavailable") || undefined
  })

const wordsOf = ({ code, message }: Refusal, secrets: ReadonlyArray<string> = []): string =>
  `, ${code}${message === undefined ? "" : ` (${excerpt(message.trim().replace(/\.$/, ""), secrets)})`}`

const saidIn = (body: string, secrets: ReadonlyArray<string> = []): string => {
  const words = excerpt(plainWords(body), secrets).trim()
  return words === "" ? "" : `: ${words.replace(/\.$/, "")}`
}

/** The error for a reply whose status is not 200. */
export const refused = (asked: Asked, { body, status }: Reply): StsCredentialError => {
  const { secrets, service } = asked
  if (isRedirect(status)) {
    return failed(
      asked,
      "Refused",
      `${service} answered with a redirect (HTTP ${status}), which is not followed`,
      true
    )
  }
  const refusal = refusalOf(body)
  const words = refusal === undefined ? saidIn(body, secrets) : wordsOf(refusal, secrets)
  const reason = retryOf(status) === undefined ? "Refused" : "Unavailable"
  return failed(asked, reason, `${service} answered HTTP ${status}${words}`, true)
}

/**
 * The error for a reply that is something else than what was asked for, `Malformed` where a member of it is of another
 * JSON type. Another server may be there for a while.
 */
export const foreign = (
  asked: Asked,
  detail: string,
  reason: "Unavailable" | "Malformed" = "Unavailable"
): StsCredentialError =>
  failed(asked, reason, `${asked.service} answered something else than expected: ${detail}`, true)

/** The error for no reply at all. */
export const unanswered =
  (asked: Asked) =>
  (error: StsTransportError | StsResponseError): SourceError =>
    error._tag === "StsTransportError" ? fromCall(asked.source)(error) : foreign(asked, "it is too large")

const issued = (
  asked: Asked,
  reply: Reply,
  names: Names,
  codeRequired?: boolean
): Result.Result<Issued, StsCredentialError> => {
  if (reply.status !== 200) return Result.fail(refused(asked, reply))
  return Result.mapError(decode(reply.body, names, codeRequired), (problem) => {
    if (problem._tag === "Foreign") return foreign(asked, problem.detail, problem.reason)
    const { refusal } = problem
    const detail = `${asked.service} has no credentials${wordsOf(refusal, asked.secrets)}`
    const { code } = refusal
    const lasting = lasts(remedyOf(code, reply.status).category, code, reply.status)
    return failed(asked, lasting ? "Refused" : "Unavailable", detail, !lasting)
  })
}

/** Reads the credentials that a reply holds, under the names that a cloud has for their parts. */
export const credentialsReader =
  <Credentials>(
    names: Names,
    read: (place: Place, found: Issued) => Result.Result<Credentials, StsCredentialError>,
    codeRequired?: boolean
  ) =>
  (asked: Asked, reply: Reply): Result.Result<Credentials, StsCredentialError> =>
    Result.flatMap(issued(asked, reply, names, codeRequired), (found) =>
      Result.mapError(read({ source: asked.source.source, keys: names }, found), ({ detail }) =>
        foreign(asked, detail)
      )
    )
