/**
 * Servers with a fixed reply of one cloud, one per size asked for, one that refuses what is not signed, and one that tells
 * who calls. Of a request they see no more than where it ends: a server that did its work would be what is measured.
 */
import { createServer } from "node:net"
import { clouds } from "./clouds.mjs"
import { serve } from "./process.mjs"

const isWhole = (received) => {
  const end = received.indexOf("\r\n\r\n")
  if (end === -1) return false
  const head = received.slice(0, end)
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) return received.endsWith("\r\n0\r\n\r\n")
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? "0"
  return received.length >= end + 4 + Number(length)
}

/** The reply with the second's date; a service that told none, or a wrong one, would change what a client does. */
const dated = (body, contentType) => {
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

const refused = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"

/** For a request of the operation, with its parameters and a signature. */
const strict = (answer) => (received) =>
  ["AssumeRole", "bench-session", "3600"].every((part) => received.includes(part)) &&
  /\r\nauthorization: .*Signature=|[?&\n]Signature=/i.test(received)
    ? answer()
    : refused

let requests = 0

const answering = (answer) => (socket) => {
  let received = ""
  socket.setNoDelay(true)
  socket.on("data", (chunk) => {
    received += chunk.toString("latin1")
    if (!isWhole(received)) return
    requests++
    socket.write(answer(received), "latin1")
    received = ""
  })
  socket.on("error", () => socket.destroy())
}

const listen = (answer) =>
  new Promise((resolve) => {
    const server = createServer(answering(answer))
    server.listen(0, "127.0.0.1", 4096, () => resolve(`http://127.0.0.1:${server.address().port}`))
  })

const open = async ({ cloud, sizes }) => {
  const { contentType, identity, reply } = clouds[cloud]
  return {
    endpoints: await Promise.all(sizes.map((bytes) => listen(dated(reply(bytes), contentType)))),
    checking: await listen(strict(dated(reply(), contentType))),
    identity: await listen(dated(identity, contentType))
  }
}

/** Where the servers are, or how many requests they had. */
serve((question) => (question === "requests" ? requests : open(question)))
