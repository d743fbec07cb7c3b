/**
 * TLS in front of a server that speaks none, for clients that insist on it. The certificate is `localhost`'s.
 */
import { once } from "node:events"
import { readFileSync } from "node:fs"
import Http from "node:http"
import Https from "node:https"
import type { AddressInfo } from "node:net"
import { fileURLToPath } from "node:url"

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url))

/** The certificate's path, and its key's. */
export const certificate = fixture("localhost-certificate.txt")
export const certificateKey = fixture("localhost-key.txt")

export interface TlsFront {
  readonly port: number
  readonly close: () => Promise<void>
}

/** Opens the front of a server. */
export const openTlsFront = async (endpoint: string): Promise<TlsFront> => {
  const options = { cert: readFileSync(certificate), key: readFileSync(certificateKey) }
  const server = Https.createServer(options, (incoming, outgoing) => {
    const { headers, method, url } = incoming
    const behind = Http.request(new URL(url ?? "/", endpoint), { method, headers }, (reply) => {
      outgoing.writeHead(reply.statusCode ?? 502, reply.headers)
      reply.pipe(outgoing)
    })
    behind.once("error", () => outgoing.destroy())
    incoming.pipe(behind)
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, "close")
      server.close()
      server.closeAllConnections()
      await closed
    }
  }
}
