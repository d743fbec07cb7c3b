/** Requests to a cloud's metadata service, which may not be there at all. */

import type * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import {
  StsCredentialError,
  type StsResponseError,
  type StsTransportError,
  type TransportErrorReason
} from "../../schemas/StsError.js"
import { ask } from "../../services/ask.js"
import type { SourceError } from "../../services/CredentialSource.js"
import type { Source } from "../../services/failedCall.js"
import type { Reply } from "../../services/Reply.js"
import * as answer from "./answer.js"
import type { Destination } from "./Destination.js"

/** A cloud's metadata service. */
export interface Service {
  readonly source: Source
  /** How errors call a request to it. */
  readonly operation: string
  readonly ttlHeader: string
  readonly tokenHeader: string
}

/** How the service is asked this time. */
export interface Manner extends Destination {
  /** Milliseconds for each attempt. */
  readonly timeout: number
  /** Attempts where nothing answers. */
  readonly silentAttempts: number
  /** Attempts where the service is there, and busy. */
  readonly attempts: number
  /** Whether somebody asked for the service: by its name, its address, or what it is to be asked for. */
  readonly stated: boolean
  /** The setting that forbids to ask without a token, where one does. */
  readonly v1Forbidden: string | undefined
}

/** How errors call the service. */
export const serviceName = "the metadata service"

const pause = 100

// Where there is no metadata service the network does not answer, or answers for it.
const silences: ReadonlySet<TransportErrorReason> = new Set(["Refused", "Timeout", "Dns", "Other"])

const join = (base: URL, path: string): string => {
  const url = new URL(base)
  url.pathname = `${url.pathname.replace(/\/$/, "")}${path}`
  return url.href
}

// What is wrong with the request or its sender says nothing of who is there.
const ours: ReadonlySet<TransportErrorReason> = new Set(["InvalidRequest", "Worker"])

/**
 * One source's requests. Any network may have somebody at the service's address: a proxy, a page to sign in at, a rule
 * that refuses. Whether anything has shown that it is a metadata service decides what its silence and refusals mean.
 */
export class Requests {
  /** Whether the service has shown that it is one. */
  recognised = false

  constructor(
    private readonly client: HttpClient.HttpClient,
    private readonly service: Service
  ) {}

  /** Sends a request; the reply may be a refusal. */
  send(
    { addresses, attempts, direct, silentAttempts, timeout, url }: Manner,
    method: "GET" | "PUT",
    path: string,
    headers: Readonly<Record<string, string>>
  ): Effect.Effect<Reply, StsTransportError | StsResponseError> {
    const { operation, source } = this.service
    return ask(this.client, {
      cloud: source.cloud,
      operation,
      method,
      url: join(url, path),
      headers,
      timeout,
      attempts,
      silentAttempts: this.recognised ? attempts : silentAttempts,
      pause,
      addresses,
      direct
    })
  }

  /** What it means to the source that there is no reply. */
  unanswered(error: StsTransportError | StsResponseError, { stated }: Manner): SourceError {
    const { source } = this.service
    const silent = error._tag === "StsTransportError" && silences.has(error.reason)
    if (!silent || this.recognised || stated)
      return answer.unanswered({ source, service: serviceName })(error)
    return new StsCredentialError({
      ...source,
      reason: "NotConfigured",
      detail: "no metadata service answered",
      cause: error
    })
  }

  /** What an error means to the source: where nobody asked for the service, and nothing has shown that it is one, none is there. */
  meaningOf(error: SourceError, { stated }: Manner): SourceError {
    if (stated || this.recognised || !(error instanceof StsCredentialError)) return error
    const { cause, detail, key, reason, source } = error
    // A setting that is refused is somebody's wish.
    if (reason === "NotConfigured" || key !== undefined) return error
    return cause?._tag === "StsTransportError" && ours.has(cause.reason)
      ? error
      : new StsCredentialError({
          ...error,
          reason: "NotConfigured",
          detail: `nobody asked for a metadata service, and none is there or it is switched off: ${detail}`,
          // Who builds on this source needs to know whether that may pass.
          attempts: [{ source, reason, detail }]
        })
  }
}
