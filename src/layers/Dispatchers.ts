/**
 * The undici dispatchers of one client: undici binds the connect timeout and the tunnel's proxy to a dispatcher, so
 * there is one for each that is asked for.
 */
import dns from "node:dns"
import * as NodeModule from "node:module"
import net from "node:net"
import { Agent, buildConnector, type Dispatcher, Pool, ProxyAgent } from "undici"
import type { OpenThroughSocks, Proxy, Settings } from "./connections.js"
import { makeSocks } from "./socks.js"

type Connect = buildConnector.BuildOptions & { readonly timeout: number }

/** Through a SOCKS proxy: the socket first, TLS on top of it where the host speaks it. */
const socksConnector = (proxy: Proxy, connect: Connect, open: OpenThroughSocks): buildConnector.connector => {
  const secure = buildConnector(connect)
  return (options, opened) => {
    const { hostname, port, protocol } = options
    const plainPort = protocol === "https:" ? 443 : 80
    const target = { host: hostname.replace(/^\[|\]$/g, ""), port: port === "" ? plainPort : Number(port) }
    open(proxy, target, connect.timeout, { tunnel: undefined }, (error, socket) => {
      if (error !== null || socket === undefined) opened(error ?? new Error("no socket"), null)
      else if (protocol === "https:") secure({ ...options, httpSocket: socket }, opened)
      else opened(null, socket)
    })
  }
}

/** A client's dispatchers. */
export class Dispatchers {
  private readonly opened = new Map<string, Dispatcher>()
  private last: { readonly timeout: number; readonly dispatcher: Dispatcher } | undefined
  private readonly throughSocks: OpenThroughSocks

  constructor(private readonly settings: Settings) {
    this.throughSocks = makeSocks(
      { net, dns, load: (path) => NodeModule.createRequire(path)(path) },
      settings
    )
  }

  /** The dispatcher for new connections that must be ready in time, through a proxy's tunnel if any. */
  get(connectTimeout: number, tunnel: Proxy | undefined): Dispatcher {
    if (tunnel === undefined && this.last?.timeout === connectTimeout) return this.last.dispatcher
    const dispatcher = this.find(connectTimeout, tunnel)
    if (tunnel === undefined) this.last = { timeout: connectTimeout, dispatcher }
    return dispatcher
  }

  /** Closes every connection. */
  async close(): Promise<void> {
    await Promise.all([...this.opened.values()].map((dispatcher) => dispatcher.destroy()))
  }

  private find(connectTimeout: number, tunnel: Proxy | undefined): Dispatcher {
    const key = `${connectTimeout} ${JSON.stringify(tunnel)}`
    const known = this.opened.get(key)
    if (known !== undefined) return known
    const made = this.make(Math.max(1, Math.min(connectTimeout, 2_147_483_647)), tunnel)
    this.opened.set(key, made)
    return made
  }

  private make(timeout: number, tunnel: Proxy | undefined): Dispatcher {
    const { ca, cert, key, localAddress, passphrase } = this.settings
    const local = localAddress === undefined ? {} : { localAddress }
    // Said outright, so that no variable of the environment makes it otherwise.
    const proxyTls = { timeout, rejectUnauthorized: true, ...(ca === undefined ? {} : { ca: [...ca] }) }
    const connect: Connect = {
      ...proxyTls,
      ...(cert === undefined || key === undefined ? {} : { cert, key }),
      ...(passphrase === undefined ? {} : { passphrase })
    }
    if (tunnel === undefined) return new Agent({ connect, ...local })
    if (tunnel.socks !== undefined) {
      return new Agent({ connect: socksConnector(tunnel, connect, this.throughSocks) })
    }
    const { authorization, host, port, secure } = tunnel
    return new ProxyAgent({
      uri: `${secure ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}:${port}`,
      ...(authorization === undefined ? {} : { token: authorization }),
      requestTls: connect,
      proxyTls,
      clientFactory: (origin, options) => new Pool(origin, { ...options, headersTimeout: timeout, ...local })
    })
  }
}
