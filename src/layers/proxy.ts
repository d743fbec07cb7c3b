/**
 * Which proxy, if any, leads to a host.
 *
 * As curl has it: `HTTPS_PROXY` is for `https:` hosts and `HTTP_PROXY` for `http:` hosts, lower case goes first, an
 * empty variable is none. `NO_PROXY` lists the hosts reached without one, by commas or spaces: a name stands for
 * itself and what is below it (`example.com`, `.example.com` and `*.example.com` are the same), an address may be a
 * range (`10.0.0.0/8`), a port may follow, `*` is every host. No host is excepted unless listed, loopback included. In a
 * CGI program (`REQUEST_METHOD` is set) `HTTP_PROXY` in upper case does not count: there it is a header of the request
 * that is being answered.
 *
 * A proxy is of `http:`, `https:`, or by the package `socks`, which has to be installed for it, of `socks5:` (names are
 * resolved here) or `socks5h:` (by the proxy).
 */

import * as NodeModule from "node:module"
import { BlockList, isIP } from "node:net"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { StsConfigError } from "../schemas/StsError.js"
import { textOf } from "../services/configProvider.js"
import type { Endpoint, Proxy, SocksAccess } from "./connections.js"

/** What takes the place of the environment's variables. */
export interface ProxyOptions {
  /** The URL of a proxy for every host, instead of `HTTPS_PROXY` and `HTTP_PROXY`; `false` for none. */
  readonly proxy?: string | Redacted.Redacted<string> | false | undefined
  /** Hosts to reach without a proxy, instead of `NO_PROXY`. */
  readonly noProxy?: string | undefined
}

/** Tells the proxy for a host. */
export type ProxyFor = (host: Endpoint) => Proxy | undefined

const wrong = (key: string, detail: string, hint?: string) => new StsConfigError({ key, detail, hint })

const ports: Readonly<Record<string, number>> = {
  "http:": 80,
  "https:": 443,
  "socks5:": 1080,
  "socks5h:": 1080
}

const unbracketed = (host: string): string => (host.startsWith("[") ? host.slice(1, -1) : host)

const authorizationOf = (url: URL): string | undefined => {
  if (url.username === "" && url.password === "") return undefined
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  return `Basic ${Buffer.from(credentials).toString("base64")}`
}

const ownPlace = (): string => import.meta.url ?? join(process.cwd(), "_")

const socksOf = (
  key: string,
  { password, protocol, username }: URL
): Result.Result<SocksAccess, StsConfigError> =>
  Result.try({
    try: () => ({
      path: NodeModule.createRequire(ownPlace()).resolve("socks"),
      user: username === "" ? undefined : decodeURIComponent(username),
      password: password === "" ? undefined : decodeURIComponent(password),
      resolves: protocol === "socks5h:"
    }),
    catch: () =>
      wrong(
        key,
        "is a SOCKS proxy, and the package socks is not installed",
        "npm install socks, or use an HTTP proxy."
      )
  })

/**
 * Reads a proxy's URL; without a scheme it is `http:`. What is wrong with it is told without repeating it, because
 * it may hold a password.
 */
export const parseProxy = (key: string, text: string): Result.Result<Proxy, StsConfigError> => {
  try {
    const url = new URL(text.includes("://") ? text : `http://${text}`)
    const port = ports[url.protocol]
    if (port === undefined || url.hostname === "") {
      return Result.fail(wrong(key, "must be an http:, https:, socks5: or socks5h: URL"))
    }
    const endpoint = { host: unbracketed(url.hostname), port: url.port === "" ? port : Number(url.port) }
    return url.protocol.startsWith("socks")
      ? Result.map(socksOf(key, url), (socks) => ({
          ...endpoint,
          secure: false,
          authorization: undefined,
          socks
        }))
      : Result.succeed({
          ...endpoint,
          secure: url.protocol === "https:",
          authorization: authorizationOf(url)
        })
  } catch {
    return Result.fail(wrong(key, "is not a URL"))
  }
}

type Rule = (host: Endpoint) => boolean

const rangeRule = (address: string, bits: number): Rule | undefined => {
  const family = isIP(address) === 6 ? "ipv6" : "ipv4"
  const range = new BlockList()
  try {
    range.addSubnet(address, bits, family)
  } catch {
    return undefined
  }
  return ({ host }) => isIP(host) !== 0 && range.check(host, isIP(host) === 6 ? "ipv6" : "ipv4")
}

const ruleOf = (entry: string): Rule | undefined => {
  if (entry === "*") return () => true
  const range = /^([\d.]+|\[?[\da-f:.]+\]?)\/(\d+)$/i.exec(entry)
  if (range !== null) return rangeRule(unbracketed(range[1] ?? ""), Number(range[2]))
  if (isIP(entry) !== 0) return ({ host }) => host === entry
  const named = /^(.+?)(?::(\d+))?$/.exec(entry)
  const name = unbracketed((named?.[1] ?? entry).replace(/^\*?\.|\.$/g, "")).toLowerCase()
  const port = named?.[2] === undefined ? undefined : Number(named[2])
  return (host) =>
    (host.host === name || host.host.endsWith(`.${name}`)) && (port === undefined || host.port === port)
}

/** Whether a `NO_PROXY` list holds a host. */
export const excepts = (noProxy: string): ((host: Endpoint) => boolean) => {
  const rules = noProxy
    .split(/[\s,]+/)
    .map(ruleOf)
    .filter((rule) => rule !== undefined)
  return (host) => rules.some((rule) => rule(host))
}

/** In lower case first. */
const variable = (name: string): Effect.Effect<string, StsConfigError> =>
  Effect.gen(function* () {
    return (yield* textOf(name.toLowerCase())) ?? (yield* textOf(name)) ?? ""
  })

const proxyFrom = (name: string): Effect.Effect<Proxy | undefined, StsConfigError> =>
  Effect.flatMap(variable(name), (text) =>
    text === "" ? Effect.succeed(undefined) : Effect.fromResult(parseProxy(name, text))
  )

const plainProxy: Effect.Effect<Proxy | undefined, StsConfigError> = Effect.flatMap(
  textOf("REQUEST_METHOD"),
  (method) => proxyFrom(method === undefined ? "HTTP_PROXY" : "http_proxy")
)

const given = ({ proxy }: ProxyOptions): Effect.Effect<Proxy | undefined, StsConfigError> | undefined => {
  if (proxy === undefined) return undefined
  if (proxy === false) return Effect.succeed(undefined)
  return Effect.fromResult(parseProxy("proxy", Redacted.isRedacted(proxy) ? Redacted.value(proxy) : proxy))
}

/** The rule for a client: from options, and for what they leave out from the environment. */
export const make = (options: ProxyOptions = {}): Effect.Effect<ProxyFor, StsConfigError> =>
  Effect.gen(function* () {
    const http = yield* given(options) ?? plainProxy
    const https = yield* given(options) ?? proxyFrom("HTTPS_PROXY")
    if (http === undefined && https === undefined) return () => undefined
    const excepted = excepts(options.noProxy ?? (yield* variable("NO_PROXY")))
    return (host: Endpoint) => (excepted(host) ? undefined : host.secure ? https : http)
  })
