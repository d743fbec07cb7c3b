/** Requests to IAM Identity Center and AWS Sign-In. */

import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import { codeOf, refusalOf, type SessionFault } from "../../protocol/aws/identityServices.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import type { Reply } from "../../services/Client.js"
import type { SourceError } from "../../services/CredentialSource.js"
import { RequestPolicy } from "../../services/RequestPolicy.js"
import {
  fromCall,
  type Source,
  type SourceRequest,
  sendRequest,
  spaced
} from "../../services/SourceRequest.js"

/** Which source asks, and what to do where the answer is no. */
export interface Caller {
  readonly client: HttpClient.HttpClient
  readonly source: Source
  /** How errors call the service. */
  readonly service: string
  /** What signs in again, for example `aws login`. */
  readonly command: string
  /** What to do where something is not permitted, if it is not signing in again. */
  readonly permit?: ((code: string | undefined) => string | undefined) | undefined
}

/** What to do where a session gives nothing: sign in again, unless it may pass by itself. */
export const hintOf = (reason: StsCredentialError["reason"], command: string): string | undefined =>
  reason === "Unavailable" || reason === "Unreadable" ? undefined : `Run ${command}.`

/** The error for an answer that gives nothing. */
export const failure = (
  { command, permit, source }: Caller,
  { detail, reason }: SessionFault,
  code?: string
): StsCredentialError => {
  const permission = reason === "Refused" ? permit?.(code) : undefined
  const transient = reason === "Malformed" || undefined
  return new StsCredentialError({
    ...source,
    reason,
    detail,
    hint: permission ?? hintOf(reason, command),
    transient
  })
}

const attemptTimeout = 10_000

const pause = 500

type Question = Pick<SourceRequest, "operation" | "method" | "url" | "headers" | "body">

/** Asks once, and gives whatever the answer is. */
export const ask = (caller: Caller, question: Question): Effect.Effect<Reply, SourceError> =>
  Effect.flatMap(RequestPolicy, (policy) =>
    Effect.mapError(
      sendRequest(caller.client, {
        ...question,
        cloud: "aws",
        timeout: policy.attemptTimeout ?? attemptTimeout
      }),
      fromCall(caller.source)
    )
  )

/** The error for an answer that is a no. */
export const refusal = (caller: Caller, reply: Reply): StsCredentialError =>
  failure(caller, refusalOf(caller.service, reply), codeOf(reply))

/** Asks once, and gives the body of the answer; any status but 200 is an error. */
export const once = (caller: Caller, question: Question): Effect.Effect<string, SourceError> =>
  Effect.flatMap(ask(caller, question), (reply) =>
    reply.status === 200 ? Effect.succeed(reply.body) : Effect.fail(refusal(caller, reply))
  )

const mayPass = (error: SourceError): boolean =>
  error instanceof StsCredentialError && error.reason === "Unavailable"

/** Tries as often as the request policy has it, while another attempt may help. */
export const persistently = <A>(attempt: Effect.Effect<A, SourceError>): Effect.Effect<A, SourceError> =>
  Effect.flatMap(RequestPolicy, ({ maxAttempts }) =>
    spaced(attempt, maxAttempts, pause, (error) => ({ retry: mayPass(error) ? "transient" : undefined }))
  )
