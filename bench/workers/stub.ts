/**
 * Servers with a fixed reply of one cloud, one per size asked for. They parse no more of a request than where it ends: a server
 * that did its work would be what is measured.
 */
import { createServer, type Socket } from "node:net"
import { clouds } from "../clouds/clouds.js"
import { serve } from "../support/process.js"
import type { Stubs } from "../support/stub.js"

const isWhole = (received: string): boolean => {
  const end = received.indexOf("\r\n\r\n")
  if (end === -1) return false
  const head = received.slice(0, end)
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) return received.endsWith("\r\n0\r\n\r\n")
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? "0"
  return received.length >= end + 4 + Number(length)
}

/** The reply with the second's date; a service that told none, or a wrong one, would change what a client does. */
const dated = (body: string, contentType: string): (() => string) => {
  let second = 0
  let text = ""
  return () => {
    const now = Math.floor(Date.now() / 1000)
    if (now !== second) {
      second = now
      text = [
        "HTTP/1.1 200 OK",
        `Date: ${new Date(now * 1000).toUTCString()}`,
        `Content-Type: ${contentType}`,
        `Content-Length: ${Buffer.byteLength(body)}`,
        "Connection: keep-alive",
        "x-acs-request-id: 6894B13B-6D71-4EF5-88FA-F32781734A7F",
        "",
        body
      ].join("\r\n")
    }
    return text
  }
}

const answering = (answer: () => string) => (socket: Socket) => {
  let received = ""
  socket.setNoDelay(true)
  socket.on("data", (chunk) => {
    received += chunk.toString("latin1")
    if (!isWhole(received)) return
    received = ""
    socket.write(answer(), "latin1")
  })
  socket.on("error", () => socket.destroy())
}

const listen = (answer: () => string): Promise<string> =>
  new Promise((resolve) => {
    const server = createServer(answering(answer))
    server.listen(0, "127.0.0.1", 4096, () => {
      const address = server.address()
      resolve(`http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`)
    })
  })

serve(({ cloud, sizes }: Stubs) => {
  const { contentType, reply } = clouds[cloud]
  return Promise.all(sizes.map((bytes) => listen(dated(reply(bytes), contentType))))
})
