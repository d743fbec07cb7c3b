/**
 * The undici dispatchers of one client: undici binds the connect timeout and the tunnel's proxy to a dispatcher, so
 * there is one for each that is asked for.
 *
 * @since 0.1.0
 */
import { Agent, type Dispatcher, Pool, ProxyAgent } from "undici"
import type { Proxy } from "./connections.js"

/**
 * A client's dispatchers.
 *
 * @category models
 * @since 0.1.0
 */
export class Dispatchers {
  private readonly opened = new Map<string, Dispatcher>()
  private last: { readonly timeout: number; readonly dispatcher: Dispatcher } | undefined

  constructor(private readonly ca: ReadonlyArray<string> | undefined) {}

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
    const timeout = Math.max(1, Math.min(connectTimeout, 2_147_483_647))
    const connect = { timeout, ...(this.ca === undefined ? {} : { ca: [...this.ca] }) }
    const made = tunnel === undefined ? new Agent({ connect }) : tunnelled(tunnel, connect)
    this.opened.set(key, made)
    return made
  }
}

const tunnelled = (
  { authorization, host, port, secure }: Proxy,
  connect: { readonly timeout: number; readonly ca?: Array<string> }
): Dispatcher =>
  new ProxyAgent({
    uri: `${secure ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}:${port}`,
    ...(authorization === undefined ? {} : { token: authorization }),
    requestTls: connect,
    proxyTls: connect,
    clientFactory: (origin, options) => new Pool(origin, { ...options, headersTimeout: connect.timeout })
  })
