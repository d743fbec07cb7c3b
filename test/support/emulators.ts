/**
 * Emulators as tests handle them: in another process, where a blocked thread does not hold them up, or in this one.
 */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
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

const remote = (endpoint: string, connections: () => Connections): Remote => {
  const post = (path: string, content: object) => ask("POST", `${endpoint}/_emulator/${path}`, content)
  const text = (answer: unknown, name: string) => (answer as Record<string, string>)[name] ?? ""
  const minted =
    (path: string, name: string) =>
    (options: object = {}) =>
      Effect.sync(() => Redacted.make(text(post(path, options), name)))
  const providers = (cloud: "alibaba" | "aws") => ({
    mintOidcToken: minted(`${cloud}/oidc-tokens`, "token"),
    mintSamlResponse: minted(`${cloud}/saml-responses`, "samlResponse")
  })
  return {
    endpoint,
    connections,
    addFault: (fault, scope = {}) =>
      Effect.sync(() => post("faults", { fault: Schema.encodeSync(Fault.Fault)(fault), ...scope })),
    setClockOffset: (offset) => Effect.sync(() => post("clock", { offset })),
    requests: Effect.sync(() => ask("GET", `${endpoint}/_emulator/requests`) as ReadonlyArray<Seen>),
    alibaba: providers("alibaba"),
    aws: {
      ...providers("aws"),
      mfaCode: () => Effect.sync(() => text(ask("GET", `${endpoint}/_emulator/aws/mfa-code`), "code")),
      mintAuthorizationMessage: (options = {}) =>
        Effect.sync(() => text(post("aws/authorization-messages", options), "encodedMessage")),
      mintTradeInToken: minted("aws/trade-in-tokens", "token")
    }
  }
}

/** The process that the emulators run in. */
export interface Servers {
  readonly emulator: () => Remote
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
  const open = (path: string, content: object) =>
    ask("POST", control + encodeURI(path), content) as { port: number }
  return {
    emulator: () => {
      const { port } = open("/emulators", {})
      return remote(at(port), connectionsOf(port))
    },
    leaky: (kind, planted) => {
      const { port } = open(`/leaky/${kind}`, planted)
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
