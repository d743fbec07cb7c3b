/**
 * A server that takes nothing but requests whose ACS3 signatures the vendor's own signer makes too.
 */
import { createHash } from "node:crypto"
import * as Http from "node:http"
import type { AddressInfo } from "node:net"
import { OpenApiUtil } from "@alicloud/openapi-core"

export interface Key {
  readonly accessKeySecret: string
  readonly securityToken?: string | undefined
}

export interface Received {
  readonly method: string
  readonly url: string
  readonly headers: Http.IncomingHttpHeaders
  readonly body: string
}

const authorization = /^ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=[0-9a-f]{64}$/

const wanted = ["host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce"]

export interface Acs3Server {
  readonly endpoint: string
  readonly keys: Map<string, Key>
  readonly received: Array<Received>
  /** Refusals to give instead, one for each of the next requests. */
  readonly refusals: Array<{ readonly status: number; readonly code: string; readonly date?: string }>
  readonly close: () => Promise<void>
}

/** Starts the server. What is not signed right is refused with the reason as its code. */
export const openAcs3Server = async (): Promise<Acs3Server> => {
  const keys = new Map<string, Key>()
  const received: Array<Received> = []
  const refusals: Acs3Server["refusals"] = []
  const nonces = new Set<string>()

  const faultOf = ({ body, headers, method, url }: Received): string | undefined => {
    const [, id = "", names = ""] = authorization.exec(headers.authorization ?? "") ?? []
    const key = keys.get(id)
    if (key === undefined) return "InvalidAccessKeyId.NotFound"
    const unsigned = [...wanted, ...Object.keys(headers).filter((name) => name.startsWith("x-acs-"))].find(
      (name) => !names.split(";").includes(name)
    )
    if (unsigned !== undefined) return `Unsigned.${unsigned}`
    if (headers["x-acs-security-token"] !== key.securityToken) return "InvalidSecurityToken.Malformed"
    const nonce = String(headers["x-acs-signature-nonce"])
    if (nonces.has(nonce)) return "SignatureNonceUsed"
    nonces.add(nonce)
    const hash = createHash("sha256").update(body).digest("hex")
    if (headers["x-acs-content-sha256"] !== hash) return "ContentHashMismatch"
    const { pathname, searchParams } = new URL(url, "http://unused")
    const signed = Object.fromEntries(
      Object.entries(headers).filter(([name]) => names.split(";").includes(name))
    )
    const expected = OpenApiUtil.getAuthorization(
      { method, pathname, query: Object.fromEntries(searchParams), headers: signed } as never,
      "ACS3-HMAC-SHA256",
      hash,
      id,
      key.accessKeySecret
    )
    return expected === headers.authorization ? undefined : "SignatureDoesNotMatch"
  }

  const server = Http.createServer(async (incoming, outgoing) => {
    const chunks: Array<Buffer> = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const { headers, method = "", url = "" } = incoming
    const request = { method, url, headers, body: Buffer.concat(chunks).toString() }
    received.push(request)
    const planned = refusals.shift()
    const code = planned?.code ?? faultOf(request)
    outgoing.writeHead(code === undefined ? 200 : (planned?.status ?? 400), {
      "content-type": "application/json",
      ...(planned?.date === undefined ? {} : { date: planned.date })
    })
    outgoing.end(JSON.stringify(code === undefined ? { RequestId: "r" } : { RequestId: "r", Code: code }))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    keys,
    received,
    refusals,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
  }
}
