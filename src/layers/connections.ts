/**
 * The connections of a client over node:http(s): kept open between requests, given up when they are not ready in
 * time, and led through a proxy where there is one.
 *
 * {@link makeConnections} also runs in the blocking worker, to which it travels as source text. So it refers to
 * nothing outside itself but Node's globals, and its inner functions are anonymous or methods: a bundler that keeps
 * names would wrap a named one in a helper that the worker does not have.
 *
 * @since 0.1.0
 */
import type * as Http from "node:http"
import type * as Https from "node:https"
import type { Duplex } from "node:stream"
import type * as Tls from "node:tls"

/**
 * The modules that connections are made of.
 *
 * @category models
 * @since 0.1.0
 */
export interface Modules {
  readonly http: typeof Http
  readonly https: typeof Https
  readonly tls: typeof Tls
}

/**
 * What is the same for all exchanges of a client. It is plain data.
 *
 * @category models
 * @since 0.1.0
 */
export interface Settings {
  /** PEM certificates to trust instead of the system's. */
  readonly ca: ReadonlyArray<string> | undefined
  /** The fault codes that no system call reports. */
  readonly codes: { readonly connectTimeout: string; readonly proxy: string; readonly replyTooLarge: string }
}

/**
 * Somewhere to connect to. It is plain data.
 *
 * @category models
 * @since 0.1.0
 */
export interface Endpoint {
  /** Whether the connection is TLS. */
  readonly secure: boolean
  /** A name or an address; an IPv6 address without brackets. */
  readonly host: string
  readonly port: number
}

/**
 * A proxy and what it is told to let us through. It is plain data.
 *
 * @category models
 * @since 0.1.0
 */
export interface Proxy extends Endpoint {
  /** The value of `Proxy-Authorization`. */
  readonly authorization: string | undefined
}

/**
 * Whoever waits for a connection, and what has to be given up with it while it is not open.
 *
 * @category models
 * @since 0.1.0
 */
export interface Waiting {
  tunnel: Http.ClientRequest | undefined
}

/**
 * What {@link Connections} need to know beside what node passes on: give it to node with the request's options.
 *
 * @category models
 * @since 0.1.0
 */
export interface Wishes {
  /** Milliseconds in which a new connection must be ready. */
  readonly connectTimeout: number
  readonly waiting: Waiting
}

/**
 * The connections of one client.
 *
 * @category models
 * @since 0.1.0
 */
export interface Connections {
  /** The agent for hosts with or without TLS, through the given proxy's tunnel if any. */
  readonly agent: (secure: boolean, tunnel: Proxy | undefined) => Http.Agent
  /** Closes them all. */
  readonly close: () => void
}

/**
 * Makes connections. It throws where a certificate of the settings is none.
 *
 * @category constructors
 * @since 0.1.0
 */
export const makeConnections = ({ http, https, tls }: Modules, { ca, codes }: Settings): Connections => {
  type Options = Wishes & Endpoint & Tls.ConnectionOptions & { readonly host: string; readonly port: number }

  const trust: Tls.ConnectionOptions =
    ca === undefined ? {} : { secureContext: tls.createSecureContext({ ca: ca.slice() }) }
  const agents = new Map<string, Http.Agent>()
  const tunnels = new Set<Http.ClientRequest>()

  const self = {
    fault(code: string): Error {
      return Object.assign(new Error(code), { code })
    },

    /** Gives up a connection that is not ready in time. */
    inTime<A extends Duplex | Http.ClientRequest>(connection: A, millis: number, ready: string): A {
      const timer = setTimeout(
        () => connection.destroy(self.fault(codes.connectTimeout)),
        Math.max(1, Math.min(millis, 2_147_483_647))
      )
      connection.once(ready, () => clearTimeout(timer))
      connection.once("close", () => clearTimeout(timer))
      return connection
    },

    direct(secure: boolean): Http.Agent {
      const agent = secure
        ? new https.Agent(Object.assign({ keepAlive: true }, trust))
        : new http.Agent({ keepAlive: true })
      const open = agent.createConnection as (options: unknown) => Duplex
      return Object.assign(agent, {
        createConnection: (options: Options) =>
          self.inTime(open.call(agent, options), options.connectTimeout, secure ? "secureConnect" : "connect")
      })
    },

    tunnelled(proxy: Proxy): Http.Agent {
      return Object.assign(new https.Agent(Object.assign({ keepAlive: true }, trust)), {
        createConnection: (options: Options, opened: (error: Error | null, socket?: Duplex) => void) => {
          const deadline = Date.now() + options.connectTimeout
          const asked = self.ask(proxy, options)
          asked.once("connect", (reply: Http.IncomingMessage, socket: Duplex) => {
            if (reply.statusCode !== 200) {
              socket.destroy()
              return opened(self.fault(codes.proxy))
            }
            const secured = tls.connect(Object.assign({}, options, { socket }))
            opened(null, self.inTime(secured, deadline - Date.now(), "secureConnect"))
          })
          asked.once("error", opened)
          asked.end()
        }
      })
    },

    /** The CONNECT request that asks a proxy for a tunnel. */
    ask(proxy: Proxy, { connectTimeout, host, port, waiting }: Options): Http.ClientRequest {
      const path = `${host.includes(":") ? `[${host}]` : host}:${port}`
      const asked = (proxy.secure ? https : http).request(
        Object.assign({}, proxy.secure ? trust : {}, {
          method: "CONNECT",
          host: proxy.host,
          port: proxy.port,
          path,
          agent: false as const,
          headers: Object.assign(
            { host: path },
            proxy.authorization === undefined ? {} : { "proxy-authorization": proxy.authorization }
          )
        })
      )
      waiting.tunnel = asked
      tunnels.add(asked)
      asked.once("close", () => tunnels.delete(asked))
      return self.inTime(asked, connectTimeout, "connect")
    }
  }

  return {
    agent(secure, tunnel) {
      const key =
        tunnel === undefined
          ? String(secure)
          : `${tunnel.secure} ${tunnel.host} ${tunnel.port} ${tunnel.authorization}`
      const known = agents.get(key)
      if (known !== undefined) return known
      const made = tunnel === undefined ? self.direct(secure) : self.tunnelled(tunnel)
      agents.set(key, made)
      return made
    },
    close() {
      agents.forEach((agent) => {
        agent.destroy()
      })
      tunnels.forEach((tunnel) => {
        tunnel.destroy()
      })
    }
  }
}
