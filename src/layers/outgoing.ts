/**
 * From a platform request to what goes on the wire, and back from its outcome.
 *
 * @since 0.1.0
 */

import * as Context from "effect/Context"
import * as Exit from "effect/Exit"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Result from "effect/Result"
import { BufferedResponse, ExchangeFault, noBody, noReply } from "../services/BufferedClient.js"
import { type ClientError, withoutReply } from "../services/clientError.js"
import { DirectConnection } from "../services/DirectConnection.js"
import { RequestPolicy } from "../services/RequestPolicy.js"
import { urlOf } from "../services/requestUrl.js"
import type { Endpoint, Proxy } from "./connections.js"
import type { Outcome, Outgoing } from "./exchange.js"
import type { ProxyFor } from "./proxy.js"

/**
 * Where a URL leads.
 *
 * @category models
 * @since 0.1.0
 */
export interface Target extends Endpoint {
  readonly authority: string
  readonly path: string
  readonly proxy: Proxy | undefined
}

/**
 * Prepares requests for the wire as the context of who sends them has it, or tells why they cannot go there.
 *
 * @category models
 * @since 0.1.0
 */
export type Prepare = (
  request: HttpClientRequest.HttpClientRequest,
  context: Context.Context<never>
) => Result.Result<Outgoing, ClientError>

const parseTarget = (text: string, proxyFor: ProxyFor): Target | undefined => {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  const secure = url.protocol === "https:"
  const named = url.username !== "" || url.password !== ""
  if (named || !(secure || url.protocol === "http:")) return undefined
  const endpoint: Endpoint = {
    secure,
    host: url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname,
    port: url.port === "" ? (secure ? 443 : 80) : Number(url.port)
  }
  return { ...endpoint, authority: url.host, path: url.pathname + url.search, proxy: proxyFor(endpoint) }
}

const bodyOf = ({ body }: HttpClientRequest.HttpClientRequest): string | Uint8Array | undefined | null => {
  if (body._tag === "Empty") return undefined
  if (body._tag === "Uint8Array") return body.body
  return body._tag === "Raw" && (typeof body.body === "string" || body.body instanceof Uint8Array)
    ? body.body
    : null
}

const refused = (
  request: HttpClientRequest.HttpClientRequest,
  reason: "InvalidUrl" | "Encode",
  description: string
) => Result.fail(withoutReply(request, reason, { description }))

/**
 * Prepares the requests of one client. URLs with a user name are refused: it would be lost silently.
 *
 * @category constructors
 * @since 0.1.0
 */
export const makePrepare = (proxyFor: ProxyFor): Prepare => {
  // A client mostly calls one URL over and over.
  let lastUrl: string | undefined
  let lastTarget: Target | undefined
  return (request, context) => {
    const url = urlOf(request) ?? ""
    if (url !== lastUrl) {
      lastTarget = parseTarget(url, proxyFor)
      lastUrl = url
    }
    if (lastTarget === undefined) return refused(request, "InvalidUrl", "not an http: or https: URL")
    const body = bodyOf(request)
    if (body === null) return refused(request, "Encode", "only bytes and text can be sent")
    const { authority, host, path, port, proxy, secure } = lastTarget
    const { connectTimeout, maxReplyBytes } = Context.get(context, RequestPolicy)
    return Result.succeed({
      method: request.method,
      secure,
      host,
      port,
      authority,
      path,
      proxy: proxy !== undefined && Context.get(context, DirectConnection) ? undefined : proxy,
      headers: request.headers,
      body,
      connectTimeout,
      maxReplyBytes
    })
  }
}

/**
 * What an outcome is to the caller.
 *
 * @category conversions
 * @since 0.1.0
 */
export const toExit = (
  request: HttpClientRequest.HttpClientRequest,
  outcome: Outcome
): Exit.Exit<BufferedResponse, ClientError> => {
  switch (outcome.kind) {
    case "reply":
      return Exit.succeed(new BufferedResponse(request, outcome.status, outcome.headers, outcome.body))
    case "unsendable":
      return Exit.fail(withoutReply(request, "Encode", { cause: new ExchangeFault(outcome.code) }))
    case "noReply":
      return Exit.fail(noReply(request, outcome.code))
    case "noBody":
      return Exit.fail(noBody(request, outcome.status, outcome.headers, outcome.code))
  }
}
