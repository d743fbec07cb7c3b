/**
 * A process of its own for emulators and leaky servers, so that they answer while a test blocks its thread. It is
 * handled over HTTP and ends with the process that started it.
 */
import { channel } from "node:diagnostics_channel"
import * as Http from "node:http"
import type { AddressInfo, Socket } from "node:net"
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import { Emulator, EmulatorServer } from "../../src/testing.js"
import { type LeakyReply, leakyReplies } from "./leakyReplies.js"

/** What the process has to say of one server, apart from what an emulator records. */
export interface Connections {
  /** Of each request its first line and its headers, as they came. */
  readonly requests: ReadonlyArray<{ readonly line: string; readonly headers: ReadonlyArray<string> }>
  /** Requests whose connection was closed before their reply was complete. */
  readonly cutShort: number
  readonly mostUnderWay: number
}

const scope = Effect.runSync(Scope.make())

interface Notes {
  requests: Array<Connections["requests"][number]>
  cutShort: number
  underWay: number
  mostUnderWay: number
}

const notes = new Map<number, Notes>()

const notesOf = (port: number): Notes => {
  const known = notes.get(port) ?? { requests: [], cutShort: 0, underWay: 0, mostUnderWay: 0 }
  notes.set(port, known)
  return known
}

channel("http.server.request.start").subscribe((message) => {
  const { request, response, socket } = message as {
    readonly request: Http.IncomingMessage
    readonly response: Http.ServerResponse
    readonly socket: Socket
  }
  if (request.url?.startsWith("/_emulator/")) return
  const noted = notesOf(socket.localPort ?? 0)
  noted.requests.push({ line: `${request.method} ${request.url}`, headers: request.rawHeaders })
  noted.underWay++
  noted.mostUnderWay = Math.max(noted.mostUnderWay, noted.underWay)
  response.once("close", () => {
    noted.underWay--
    if (!response.writableFinished) noted.cutShort++
  })
})

const listen = (server: Http.Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port))
  })

const textOf = async (incoming: Http.IncomingMessage): Promise<string> => {
  const chunks: Array<Buffer> = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString("utf8")
}

const emulator = (): Promise<number> =>
  Effect.runPromise(
    Effect.map(
      Scope.provide(
        Effect.flatMap(Emulator.make(), (made) => EmulatorServer.serve(made)),
        scope
      ),
      ({ port }) => port
    )
  )

const leakyServer = (make: LeakyReply, planted: Readonly<Record<string, string>>): Promise<number> =>
  listen(
    Http.createServer(async (incoming, outgoing) => {
      const body = await textOf(incoming)
      const reply = make({ headers: incoming.rawHeaders, body, planted })
      outgoing.writeHead(reply.status, reply.headers).end(reply.body)
    })
  )

const open = async (path: string, body: string): Promise<unknown> => {
  const port = Number(path.split("/")[2])
  switch (path.split("/")[1]) {
    case "emulators":
      return { port: await emulator() }
    case "leaky": {
      const make = leakyReplies[path.slice("/leaky/".length)]
      return make && { port: await leakyServer(make, JSON.parse(body)) }
    }
    case "connections":
      return notesOf(port)
    default:
      return undefined
  }
}

const control = Http.createServer(async (incoming, outgoing) => {
  const answer = await open(decodeURI(incoming.url ?? "/"), await textOf(incoming))
  outgoing.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer))
})

process.stdin.resume().once("end", () => process.exit(0))
process.stdout.write(`${await listen(control)}\n`)
