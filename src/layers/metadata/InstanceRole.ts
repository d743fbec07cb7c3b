/**
 * The role that a cloud gives an instance, and its credentials, from the cloud's metadata service, which may not be there
 * at all: it is asked with a session's token, and without one where it knows none.
 */

import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import { refusalOf, remedyOf } from "../../protocol/credentialsDocument.js"
import type { Setting } from "../../protocol/settings.js"
import {
  StsCredentialError,
  type StsResponseError,
  type StsTransportError,
  type TransportErrorReason
} from "../../schemas/StsError.js"
import type { Reply } from "../../services/Client.js"
import type { SourceError } from "../../services/CredentialSource.js"
import { type Source, sendRequest } from "../../services/SourceRequest.js"
import { type Asked, foreignReply, refusedReply, unanswered } from "../credentials.js"
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
  /** Whether the service was asked for: by its name, its address, or what to get from it. */
  readonly stated: boolean
  /** The setting that forbids to ask without a token, where one does. */
  readonly v1Forbidden: string | undefined
}

/** How errors call the service. */
const serviceName = "the metadata service"

const pause = 100

// Where there is no metadata service the network does not answer, or answers for it.
const silences: ReadonlySet<TransportErrorReason> = new Set(["Refused", "Timeout", "Dns", "Other"])

const join = (base: URL, path: string): string => {
  const url = new URL(base)
  url.pathname = `${url.pathname.replace(/\/$/, "")}${path}`
  return url.href
}

// What is wrong with the request or its sender says nothing about what is there.
const ours: ReadonlySet<TransportErrorReason> = new Set(["InvalidRequest", "Worker"])

/**
 * One source's requests. In any network something else may answer at the service's address: a proxy, a page to sign in
 * at, a rule that refuses. Whether anything has shown that it is a metadata service decides what its silence and
 * refusals mean.
 */
class Requests {
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
    return sendRequest(this.client, {
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
    if (!silent || this.recognised || stated) return unanswered({ source, service: serviceName })(error)
    return new StsCredentialError({
      ...source,
      reason: "NotConfigured",
      detail: "no metadata service answered",
      cause: error
    })
  }

  /**
   * What an error means to the source: where the service was not asked for, and nothing has shown that it is one, there
   * is none.
   */
  meaningOf(error: SourceError, { stated }: Manner): SourceError {
    if (stated || this.recognised || !(error instanceof StsCredentialError)) return error
    const { cause, detail, key, reason, source } = error
    // A setting that is refused was set on purpose.
    if (reason === "NotConfigured" || key !== undefined) return error
    return cause?._tag === "StsTransportError" && ours.has(cause.reason)
      ? error
      : new StsCredentialError({
          ...error,
          reason: "NotConfigured",
          detail: `there is no metadata service here, or it is switched off: ${detail}`,
          // What builds on this source needs to know whether that may pass.
          attempts: [{ source, reason, detail }]
        })
  }
}

/** What was found out about a service: its token, or that it knows none. */
interface Known {
  readonly base: string
  readonly token: Redacted.Redacted | undefined
  readonly until: number
  /** Why it is only a guess that the service knows no tokens. */
  readonly silence: StsTransportError | undefined
}

interface Lease {
  readonly token: Redacted.Redacted | undefined
  readonly seconds: number
  readonly silence?: StsTransportError | undefined
}

const tokenSeconds = 21_600
const tokenMargin = 120_000

const wellFormedToken = /^[\w+/=.~:-]{1,4096}$/

const knowsNoTokens = ({ status }: Reply): boolean =>
  /^(not-found|invalid-request)$/.test(remedyOf("", status).category)

const refusesToken = ({ status }: Reply): boolean => remedyOf("", status).renew

/** One source's talk with its metadata service. It keeps the token until two minutes before its end. */
export class Session {
  private known: Known | undefined
  readonly requests: Requests

  constructor(
    client: HttpClient.HttpClient,
    private readonly service: Service
  ) {
    this.requests = new Requests(client, service)
  }

  /** Asks for a path. A token that is refused is replaced once. */
  get(manner: Manner, path: string): Effect.Effect<Reply, SourceError> {
    return Effect.flatMap(this.getOnce(manner, path), (reply) => {
      if (!refusesToken(reply)) return Effect.succeed(reply)
      this.known = undefined
      return Effect.flatMap(this.getOnce(manner, path), (again) => this.unlessSilent(manner, again))
    })
  }

  // A service that refuses for want of the token that it did not give in time may give one the next time.
  private unlessSilent(manner: Manner, reply: Reply): Effect.Effect<Reply, SourceError> {
    const silence = this.known?.silence
    return refusesToken(reply) && silence !== undefined
      ? Effect.fail(this.requests.unanswered(silence, manner))
      : Effect.succeed(reply)
  }

  /** Whether a text is the session's token. */
  isToken(text: string): boolean {
    const token = this.known?.token
    return token !== undefined && Redacted.value(token) === text
  }

  /** Forgets a service that has turned out to be none. */
  disown(): void {
    this.known = undefined
    this.requests.recognised = false
  }

  /** What errors need to know of a request. */
  get asked(): Asked {
    const token = this.known?.token
    return {
      source: this.service.source,
      service: serviceName,
      secrets: token === undefined ? [] : [Redacted.value(token)]
    }
  }

  private getOnce(manner: Manner, path: string): Effect.Effect<Reply, SourceError> {
    return Effect.flatMap(this.token(manner), (token) => {
      const headers = token === undefined ? {} : { [this.service.tokenHeader]: Redacted.value(token) }
      return Effect.mapError(this.requests.send(manner, "GET", path, headers), (error) => {
        // That the service knows no tokens was a guess, if it does not answer without one either.
        if (token === undefined) this.known = undefined
        return this.requests.unanswered(error, manner)
      })
    })
  }

  private token(manner: Manner): Effect.Effect<Redacted.Redacted | undefined, SourceError> {
    return Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const { known } = this
      const base = manner.url.href
      const usable = known?.token !== undefined || manner.v1Forbidden === undefined
      if (known?.base === base && now < known.until && usable) return Effect.succeed(known.token)
      return Effect.map(this.newToken(manner), ({ seconds, silence, token }) => {
        this.known = { base, token, until: now + seconds * 1_000 - tokenMargin, silence }
        return token
      })
    })
  }

  private newToken(manner: Manner): Effect.Effect<Lease, SourceError> {
    const { ttlHeader } = this.service
    const asking = this.requests.send(manner, "PUT", "/latest/api/token", {
      [ttlHeader]: String(tokenSeconds)
    })
    return Effect.matchEffect(asking, {
      onSuccess: (reply): Effect.Effect<Lease, SourceError> => {
        if (knowsNoTokens(reply)) return this.withoutToken(manner)
        if (reply.status !== 200) return this.tokenRefused(reply)
        const token = reply.body.trim()
        if (!wellFormedToken.test(token)) return foreignReply(this.asked, "it is not a session token")
        const seconds = Number(reply.headers[ttlHeader])
        this.requests.recognised = true
        return Effect.succeed({ token: Redacted.make(token), seconds: seconds > 0 ? seconds : tokenSeconds })
      },
      // Where containers are one hop too far away, the answers to PUT alone do not reach them.
      onFailure: (error) =>
        error._tag === "StsTransportError" && error.reason === "Timeout" && manner.v1Forbidden === undefined
          ? this.withoutToken(manner, error)
          : Effect.fail(this.requests.unanswered(error, manner))
    })
  }

  private withoutToken(
    { v1Forbidden }: Manner,
    silence?: StsTransportError
  ): Effect.Effect<Lease, SourceError> {
    return v1Forbidden === undefined
      ? Effect.succeed({ token: undefined, seconds: tokenSeconds, silence })
      : new StsCredentialError({
          ...this.service.source,
          reason: "Refused",
          detail: `the metadata service does not support session tokens, and ${v1Forbidden} forbids asking without one`,
          key: v1Forbidden,
          transient: true
        })
  }

  private tokenRefused(reply: Reply): StsCredentialError {
    const hint = "Switch the instance's metadata service on, or disable this source."
    return refusedReply(reply.status === 403 ? { ...this.asked, hint } : this.asked, reply)
  }
}

const isUnknown = ({ status }: Reply): boolean => remedyOf("", status).category === "not-found"

const wellFormedRole = /^[\w+=,.@-]{1,128}$/

/**
 * One source's knowledge of the role. The name is remembered until it is no longer known there, and of the service's
 * APIs the one that answered.
 */
export class InstanceRole {
  readonly session: Session
  private api: string | undefined
  private role: string | undefined

  constructor(
    client: HttpClient.HttpClient,
    private readonly service: Service,
    /** Paths that list the role and below which its credentials are; the first that is known is used. */
    private readonly apis: ReadonlyArray<string>
  ) {
    this.session = new Session(client, service)
  }

  /** What is read from the reply that holds the credentials, or refuses them. */
  credentials<Credentials>(
    manner: Manner,
    stated: Setting | undefined,
    read: (asked: Asked, reply: Reply) => Effect.Effect<Credentials, SourceError>
  ): Effect.Effect<Credentials, SourceError> {
    const apis = this.api === undefined ? this.apis : [this.api]
    const asking = stated === undefined ? this.discovered(manner, apis) : this.named(manner, stated, apis)
    return asking.pipe(
      Effect.flatMap((reply) => read(this.session.asked, reply)),
      Effect.tap(() =>
        Effect.sync(() => {
          // One that knows no tokens shows by its credentials what it is.
          this.session.requests.recognised = true
        })
      ),
      Effect.mapError((error) => this.session.requests.meaningOf(error, manner))
    )
  }

  private named(
    manner: Manner,
    stated: Setting,
    [api, ...others]: ReadonlyArray<string>
  ): Effect.Effect<Reply, SourceError> {
    if (api === undefined) {
      return new StsCredentialError({
        ...this.service.source,
        reason: "Refused",
        detail: "the metadata service has no role with the configured name",
        transient: true,
        key: stated.key,
        hint: "Correct the name, or leave it out to use the instance's own role."
      })
    }
    return Effect.flatMap(this.ask(manner, api, stated.value), (reply) =>
      isUnknown(reply) ? this.named(manner, stated, others) : Effect.succeed(reply)
    )
  }

  private discovered(manner: Manner, apis: ReadonlyArray<string>): Effect.Effect<Reply, SourceError> {
    const { api, role } = this
    if (api === undefined || role === undefined) return this.listed(manner, apis)
    return Effect.flatMap(this.ask(manner, api, role), (reply) =>
      isUnknown(reply) ? this.listed(manner, apis) : Effect.succeed(reply)
    )
  }

  private listed(manner: Manner, [api, ...others]: ReadonlyArray<string>): Effect.Effect<Reply, SourceError> {
    if (api === undefined) return this.roleless
    return Effect.flatMap(this.session.get(manner, api), (reply) => {
      if (isUnknown(reply)) return this.listed(manner, others)
      if (reply.status !== 200) return refusedReply(this.session.asked, reply)
      const role = reply.body.trim().split(/\s*\n/, 1)[0] ?? ""
      if (role === "") return this.roleless
      // What gives the same answer to everything is a page, or a stub.
      const isSame = this.session.isToken(role)
      if (isSame) this.session.disown()
      if (isSame || !wellFormedRole.test(role))
        return foreignReply(this.session.asked, "it is not a role name")
      return this.ask(manner, api, role)
    })
  }

  private get roleless(): Effect.Effect<never, SourceError> {
    // An instance that had a role may be about to get another one.
    const reason = this.role === undefined ? "NotConfigured" : "Unavailable"
    return Effect.suspend(
      () => new StsCredentialError({ ...this.service.source, reason, detail: "the instance has no role" })
    )
  }

  private ask(manner: Manner, api: string, role: string): Effect.Effect<Reply, SourceError> {
    return Effect.tap(this.session.get(manner, `${api}${encodeURIComponent(role)}`), ({ body, status }) =>
      Effect.sync(() => {
        if (status !== 200) return
        if (refusalOf(body) !== undefined) this.session.requests.recognised = true
        this.api = api
        this.role = role
      })
    )
  }
}
