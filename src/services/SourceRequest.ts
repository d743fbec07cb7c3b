/**
 * The small requests of credential sources, which are not calls of STS: metadata services, portals, token endpoints.
 * And what a failed request or call means to whoever asked for credentials.
 */

import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import {
  Attempts,
  retryOf as byStatus,
  type Failure,
  lasts,
  type RetryKind,
  retried
} from "../protocol/retry.js"
import type { SettingPlace } from "../protocol/settings.js"
import {
  type Cloud,
  type CredentialErrorReason,
  type FailedCall,
  StsConfigError,
  StsCredentialError,
  type StsResponseError,
  type StsTransportError,
  type StsValidationError
} from "../schemas/StsError.js"
import type { Reply } from "./Client.js"
import type { SourceError } from "./CredentialSource.js"
import { timeLimit } from "./fiber.js"
import { send } from "./HttpReply.js"
import { DirectConnection } from "./HttpRequest.js"
import * as TransportFault from "./TransportFault.js"

/** Where a field of a request was stated. */
export interface StatedField extends SettingPlace {
  /** What to do where it is refused. */
  readonly hint?: string | undefined
}

/** Which source failed, and where it was configured. */
export interface Source {
  /** The cloud that the credentials are for. */
  readonly cloud: Cloud
  /** The source's name, for example `environment`. */
  readonly source: string
  /** The file that it was configured in, if in one. */
  readonly file?: string | undefined
  /** The line there; the first is 1. */
  readonly line?: number | undefined
  /** The profile that configures it, if one does. */
  readonly profile?: string | undefined
  /** Where the fields of its calls were stated, by their names; those that are left out are the program's options. */
  readonly stated?: Readonly<Record<string, StatedField>> | undefined
}

/** Where a source is configured. */
export type Where = Omit<Source, "cloud" | "source">

/** Where a source that a file leads to is configured, for its errors. Empty where the program made it. */
export const ConfiguredAt = Context.Reference("effect-sts/ConfiguredAt", {
  defaultValue: (): Where => ({})
})

const reasonOf = (error: FailedCall): CredentialErrorReason => {
  switch (error._tag) {
    case "StsApiError":
      return error.retryable ? "Unavailable" : "Refused"
    case "StsTransportError":
      return error.reason === "Tls" || error.reason === "InvalidRequest" ? "Refused" : "Unavailable"
    case "StsResponseError":
      return "Unavailable"
    default:
      return "Malformed"
  }
}

const fieldName = /^\w+/

/** The reader looks for the setting where it was written, under the name that it has there. */
const refusedSetting = (
  { stated = {}, ...source }: Source,
  error: StsValidationError
): StsCredentialError => {
  const settingOf = (field: string): StatedField | undefined => stated[fieldName.exec(field)?.[0] ?? field]
  const broken = error.issues.map(({ field, rule }) => `${settingOf(field)?.key ?? field} ${rule}`).join("; ")
  const { file, hint, key, line } = settingOf(error.field) ?? { ...source, key: error.field, hint: undefined }
  return new StsCredentialError({
    ...source,
    reason: "Malformed",
    detail: `${error.operation}: ${broken}; nothing was sent`,
    file,
    line,
    key,
    hint,
    profile: file === undefined ? undefined : source.profile,
    cause: error
  })
}

/** The source's error for a call that failed; the errors of a source below it stay what they are. */
export const fromCall =
  (source: Source) =>
  (error: FailedCall | SourceError): SourceError => {
    if (error instanceof StsCredentialError || error instanceof StsConfigError) return error
    if (error._tag === "StsValidationError") return refusedSetting(source, error)
    const { stated: _, ...place } = source
    const reason = reasonOf(error)
    const detail = error.message.replace(/\.$/, "")
    const lasting = error._tag === "StsApiError" && lasts(error.category, error.code, error.status)
    const transient = (reason === "Refused" && !lasting) || undefined
    return new StsCredentialError({ ...place, reason, detail, transient, cause: error })
  }

/**
 * What it means for a source that builds on another that the other has nothing: a service that did not answer may be
 * back later, an answer means what it says, and a missing setting has to be made by a person.
 */
export const reasonWithout = ({ attempts, cause }: StsCredentialError): CredentialErrorReason =>
  cause?._tag === "StsTransportError"
    ? "Unavailable"
    : (attempts?.find(({ reason }) => reason !== "NotConfigured")?.reason ?? "Incomplete")

/** A request, and how long and how often it is tried. */
export interface SourceRequest {
  readonly cloud: Cloud
  /** How errors call the request, for example `instance metadata`. */
  readonly operation: string
  readonly method: "GET" | "PUT" | "POST"
  readonly url: string
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Its media type is in the headers. */
  readonly body?: string | undefined
  /** Milliseconds for each attempt. */
  readonly timeout: number
  /** Attempts in all. Default: 1. */
  readonly attempts?: number | undefined
  /** Attempts where nothing answers, not even to cut the connection. Default: as many as `attempts`. */
  readonly silentAttempts?: number | undefined
  /** Milliseconds between two attempts. Default: 0. */
  readonly pause?: number | undefined
  /** Why a reply is worth another attempt. Default: by its status. */
  readonly retryOf?: ((reply: Reply) => RetryKind | undefined) | undefined
  /** Whether no proxy may see it. */
  readonly direct?: boolean | undefined
  /** Addresses of the host, to connect to in turn instead of resolving its name again. For plain HTTP only. */
  readonly addresses?: ReadonlyArray<string> | undefined
}

const maxReplyBytes = 1024 * 1024

/** A reply that may be different a while later. */
class Busy {
  readonly _tag = "Busy"
  constructor(
    readonly reply: Reply,
    readonly retry: RetryKind
  ) {}
}

type Answered = Effect.Effect<Reply, StsTransportError | StsResponseError>

const at = (url: string, address: string): string => {
  const moved = new URL(url)
  moved.hostname = address.includes(":") ? `[${address}]` : address
  return moved.href
}

const attempt = (
  http: HttpClient.HttpClient,
  question: SourceRequest,
  address: string | undefined
): Answered => {
  const { body, cloud, headers = {}, method, operation, timeout, url } = question
  const { host } = new URL(url)
  const where = { cloud, operation, host }
  const parts =
    address === undefined
      ? { method, url, headers, body }
      : { method, url: at(url, address), headers: { host, ...headers }, body }
  return timeLimit(
    Effect.mapBoth(send(http, parts, maxReplyBytes), {
      onSuccess: ({ reply }) => reply,
      onFailure: (failure) => TransportFault.fromClient(where, failure)
    }),
    timeout,
    () => TransportFault.timedOut(where, timeout, "attempt")
  )
}

/** One attempt: the first address that accepts a connection gives the answer. */
const inTurn = (http: HttpClient.HttpClient, question: SourceRequest): Answered => {
  const [first, ...others] = question.addresses ?? [undefined]
  return others.reduce<Answered>(
    (before, address) =>
      Effect.catchIf(
        before,
        (error) => error._tag === "StsTransportError",
        () => attempt(http, question, address)
      ),
    attempt(http, question, first)
  )
}

/** Tries up to so many times, with the same pause in milliseconds before each further attempt. */
export const spaced = <A, E, R>(
  attempt: Effect.Effect<A, E, R>,
  maxAttempts: number,
  pause: number,
  failureOf: (error: E) => Failure
): Effect.Effect<A, E, R> =>
  Effect.suspend(() => {
    const patience = { maxAttempts, backoff: pause, throttledBackoff: pause, maxBackoff: pause }
    const attempts = new Attempts(patience)
    return retried<A, E, R>({
      attempt: () => {
        attempts.made++
        return attempt
      },
      beforeNext: (error) => {
        const next = attempts.next(failureOf(error))
        return typeof next === "function" ? Effect.sleep(next(1)) : undefined
      }
    })
  })

/** Sends a request and returns the final reply, even one that refuses or redirects: no redirect is followed. */
export const sendRequest = (client: HttpClient.HttpClient, question: SourceRequest): Answered => {
  const { attempts = 1, direct = false, pause = 0, silentAttempts = attempts } = question
  const { retryOf = ({ status }) => byStatus(status) } = question
  const attempt = Effect.flatMap(inTurn(client, question), (reply) => {
    const retry = retryOf(reply)
    return retry === undefined ? Effect.succeed(reply) : Effect.fail(new Busy(reply, retry))
  })
  const failureOf = (error: Busy | StsTransportError | StsResponseError): Failure => {
    if (error._tag === "Busy") return error
    const isSilent = error.reason !== "Reset"
    return {
      retry: error.retryable ? "transient" : undefined,
      maxAttempts: isSilent ? silentAttempts : attempts
    }
  }
  return spaced(attempt, attempts, pause, failureOf).pipe(
    Effect.catch((error) => (error._tag === "Busy" ? Effect.succeed(error.reply) : Effect.fail(error))),
    Effect.provideService(DirectConnection, direct)
  )
}
