/**
 * The options of an HTTP client: certificates, the address it connects from, and which proxy leads to a host; all
 * checked before any connection is made.
 *
 * There is no option that leaves a server's certificate unchecked, and `NODE_TLS_REJECT_UNAUTHORIZED` does not count:
 * whoever answers in the service's place gets every token. A server with a certificate of its own is trusted by `ca`.
 *
 * Proxies as curl has them: `HTTPS_PROXY` is for `https:` hosts and `HTTP_PROXY` for `http:` hosts, lower case goes
 * first, an empty variable is none. `NO_PROXY` lists the hosts reached without one, by commas or spaces: a name stands
 * for itself and what is below it (`example.com`, `.example.com` and `*.example.com` are the same), an address may be a
 * range (`10.0.0.0/8`), a port may follow, `*` is every host. No host is excepted unless listed, loopback included. In
 * a CGI program (`REQUEST_METHOD` is set) `HTTP_PROXY` in upper case does not count: there it is a header of the
 * request that is being answered.
 *
 * A proxy is of `http:`, `https:`, or by the package `socks`, which has to be installed for it, of `socks5:` (names are
 * resolved here) or `socks5h:` (by the proxy).
 */

import { createPrivateKey, X509Certificate } from "node:crypto"
import * as NodeModule from "node:module"
import { BlockList, isIP } from "node:net"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { Variable } from "../../protocol/settingTable.js"
import { StsConfigError } from "../../schemas/StsError.js"
import { faultCodes } from "../../services/HttpReply.js"
import { exact } from "../../services/setting.js"
import type { Endpoint, Proxy, ProxyFor, Settings, SocksAccess } from "./WireRequest.js"

/** Proxies, instead of those that the environment names. */
export interface ProxyOptions {
  /** The URL of a proxy for every host, instead of `HTTPS_PROXY` and `HTTP_PROXY`; `false` for none. */
  readonly proxy?: string | Redacted.Redacted<string> | false | undefined
  /** Hosts to reach without a proxy, instead of `NO_PROXY`. */
  readonly noProxy?: string | undefined
}

const invalid = (key: string, detail: string, hint?: string) => new StsConfigError({ key, detail, hint })

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

/** From where optional packages are looked for. */
export const ownPlace = (): string => import.meta.url ?? join(process.cwd(), "_")

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
      invalid(
        key,
        "is a SOCKS proxy, and the package socks is not installed",
        "npm install socks, or use an HTTP proxy."
      )
  })

/**
 * Reads a proxy's URL; without a scheme it is `http:`. The error does not repeat it, because it may hold a password.
 */
export const parseProxy = (key: string, text: string): Result.Result<Proxy, StsConfigError> => {
  try {
    const url = new URL(text.includes("://") ? text : `http://${text}`)
    const port = ports[url.protocol]
    if (port === undefined || url.hostname === "") {
      return Result.fail(invalid(key, "must be an http:, https:, socks5: or socks5h: URL"))
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
    return Result.fail(invalid(key, "is not a URL"))
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

type Upper = Extract<Variable, `${string}_PROXY`>
type ProxyVariable = Upper | Lowercase<Upper>

/** In lower case first. */
const variable = (name: ProxyVariable): Effect.Effect<string, StsConfigError> =>
  Effect.gen(function* () {
    return (yield* exact(name.toLowerCase() as Lowercase<Upper>)) ?? (yield* exact(name)) ?? ""
  })

const proxyFrom = (name: ProxyVariable): Effect.Effect<Proxy | undefined, StsConfigError> =>
  Effect.flatMap(variable(name), (text) =>
    text === "" ? Effect.succeed(undefined) : Effect.fromResult(parseProxy(name, text))
  )

const plainProxy: Effect.Effect<Proxy | undefined, StsConfigError> = Effect.flatMap(
  exact("REQUEST_METHOD"),
  (method) => proxyFrom(method === undefined ? "HTTP_PROXY" : "http_proxy")
)

const given = ({ proxy }: ProxyOptions): Effect.Effect<Proxy | undefined, StsConfigError> | undefined => {
  if (proxy === undefined) return undefined
  if (proxy === false) return Effect.succeed(undefined)
  return Effect.fromResult(parseProxy("proxy", Redacted.isRedacted(proxy) ? Redacted.value(proxy) : proxy))
}

/** The rule for a client: from options, and for what they leave out from the environment. */
export const proxyRule = (options: ProxyOptions = {}): Effect.Effect<ProxyFor, StsConfigError> =>
  Effect.gen(function* () {
    const http = yield* given(options) ?? plainProxy
    const https = yield* given(options) ?? proxyFrom("HTTPS_PROXY")
    if (http === undefined && https === undefined) return () => undefined
    const excepted = excepts(options.noProxy ?? (yield* variable("NO_PROXY")))
    return (host: Endpoint) => (excepted(host) ? undefined : host.secure ? https : http)
  })

/** What can be set. Proxies come from the environment unless `proxy` is set. */
export interface ClientOptions extends ProxyOptions {
  /**
   * Certificates in PEM, to trust instead of the system's. Without them `NODE_EXTRA_CA_CERTS` counts as usual. No
   * option leaves a server's certificate unchecked.
   */
  readonly ca?: string | ReadonlyArray<string> | undefined
  /** This client's certificate in PEM, with its chain, for servers that ask for one. Needs `key`. */
  readonly cert?: string | undefined
  /** The private key of `cert`, in PEM. */
  readonly key?: string | Redacted.Redacted | undefined
  /** What `key` is encrypted with, if it is. */
  readonly passphrase?: string | Redacted.Redacted | undefined
  /** The address of this machine that connections are made from, for example `10.0.0.7`. */
  readonly localAddress?: string | undefined
}

const wrong = (key: keyof ClientOptions, detail: string) => Result.fail(new StsConfigError({ key, detail }))

const plain = (text: string | Redacted.Redacted | undefined): string | undefined =>
  Redacted.isRedacted(text) ? Redacted.value(text) : text

const certificate = /-----BEGIN ([A-Z0-9 ]*CERTIFICATE)-----[^-]+-----END \1-----/g

/** Node itself silently accepts text that holds no certificate, and then trusts nobody. */
const certificatesOf = (key: "ca" | "cert", texts: ReadonlyArray<string>) =>
  Result.try({
    try: () =>
      texts.flatMap((text) => {
        const found = text.match(certificate) ?? []
        if (found.length === 0) throw new Error("no certificate")
        for (const one of found) new X509Certificate(one)
        return found
      }),
    catch: () => new StsConfigError({ key, detail: "is not a certificate in PEM" })
  })

const trusted = (ca: ClientOptions["ca"]) =>
  ca === undefined ? Result.succeed(undefined) : certificatesOf("ca", typeof ca === "string" ? [ca] : ca)

type Identity = Pick<Settings, "cert" | "key" | "passphrase">

const nobody: Identity = { cert: undefined, key: undefined, passphrase: undefined }

const identity = (options: ClientOptions): Result.Result<Identity, StsConfigError> =>
  Result.gen(function* () {
    const { cert } = options
    const key = plain(options.key)
    const passphrase = plain(options.passphrase)
    if (cert === undefined && key === undefined) return nobody
    if (cert === undefined) return yield* wrong("cert", "is missing: key is of no use without it")
    if (key === undefined) return yield* wrong("key", "is missing: cert is of no use without it")
    const [own = ""] = yield* certificatesOf("cert", [cert])
    const read = yield* Result.try({
      try: () => createPrivateKey({ key, ...(passphrase === undefined ? {} : { passphrase }) }),
      catch: () =>
        new StsConfigError({ key: "key", detail: "is not a private key in PEM that passphrase opens" })
    })
    if (!new X509Certificate(own).checkPrivateKey(read)) {
      return yield* wrong("key", "is not the private key of cert's first certificate")
    }
    return { cert, key, passphrase }
  })

const address = (localAddress: string | undefined) =>
  localAddress === undefined || isIP(localAddress) !== 0
    ? Result.succeed(localAddress)
    : wrong("localAddress", "is not an IP address")

/** What a client is made of: what is the same for all its exchanges, and the proxy for each host. */
interface Checked {
  readonly settings: Settings
  readonly proxyFor: ProxyFor
}

/** Checks options. What is wrong is a `StsConfigError` that names the option and repeats nothing of it. */
export const check = (options: ClientOptions): Effect.Effect<Checked, StsConfigError> =>
  Effect.gen(function* () {
    const settings: Settings = {
      ca: yield* Effect.fromResult(trusted(options.ca)),
      ...(yield* Effect.fromResult(identity(options))),
      localAddress: yield* Effect.fromResult(address(options.localAddress)),
      codes: faultCodes
    }
    return { settings, proxyFor: yield* proxyRule(options) }
  })
