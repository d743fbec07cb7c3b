/**
 * A server on this machine that gives credentials to who knows its secret: AWS's clients send it in a header, Alibaba
 * Cloud's have it in the path. It answers from memory, since clients wait a second, and renews in the background.
 *
 * Browsers are turned away: by their headers, and by a host that is not this server's own, which is what a name made to
 * point here would send.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto"
import * as Http from "node:http"
import type { AddressInfo } from "node:net"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { failureOfCause, ProgramError } from "./endings.js"
import type { Issued } from "./formats.js"

/** How a cloud's clients ask, and what they take. */
export interface Dialect {
  /** Whether the secret is the value of the header `authorization`; otherwise it is the path's first part. */
  readonly header: boolean
  readonly reply: (issued: Issued) => object
  /** The variables of a client. */
  readonly environment: (url: string, secret: string) => Readonly<Record<string, string>>
}

/** Where to listen. */
export interface Place {
  readonly host: string
  readonly port: number
  readonly secret: string
}

/** A secret that nobody guesses. */
export const newSecret = (): string => randomBytes(32).toString("base64url")

/** A server that listens. */
export interface Listening {
  /** For example `http://127.0.0.1:41234/credentials`. */
  readonly url: string
  readonly port: number
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest()

const same = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other))

interface Refusal {
  readonly status: number
  readonly code: string
  readonly message: string
}

const refuse = (status: number, code: string, message: string): Refusal => ({ status, code, message })

const notFound = refuse(404, "NotFound", "There is nothing here.")

const loopback = ["127.0.0.1", "localhost", "[::1]"]

const bracketed = (host: string): string => (host.includes(":") ? `[${host}]` : host)

/** Any address by which others may know this machine. No page of a browser gets here by an address under another name. */
const address = /^(?:\d+\.\d+\.\d+\.\d+|\[[\da-f:.]+\])$/

const isEverywhere = (host: string): boolean => host === "0.0.0.0" || host === "::"

/** Whether a request is for this server: by the address that it listens at, or by any where it listens at all of them. */
const isOwn = (asked: string, host: string, port: number): boolean => {
  const [, name = "", at = "80"] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(asked) ?? []
  if (Number(at) !== port) return false
  if (isEverywhere(host) && address.test(name)) return true
  return name === bracketed(host) || loopback.includes(name)
}

/** The path below the secret, or why the request is turned away. */
const authorized = (
  { headers, method, url = "/" }: Http.IncomingMessage,
  { header }: Dialect,
  { host, port, secret }: Place
): string | Refusal => {
  if (!isOwn((headers.host ?? "").toLowerCase(), host, port))
    return refuse(421, "MisdirectedRequest", "This server answers to its own address alone.")
  if (headers.origin !== undefined || headers["sec-fetch-site"] !== undefined)
    return refuse(403, "Forbidden", "Pages of a browser get nothing here.")
  if (method !== "GET") return refuse(405, "MethodNotAllowed", "Only GET is answered.")
  if (header)
    return same(headers.authorization ?? "", secret)
      ? url
      : refuse(403, "Forbidden", "The token is wrong or missing.")
  const [, first = "", ...rest] = url.split("/")
  return same(first, secret) ? `/${rest.join("/")}` : notFound
}

const answer = (response: Http.ServerResponse, status: number, body: object): void => {
  response
    .writeHead(status, { "content-type": "application/json", "cache-control": "no-store" })
    .end(JSON.stringify(body))
}

const listen = (server: Http.Server, { host, port }: Place): Effect.Effect<number, ProgramError> =>
  Effect.callback((resume) => {
    server.once("error", ({ code }: NodeJS.ErrnoException) => {
      const message =
        code === "EADDRINUSE" || code === "EACCES"
          ? `Port ${port} is not available (${code}); choose another with --port, or leave it out.`
          : `The address of --host cannot be listened on (${code}).`
      resume(new ProgramError({ message }))
    })
    server.listen(port, host, () => resume(Effect.succeed((server.address() as AddressInfo).port)))
  })

const close = (server: Http.Server): Effect.Effect<void> =>
  Effect.callback((resume) => {
    server.close(() => resume(Effect.void))
    server.closeAllConnections()
  })

/**
 * Serves until the scope closes.
 *
 * @param sources credentials by the path that they are found under
 */
export const serve = (
  dialect: Dialect,
  place: Place,
  sources: Readonly<Record<string, Effect.Effect<Issued, { readonly message: string }>>>
): Effect.Effect<Listening, ProgramError, Scope.Scope> =>
  Effect.gen(function* () {
    const runPromise = Effect.runPromiseWith(yield* Effect.context<never>())
    let { port } = place
    const server = Http.createServer((request, response) => {
      const path = authorized(request, dialect, { ...place, port })
      if (typeof path !== "string")
        return answer(response, path.status, { code: path.code, message: path.message })
      const source = Object.hasOwn(sources, path) ? sources[path] : undefined
      if (source === undefined)
        return answer(response, 404, { code: notFound.code, message: notFound.message })
      void runPromise(
        Effect.matchCause(source, {
          onFailure: (cause) =>
            answer(response, 500, {
              code: "CredentialsUnavailable",
              message: failureOfCause(cause)?.message ?? "The server ends."
            }),
          onSuccess: (issued) => answer(response, 200, dialect.reply(issued))
        })
      )
    })
    port = yield* Effect.acquireRelease(listen(server, place), () => close(server))
    // Clients refuse the address that stands for all, and those on this machine need no other than its own.
    const own = isEverywhere(place.host) ? "127.0.0.1" : bracketed(place.host)
    const prefix = dialect.header ? "" : `/${place.secret}`
    return { url: `http://${own}:${port}${prefix}/credentials`, port }
  })
