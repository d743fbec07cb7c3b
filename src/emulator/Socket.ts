/** Requests off a socket, and replies onto it with all that may go wrong on the way. */
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http"
import * as Effect from "effect/Effect"
import type { Delivery, WireReply, WireRequest } from "./Wire.js"

const maxRequestBytes = 1024 * 1024

const headersOf = (incoming: IncomingMessage): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, [value ?? ""].flat().join(",")])
  )

/** Reads a request to its end. */
export const readRequest = (incoming: IncomingMessage): Effect.Effect<WireRequest> =>
  Effect.callback((resume) => {
    const chunks: Array<Uint8Array> = []
    let bytes = 0
    incoming.on("data", (chunk: Uint8Array) => {
      bytes += chunk.length
      if (bytes > maxRequestBytes) incoming.destroy()
      else chunks.push(chunk)
    })
    incoming.once("error", () => resume(Effect.interrupt))
    incoming.once("end", () => {
      const [path = "/", query = ""] = split(incoming.url ?? "/")
      resume(
        Effect.succeed({
          method: incoming.method ?? "GET",
          path,
          query,
          headers: headersOf(incoming),
          body: Buffer.concat(chunks)
        })
      )
    })
  })

const split = (target: string): ReadonlyArray<string> => {
  const mark = target.indexOf("?")
  return mark < 0 ? [target] : [target.slice(0, mark), target.slice(mark + 1)]
}

const reset = (outgoing: ServerResponse): Effect.Effect<void> =>
  Effect.sync(() => {
    outgoing.socket?.resetAndDestroy()
  })

const write = (send: (done: () => void) => void): Effect.Effect<void> =>
  Effect.callback((resume) => send(() => resume(Effect.void)))

const headOf = ({ headers, status }: WireReply, length: number): string =>
  [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    ...Object.entries({ ...headers, "content-length": String(length), connection: "close" }).map(
      ([name, value]) => `${name}: ${value}`
    )
  ].join("\r\n")

// node:http sends headers in one piece, so slow ones are written past it, and their connection ends with them.
const deliverSlowly = (
  reply: WireReply,
  body: Buffer,
  millis: number,
  { socket }: ServerResponse
): Effect.Effect<void> =>
  Effect.gen(function* () {
    if (socket === null) return
    const head = headOf(reply, body.length)
    const half = Math.floor(head.length / 2)
    yield* write((done) => socket.write(head.slice(0, half), done))
    yield* Effect.sleep(millis)
    yield* write((done) =>
      socket.end(Buffer.concat([Buffer.from(`${head.slice(half)}\r\n\r\n`), body]), done)
    )
  })

/** Sends a reply the way it is to travel. */
export const deliver = (delivery: Delivery, outgoing: ServerResponse): Effect.Effect<void> =>
  Effect.gen(function* () {
    const { bodyMillis, delayMillis, headersMillis, reply, resetAfter } = delivery
    const body = Buffer.from(reply.body, "utf8")
    if (delayMillis > 0) yield* Effect.sleep(delayMillis)
    if (resetAfter === "headers") return yield* reset(outgoing)
    if (headersMillis > 0) return yield* deliverSlowly(reply, body, headersMillis, outgoing)
    outgoing.sendDate = false
    outgoing.writeHead(reply.status, { ...reply.headers, "content-length": body.length })
    if (resetAfter !== undefined) {
      yield* write((done) => outgoing.write(body.subarray(0, resetAfter), done))
      return yield* reset(outgoing)
    }
    if (bodyMillis > 0) {
      const half = Math.floor(body.length / 2)
      yield* write((done) => outgoing.write(body.subarray(0, half), done))
      yield* Effect.sleep(bodyMillis)
      return yield* write((done) => outgoing.end(body.subarray(half), done))
    }
    yield* write((done) => outgoing.end(body, done))
  })
