/**
 * Asking a configured URL for credentials: where it leads, whether that is safe, and the request. Whether a host may be
 * asked over plain HTTP depends on its addresses.
 *
 * @since 0.1.0
 */

import { lookup } from "node:dns"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { quotesHint, type Setting } from "../../protocol/settings.js"
import { type StsConfigError, StsTransportError } from "../../schemas/StsError.js"
import type { Reply } from "../../services/Client.js"
import type { SourceError } from "../../services/CredentialSource.js"
import { allowHttpHint, httpAllowed } from "../../services/Endpoint.js"
import { timeLimit } from "../../services/fiber.js"
import { fromCall, type Source, sendRequest } from "../../services/SourceRequest.js"
import { settingError } from "../../services/setting.js"
import * as TransportFault from "../../services/TransportFault.js"
import { type Asked, unanswered } from "../credentials.js"

/** An address as its bytes: 4 for IPv4, also where IPv6 only wraps it, 16 for IPv6. */
type Bytes = ReadonlyArray<number>

const groupsOf = (text: string): ReadonlyArray<number> =>
  text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16))

const ipv6Bytes = (canonical: string): Bytes => {
  const [head = "", tail] = canonical.split("::")
  const left = groupsOf(head)
  const right = groupsOf(tail ?? "")
  const groups = [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right]
  const bytes = groups.flatMap((group) => [group >> 8, group & 255])
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255
  return mapped ? bytes.slice(12) : bytes
}

// The URL's own parser knows every spelling of an address.
const canonicalOf = (host: string): string | undefined => {
  const url = `http://${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}/`
  return URL.canParse(url) ? new URL(url).hostname : undefined
}

const bytesOf = (host: string): Bytes | undefined => {
  const canonical = canonicalOf(host)
  if (canonical === undefined) return undefined
  if (canonical.startsWith("[")) return ipv6Bytes(canonical.slice(1, -1))
  return /^\d+(\.\d+){3}$/.test(canonical) ? canonical.split(".").map(Number) : undefined
}

/** Whether a host is an address, in brackets or not, rather than a name. */
export const isAddress = (host: string): boolean => bytesOf(host) !== undefined

/** A test of one address. A name passes none. */
type HostRule = (address: string) => boolean

const within = (address: Bytes, network: Bytes, bits: number): boolean =>
  address.length === network.length &&
  network.every((byte, index) => {
    const mask = 255 & ~(255 >> Math.max(0, Math.min(8, bits - 8 * index)))
    return ((address[index] ?? 0) & mask) === (byte & mask)
  })

const anyOf = (...networks: ReadonlyArray<ReadonlyArray<string>>): HostRule => {
  const ranges = networks.flat().map((range) => {
    const [address = "", bits = ""] = range.split("/")
    return [bytesOf(address) ?? [], Number(bits)] as const
  })
  return (host) => {
    const bytes = bytesOf(host)
    return bytes !== undefined && ranges.some(([network, bits]) => within(bytes, network, bits))
  }
}

const loopback = ["127.0.0.0/8", "::1/128"]

/**
 * This machine, and the addresses at which Amazon ECS and Amazon EKS answer containers.
 *
 * Source: "Container credential provider", AWS SDKs and Tools Reference Guide.
 */
export const isContainerHost: HostRule = /* @__PURE__ */ anyOf(loopback, [
  "169.254.170.2/32",
  "169.254.170.23/32",
  "fd00:ec2::23/128"
])

/**
 * This machine, and networks whose addresses lead nowhere on the internet: link-local, private, and those shared
 * behind a carrier's or a cloud's own translation, where Alibaba Cloud's metadata service is.
 *
 * Source: RFC 6890, "Special-Purpose IP Address Registries".
 */
export const isNearby: HostRule = /* @__PURE__ */ anyOf(loopback, [
  "169.254.0.0/16",
  "fe80::/10",
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "fc00::/7"
])

/** Reads a configured URL, of `http:` or `https:` without user name and password. */
export const parse = (stated: Setting): Result.Result<URL, StsConfigError> => {
  if (!URL.canParse(stated.value)) {
    const hint = quotesHint(stated.value) ?? "Start it with http:// or https://."
    return Result.fail(settingError(stated, "is not a URL with a scheme and a host", hint))
  }
  const url = new URL(stated.value)
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    return Result.fail(settingError(stated, "must begin with http:// or https://"))
  }
  if (url.username !== "" || url.password !== "") {
    return Result.fail(settingError(stated, "must not contain a user name or password"))
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
  words: "this machine or in a nearby network (loopback, link-local or private)"
}

/** This machine and networks nearby, or every host where a program says so. */
export const allowing = (http: boolean | undefined): Allowed => ({ ...nearby, http })

/** Where to connect to: plain HTTP goes to an address that was checked, and past every proxy. */
export interface Destination {
  readonly url: URL
  readonly addresses: ReadonlyArray<string> | undefined
  readonly direct: boolean
}

/** Which source asks, for errors, and how long resolving a name may take. */
interface Asking {
  readonly source: Source
  /** How errors call the request. */
  readonly operation: string
  readonly resolve: ResolveHost
  /** Milliseconds. */
  readonly timeout: number
}

const resolved = (
  { operation, resolve, source, timeout }: Asking,
  { host, hostname }: URL
): Effect.Effect<ReadonlyArray<string>, SourceError> => {
  const where = { cloud: source.cloud, operation, host }
  const unresolved = ({ code }: { readonly code: string }) =>
    new StsTransportError({ ...where, reason: "Dns", code, retryable: false })
  return timeLimit(Effect.mapError(resolve(hostname), unresolved), timeout, () =>
    TransportFault.timedOut(where, timeout, "attempt")
  ).pipe(Effect.mapError(fromCall(source)))
}

/**
 * Finds out where a URL leads. TLS may lead anywhere. Plain HTTP needs a host of which every address is allowed, unless
 * all are allowed; its name is resolved once, here, so that it cannot resolve to something else when the connection is
 * made.
 */
export const find = (
  asking: Asking,
  stated: Setting,
  url: URL,
  { http, rule, words }: Allowed
): Effect.Effect<Destination, SourceError> => {
  if (url.protocol === "https:") return Effect.succeed({ url, addresses: undefined, direct: false })
  const refused = settingError(
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

/** Which source asks, and what it may ask. */
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
  readonly asked: Asked
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
    const asked: Asked = { source, service, secrets: secretsOf(url, token) }
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
    }).pipe(Effect.mapError(unanswered(asked)))
    return { asked, reply }
  })

/**
 * Finds all addresses of a host's name, or fails with why there are none.
 *
 * @category models
 * @since 0.1.0
 */
export type ResolveHost = (name: string) => Effect.Effect<
  ReadonlyArray<string>,
  {
    /** The system's own code, for example `ENOTFOUND`. */
    readonly code: string
  }
>

/**
 * Asks the system, the way programs' connections do.
 *
 * @category constructors
 * @since 0.1.0
 */
export const bySystem: ResolveHost = (name) =>
  Effect.callback((resume) => {
    lookup(name, { all: true }, (error, found) =>
      resume(
        error === null
          ? Effect.succeed(found.map(({ address }) => address))
          : Effect.fail({ code: error.code ?? "EAI_FAIL" })
      )
    )
  })

/**
 * How names are resolved that credential sources check before they connect: connections go to an address that was
 * checked, and the name is never resolved again. It need not be provided, and can be replaced.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { HostResolver } from "effect-sts"
 *
 * const offline = Effect.provideService(HostResolver, () => Effect.succeed(["127.0.0.1"]))
 * ```
 *
 * @category tags
 * @since 0.1.0
 */
export const HostResolver = Context.Reference("effect-sts/HostResolver", {
  defaultValue: (): ResolveHost => bySystem
})
