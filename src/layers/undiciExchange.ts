/** One exchange over undici: what `src/layers/exchange.ts` is over node:http(s). */
import type { Dispatcher } from "undici"
import { faultCodes, type Outcome, type UnderWay } from "../services/BufferedClient.js"
import type { Dispatchers } from "./Dispatchers.js"
import type { Outgoing } from "./exchange.js"

/** Undici's codes in the words of the system; `UND_ERR_ABORTED` is left to a proxy that refuses a tunnel. */
const systemCodes: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: faultCodes.connectTimeout,
  UND_ERR_HEADERS_TIMEOUT: faultCodes.connectTimeout,
  UND_ERR_ABORTED: faultCodes.proxy,
  UND_ERR_SOCKET: "ECONNRESET",
  UND_ERR_CLOSED: "ECONNRESET",
  UND_ERR_DESTROYED: "ECONNRESET"
}

const codeOf = (error: Error & { readonly code?: unknown }): string =>
  typeof error.code === "string" ? (systemCodes[error.code] ?? error.code) : "EIO"

const flat = (headers: Record<string, string | Array<string> | undefined>): Record<string, string> => {
  for (const name in headers) {
    const value = headers[name]
    if (Array.isArray(value)) headers[name] = value.join(", ")
  }
  return headers as Record<string, string>
}

class Dispatched implements Dispatcher.DispatchHandler, UnderWay {
  private controller: Dispatcher.DispatchController | undefined
  private settled = false
  private status = 0
  private headers: Readonly<Record<string, string>> = {}
  private readonly chunks: Array<Uint8Array> = []
  private left: number

  constructor(
    private readonly outgoing: Outgoing,
    private readonly done: (outcome: Outcome) => void
  ) {
    this.left = outgoing.maxReplyBytes
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller
    if (this.settled) controller.abort(new Error("aborted"))
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | Array<string> | undefined>
  ): void {
    this.status = status
    this.headers = flat(headers)
    if (this.outgoing.method !== "HEAD" && Number(this.headers["content-length"]) > this.left) this.tooLarge()
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Uint8Array): void {
    this.left -= chunk.length
    if (this.left < 0) this.tooLarge()
    else this.chunks.push(chunk)
  }

  onResponseEnd(): void {
    // Undici puts the connection back in an immediate that it asks for next; behind it a next request finds it.
    queueMicrotask(() => setImmediate(finish, this))
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    const code = codeOf(error)
    if (code === "UND_ERR_INVALID_ARG") this.settle({ kind: "unsendable", code })
    else if (this.status === 0) this.settle({ kind: "noReply", code })
    else this.settle({ kind: "noBody", status: this.status, headers: this.headers, code })
  }

  finish(): void {
    const [first] = this.chunks
    const body = first !== undefined && this.chunks.length === 1 ? first : Buffer.concat(this.chunks)
    this.settle({ kind: "reply", status: this.status, headers: this.headers, body })
  }

  abort(): void {
    if (this.settled) return
    this.settled = true
    this.controller?.abort(new Error("aborted"))
  }

  private tooLarge(): void {
    const { headers, status } = this
    this.settle({ kind: "noBody", status, headers, code: faultCodes.replyTooLarge })
    this.controller?.abort(new Error("too large"))
  }

  private settle(outcome: Outcome): void {
    if (this.settled) return
    this.settled = true
    this.done(outcome)
  }
}

const finish = (call: Dispatched): void => call.finish()

/** For a host behind a tunnel or none, and for one whose proxy takes whole URLs. */
const dispatch = (dispatchers: Dispatchers, outgoing: Outgoing, call: Dispatched): void => {
  const { authority, body, connectTimeout, headers, path, proxy, secure } = outgoing
  const lines = headers as Array<string>
  const common = {
    method: outgoing.method as Dispatcher.HttpMethod,
    body: body ?? null,
    headersTimeout: 0,
    bodyTimeout: 0
  }
  if (proxy === undefined || secure || proxy.socks !== undefined) {
    dispatchers
      .get(connectTimeout, proxy)
      .dispatch({ ...common, origin: outgoing.origin, path, headers: lines }, call)
    return
  }
  const { authorization, host, port } = proxy
  dispatchers.get(connectTimeout, undefined).dispatch(
    {
      ...common,
      origin: `${proxy.secure ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}:${port}`,
      path: `http://${authority}${path}`,
      headers: authorization === undefined ? lines : [...lines, "proxy-authorization", authorization]
    },
    call
  )
}

/** Sends a request and tells the outcome once, later. */
export const send = (
  dispatchers: Dispatchers,
  outgoing: Outgoing,
  done: (outcome: Outcome) => void
): UnderWay => {
  const call = new Dispatched(outgoing, done)
  dispatch(dispatchers, outgoing, call)
  return call
}
