/**
 * Emulators as tests handle them: in another process, where a blocked thread does not hold them up, or in this one.
 */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import * as Http from "node:http"
import * as Effect from "effect/Effect"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Blocking from "../../src/layers/blocking/Blocking.js"
import { causeOf, isClientError } from "../../src/services/platformHttp.js"
import { type Emulator, Fault } from "../../src/testing.js"
import type { Connections } from "./emulatorProcess.js"
import { program } from "./program.js"

/** A request that an emulator saw, as it prints it. */
export interface Seen {
  readonly cloud: string
  readonly method: string
  readonly path: string
  readonly operation: string
  readonly form: string
  readonly verdict: string
  readonly headers: Readonly<Record<string, string>>
  readonly parameters: Readonly<Record<string, string>>
}

type Providers = "mintOidcToken" | "mintSamlResponse"
type Proofs = "mfaCode" | "mintAuthorizationMessage" | "mintTradeInToken"

/** What tests do to an emulator, wherever it runs. */
export interface Emulated extends Pick<Emulator.EmulatorService, "addFault" | "setClockOffset"> {
  readonly endpoint: string
  readonly requests: Effect.Effect<ReadonlyArray<Seen>>
  readonly alibaba: Pick<Emulator.EmulatorService["alibaba"], Providers>
  readonly aws: Pick<Emulator.EmulatorService["aws"], Providers | Proofs>
}

/** An emulator in another process, and what that process has to say of its connections. */
export interface Remote extends Emulated {
  readonly connections: () => Connections
}

const http = Blocking.layerWith({ proxy: false })

/** Asks another process, and blocks for the answer. */
export const ask = (method: "GET" | "POST", url: string, content?: object): unknown =>
  Effect.runSync(
    Effect.flatMap(HttpClient.HttpClient, (client) =>
      client.execute(
        HttpClientRequest.make(method)(url, {
          body:
            content === undefined
              ? HttpBody.empty
              : HttpBody.text(JSON.stringify(content), "application/json")
        })
      )
    ).pipe(
      Effect.flatMap((reply) =>
        reply.status === 200 ? reply.json : Effect.die(new Error(`${method} ${url}: ${reply.status}`))
      ),
      Effect.catchIf(isClientError, (error) =>
        Effect.die(new Error(`${method} ${url}: ${String(causeOf(error))}`))
      ),
      // Nothing else could end a thread that waits.
      Effect.timeout("15 seconds"),
      Effect.provide(http)
    )
  )

type Asking = (...asked: Parameters<typeof ask>) => Effect.Effect<unknown>

const askBlocked: Asking = (...asked) => Effect.sync(() => ask(...asked))

/** Asks and lets others go on, which takes a third of the time. No connection is left behind. */
const askBeside: Asking = (method, url, content) =>
  Effect.promise(
    () =>
      new Promise((resolve, reject) => {
        const headers = { "content-type": "application/json" }
        const request = Http.request(url, { method, headers, agent: false, timeout: 15_000 }, (reply) => {
          const chunks: Array<Buffer> = []
          reply.on("error", reject).on("data", (chunk: Buffer) => chunks.push(chunk))
          reply.on("end", () => {
            if (reply.statusCode === 200) resolve(JSON.parse(Buffer.concat(chunks).toString("utf8")))
            else reject(new Error(`${method} ${url}: ${reply.statusCode}`))
          })
        })
        request.on("error", reject).on("timeout", () => request.destroy(new Error(`${method} ${url}: late`)))
        request.end(content === undefined ? undefined : JSON.stringify(content))
      })
  )

const remote = (endpoint: string, connections: () => Connections, asking: Asking): Remote => {
  const post = (path: string, content: object) => asking("POST", `${endpoint}/_emulator/${path}`, content)
  const text = (answer: unknown, name: string) => (answer as Record<string, string>)[name] ?? ""
  const minted =
    (path: string, name: string) =>
    (options: object = {}) =>
      Effect.map(post(path, options), (answer) => Redacted.make(text(answer, name)))
  const providers = (cloud: "alibaba" | "aws") => ({
    mintOidcToken: minted(`${cloud}/oidc-tokens`, "token"),
    mintSamlResponse: minted(`${cloud}/saml-responses`, "samlResponse")
  })
  return {
    endpoint,
    connections,
    addFault: (fault, scope = {}) =>
      Effect.asVoid(post("faults", { fault: Schema.encodeSync(Fault.Fault)(fault), ...scope })),
    setClockOffset: (offset) => Effect.asVoid(post("clock", { offset })),
    requests: Effect.map(
      asking("GET", `${endpoint}/_emulator/requests`),
      (requests) => requests as ReadonlyArray<Seen>
    ),
    alibaba: providers("alibaba"),
    aws: {
      ...providers("aws"),
      mfaCode: () =>
        Effect.map(asking("GET", `${endpoint}/_emulator/aws/mfa-code`), (answer) => text(answer, "code")),
      mintAuthorizationMessage: (options = {}) =>
        Effect.map(post("aws/authorization-messages", options), (answer) => text(answer, "encodedMessage")),
      mintTradeInToken: minted("aws/trade-in-tokens", "token")
    }
  }
}

/** The process that the emulators run in. */
export interface Servers {
  readonly emulator: () => Remote
  /** An emulator that holds nobody up while it is asked, but where the thread is blocked anyway. */
  readonly open: (isBlocked: boolean) => Effect.Effect<Remote>
  /** A server with one of the leaky replies. */
  readonly leaky: (
    kind: string,
    planted: Readonly<Record<string, string>>
  ) => Pick<Remote, "endpoint" | "connections">
  readonly close: () => Promise<void>
}

const firstLine = async ({ stdout }: ChildProcess): Promise<string> => {
  if (stdout === null) throw new Error("no output to read")
  const [chunk] = await once(stdout, "data")
  return String(chunk).trim()
}

/** Starts the process. */
export const startServers = async (): Promise<Servers> => {
  const file = program("test/support/emulatorProcess.ts")
  const child = spawn(process.execPath, [file], { stdio: ["pipe", "pipe", "inherit"] })
  const control = `http://127.0.0.1:${await firstLine(child)}`
  const connectionsOf = (port: number) => () => ask("GET", `${control}/connections/${port}`) as Connections
  const at = (port: number) => `http://127.0.0.1:${port}`
  const open = (asking: Asking) =>
    Effect.map(asking("POST", `${control}/emulators`, {}), (answer) => {
      const { port } = answer as { readonly port: number }
      return remote(at(port), connectionsOf(port), asking)
    })
  return {
    emulator: () => Effect.runSync(open(askBlocked)),
    open: (isBlocked) => open(isBlocked ? askBlocked : askBeside),
    leaky: (kind, planted) => {
      const { port } = ask("POST", control + encodeURI(`/leaky/${kind}`), planted) as { port: number }
      return { endpoint: at(port), connections: connectionsOf(port) }
    },
    close: async () => {
      const closed = once(child, "exit")
      child.stdin?.end()
      await closed
    }
  }
}

/** An emulator in this process, reached without a socket through the client that comes with it. */
export const inProcess = (emulator: Emulator.EmulatorService): Emulated => ({
  endpoint: "http://127.0.0.1",
  addFault: emulator.addFault,
  setClockOffset: emulator.setClockOffset,
  requests: Effect.map(emulator.requests, (requests) => JSON.parse(JSON.stringify(requests))),
  alibaba: emulator.alibaba,
  aws: emulator.aws
})
