/**
 * Connections through SOCKS5 proxies, by the `socks` package, which is loaded with the first of them.
 *
 * {@link makeSocks} also runs in the blocking worker; what {@link "layers/connections"} says of its function holds for
 * this one too.
 */
import type * as Library from "socks"
import type { Modules, OpenThroughSocks, Settings } from "./connections.js"

/** Makes the function that opens connections. */
export const makeSocks =
  (
    { dns, load, net }: Pick<Modules, "dns" | "load" | "net">,
    { codes, localAddress }: Settings
  ): OpenThroughSocks =>
  (proxy, target, millis, waiting, opened) => {
    const socket = net.connect(
      Object.assign(
        { host: proxy.host, port: proxy.port },
        localAddress === undefined ? {} : { localAddress }
      )
    )
    waiting.tunnel = socket
    const self = {
      done: false,
      fault(code: string): Error {
        return Object.assign(new Error(code), { code })
      },
      end(error: Error | null): void {
        if (self.done) return
        self.done = true
        clearTimeout(timer)
        if (error === null) {
          socket.off("error", self.end)
          opened(null, socket)
        } else {
          socket.destroy()
          opened(error)
        }
      },
      /** `socks5:` has names resolved here, `socks5h:` by the proxy. */
      resolve(then: (host: string) => void): void {
        if (proxy.socks?.resolves === true || net.isIP(target.host) !== 0) then(target.host)
        else dns.lookup(target.host, (error, host) => (error === null ? then(host) : self.end(error)))
      },
      ask(host: string): void {
        if (self.done) return
        const { password, path, user } = proxy.socks ?? { password: undefined, path: "", user: undefined }
        const { SocksClient } = load(path) as typeof Library
        const asked = SocksClient.createConnection({
          command: "connect",
          proxy: Object.assign(
            { host: proxy.host, port: proxy.port, type: 5 as const },
            user === undefined ? {} : { userId: user, password: password ?? "" }
          ),
          destination: { host, port: target.port },
          existing_socket: socket,
          timeout: millis
        })
        asked.then(
          () => self.end(null),
          () => self.end(self.fault(codes.proxy))
        )
      }
    }
    const timer = setTimeout(
      () => self.end(self.fault(codes.connectTimeout)),
      Math.max(1, Math.min(millis, 2_147_483_647))
    )
    socket.on("error", self.end)
    socket.once("close", () => self.end(self.fault(codes.proxy)))
    socket.once("connect", () => self.resolve(self.ask))
  }
