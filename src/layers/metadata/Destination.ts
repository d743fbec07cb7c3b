/** Asking a URL that somebody set for credentials: where it leads, whether that is safe, and the request. */
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { type HostRule, isAddress, isNearby } from "../../protocol/hostRules.js"
import { quotesHint, type Setting, type SettingPlace } from "../../protocol/settings.js"
import { StsConfigError, StsTransportError } from "../../schemas/StsError.js"
import type { SourceError } from "../../services/CredentialSource.js"
import { allowHttpHint, httpAllowed } from "../../services/Endpoint.js"
import { timeLimit } from "../../services/fiber.js"
import type { ExchangeFault, Reply } from "../../services/HttpReply.js"
import { fromCall, type Source, sendRequest } from "../../services/SourceRequest.js"
import * as TransportFault from "../../services/TransportFault.js"
import type { Resolve } from "../http/HostResolver.js"
import * as answer from "./answer.js"

const wrong = ({ file, key, line }: SettingPlace, detail: string, hint?: string) =>
  new StsConfigError({ key, detail, file, line, hint })

/** Reads a URL that somebody set, of `http:` or `https:` without user name and password. */
export const parse = (stated: Setting): Result.Result<URL, StsConfigError> => {
  if (!URL.canParse(stated.value)) {
    const hint = quotesHint(stated.value) ?? "Begin it with http:// or https://."
    return Result.fail(wrong(stated, "is not a URL with a scheme and a host", hint))
  }
  const url = new URL(stated.value)
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    return Result.fail(wrong(stated, "must begin with http:// or https://"))
  }
  if (url.username !== "" || url.password !== "") {
    return Result.fail(wrong(stated, "must not hold a user name or password"))
  }
  url.hash = ""
  return Result.succeed(url)
}

/** Which hosts may be asked over plain HTTP. */
export interface Allowed {
  readonly rule: HostRule
  /** In words, for errors: `this machine or ...`. */
  readonly words: string
  /** Whether any host may be. What `EFFECT_STS_ALLOW_HTTP` says, where it is left out. */
  readonly http?: boolean | undefined
}

const nearby: Allowed = {
  rule: isNearby,
  words: "this machine or in a network nearby (loopback, link-local or private)"
}

/** This machine and networks nearby, or every host where a program says so. */
export const allowing = (http: boolean | undefined): Allowed => ({ ...nearby, http })

/** Where to connect to: plain HTTP goes to an address that was checked, and past every proxy. */
export interface Destination {
  readonly url: URL
  readonly addresses: ReadonlyArray<string> | undefined
  readonly direct: boolean
}

/** Who asks, for errors, and how patiently names are resolved. */
interface Asking {
  readonly source: Source
  /** How errors call the request. */
  readonly operation: string
  readonly resolve: Resolve
  /** Milliseconds. */
  readonly timeout: number
}

const resolved = (
  { operation, resolve, source, timeout }: Asking,
  { host, hostname }: URL
): Effect.Effect<ReadonlyArray<string>, SourceError> => {
  const where = { cloud: source.cloud, operation, host }
  const unresolved = ({ code }: ExchangeFault) =>
    new StsTransportError({ ...where, reason: "Dns", code, retryable: false })
  return timeLimit(Effect.mapError(resolve(hostname), unresolved), timeout, () =>
    TransportFault.timedOut(where, timeout, "attempt")
  ).pipe(Effect.mapError(fromCall(source)))
}

/**
 * Finds out where a URL leads. TLS may lead anywhere. Plain HTTP needs a host of which every address is allowed, unless
 * somebody allowed all; a name is resolved for it once, here, so that nobody can answer something else when the
 * connection is made.
 */
export const find = (
  asking: Asking,
  stated: Setting,
  url: URL,
  { http, rule, words }: Allowed
): Effect.Effect<Destination, SourceError> => {
  if (url.protocol === "https:") return Effect.succeed({ url, addresses: undefined, direct: false })
  const refused = wrong(
    stated,
    `would fetch credentials over plain HTTP from a host that is not ${words}`,
    allowHttpHint("allowHttp")
  )
  const unlessRefused = (
    hosts: ReadonlyArray<string>,
    addresses: ReadonlyArray<string> | undefined
  ): Effect.Effect<Destination, SourceError> => {
    const destination = { url, addresses, direct: true }
    if (hosts.length === 0) return refused
    return hosts.every(rule)
      ? Effect.succeed(destination)
      : Effect.flatMap(httpAllowed(http), (allowed) => (allowed ? Effect.succeed(destination) : refused))
  }
  return isAddress(url.hostname)
    ? unlessRefused([url.hostname], undefined)
    : Effect.flatMap(resolved(asking, url), (addresses) => unlessRefused(addresses, addresses))
}

/** Who asks, and what may be asked. */
export interface Asker extends Asking {
  readonly client: HttpClient.HttpClient
  /** How errors call the endpoint. */
  readonly service: string
  readonly allowed: Allowed
  /** Attempts in all, a second apart. */
  readonly attempts: number
}

/** What came back, and what errors about it need to know. */
interface Answered {
  readonly asked: answer.Asked
  readonly reply: Reply
}

const pause = 1_000

const secretsOf = (url: URL, token: Redacted.Redacted | undefined): ReadonlyArray<string> => [
  ...(url.pathname === "/" ? [] : [url.pathname]),
  ...url.searchParams.values(),
  ...(token === undefined ? [] : [Redacted.value(token)])
]

/**
 * Asks with `GET`, and with an `Authorization` header where there is a token. Path and query of the URL may be secrets
 * and are not shown.
 */
export const get = (
  asker: Asker,
  stated: Setting,
  token?: Redacted.Redacted
): Effect.Effect<Answered, SourceError> =>
  Effect.gen(function* () {
    const { allowed, attempts, client, operation, service, source, timeout } = asker
    const { addresses, direct, url } = yield* find(
      asker,
      stated,
      yield* Effect.fromResult(parse(stated)),
      allowed
    )
    const asked: answer.Asked = { source, service, secrets: secretsOf(url, token) }
    const authorization = token === undefined ? {} : { authorization: Redacted.value(token) }
    const reply = yield* sendRequest(client, {
      cloud: source.cloud,
      operation,
      method: "GET",
      url: url.href,
      headers: { accept: "application/json", ...authorization },
      timeout,
      attempts,
      pause,
      addresses,
      direct
    }).pipe(Effect.mapError(answer.unanswered(asked)))
    return { asked, reply }
  })
