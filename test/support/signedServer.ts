/**
 * A server that takes nothing but AWS requests whose signatures the vendor's own signer makes too.
 */
import { createHash } from "node:crypto"
import * as Http from "node:http"
import type { AddressInfo } from "node:net"
import { Sha256 } from "@aws-crypto/sha256-js"
import { HttpRequest } from "@smithy/protocol-http"
import { SignatureV4 } from "@smithy/signature-v4"

export interface Key {
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

/** A request whose signature is right. */
export interface Received {
  readonly method: string
  /** As it came. */
  readonly path: string
  readonly query: string
  readonly headers: Http.IncomingHttpHeaders
  readonly body: Buffer
  readonly accessKeyId: string
  readonly service: string
}

export interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

const authorization =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/

const likeS3: ReadonlySet<string> = new Set(["s3"])

const instant = (stamp: string): Date =>
  new Date(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"))

const queryOf = (search: string): Record<string, Array<string>> => {
  const query = new URLSearchParams(search)
  return Object.fromEntries(Array.from(query.keys(), (name) => [name, query.getAll(name)]))
}

/** What is wrong with a request, or who sent it. */
export const verify = async (
  request: Omit<Received, "accessKeyId" | "service">,
  keys: ReadonlyMap<string, Key>
): Promise<{ readonly accessKeyId: string; readonly service: string } | string> => {
  const [, accessKeyId = "", , region = "", service = "", names = "", signature] =
    authorization.exec(request.headers.authorization ?? "") ?? []
  const key = keys.get(accessKeyId)
  if (key === undefined) return "InvalidAccessKeyId"
  const headers: Record<string, string> = {}
  for (const name of names.split(";")) headers[name] = String(request.headers[name])
  for (const name of ["host", "x-amz-date", "x-amz-content-sha256"]) {
    if (!(name in headers)) return `Unsigned.${name}`
  }
  const stray = Object.keys(request.headers).find((name) => name.startsWith("x-amz-") && !(name in headers))
  if (stray !== undefined) return `Unsigned.${stray}`
  if (headers["x-amz-security-token"] !== key.sessionToken) return "InvalidToken"
  const hash = createHash("sha256").update(request.body).digest("hex")
  const stated = headers["x-amz-content-sha256"]
  if (stated !== hash && stated !== "UNSIGNED-PAYLOAD") return "XAmzContentSHA256Mismatch"
  const signer = new SignatureV4({
    service,
    region,
    sha256: Sha256,
    uriEscapePath: !likeS3.has(service),
    credentials: {
      accessKeyId,
      secretAccessKey: key.secretAccessKey,
      ...(key.sessionToken === undefined ? undefined : { sessionToken: key.sessionToken })
    }
  })
  const expected = await signer.sign(
    new HttpRequest({
      method: request.method,
      protocol: "http:",
      hostname: "unused",
      path: request.path,
      query: queryOf(request.query),
      headers,
      body: request.body
    }),
    { signingDate: instant(headers["x-amz-date"] ?? "") }
  )
  const [, , , , , signedToo, theirs] = authorization.exec(expected.headers["authorization"] ?? "") ?? []
  return theirs === signature && signedToo === names ? { accessKeyId, service } : "SignatureDoesNotMatch"
}

const bodyOf = async (incoming: Http.IncomingMessage): Promise<Buffer> => {
  const chunks: Array<Buffer> = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

export interface SignedServer {
  readonly endpoint: string
  /** The keys that it knows; a test adds those that are issued. */
  readonly keys: Map<string, Key>
  readonly received: Array<Received>
  readonly close: () => Promise<void>
}

/** Starts the server. A request that is not signed right is refused with the reason as its code. */
export const openSignedServer = async (answer: (request: Received) => Answer): Promise<SignedServer> => {
  const keys = new Map<string, Key>()
  const received: Array<Received> = []
  const reply = async (incoming: Http.IncomingMessage): Promise<Answer> => {
    const { headers, method = "", url = "" } = incoming
    const [path = "", query = ""] = url.split("?")
    const request = { method, path, query, headers, body: await bodyOf(incoming) }
    const sender = await verify(request, keys)
    if (typeof sender === "string") {
      return { status: 403, body: `<Error><Code>${sender}</Code><Message>refused</Message></Error>` }
    }
    received.push({ ...request, ...sender })
    return answer({ ...request, ...sender })
  }
  const server = Http.createServer(async (incoming, outgoing) => {
    const { body = "", headers = {}, status = 200 } = await reply(incoming)
    outgoing.writeHead(status, headers).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    keys,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
  }
}
