/**
 * What the replies of IAM Identity Center and AWS Sign-In mean that give nothing.
 *
 * Source: the errors of "GetRoleCredentials", "CreateToken" and "CreateOAuth2Token" in the services' API References.
 */
import * as Json from "../jsonObject.js"
import type { SessionFault } from "./cachedSession.js"

/** A reply. Header names are in lower case. */
export interface IdentityReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const wellFormed = /^[\w.-]{1,100}$/

/**
 * The error's own name: the last part of `com.example#UnauthorizedException`, without the URL that may follow it.
 */
export const codeOf = ({ body, headers }: IdentityReply): string | undefined => {
  const json = Json.parse(body) ?? {}
  const stated =
    Json.textIfAny(json, "error") ??
    headers["x-amzn-errortype"] ??
    Json.textIfAny(json, "__type") ??
    Json.textIfAny(json, "code")
  const code = stated?.split(":")[0]?.split("#").at(-1)
  return code !== undefined && wellFormed.test(code) ? code : undefined
}

// The services spell one error `invalid_grant`, `InvalidGrantException` and `INVALID_GRANT`.
const spelledAlike = (code: string | undefined): string =>
  (code ?? "").replace(/_|Exception$/g, "").toLowerCase()

const passing = new Set(["slowdown", "toomanyrequests", "throttling", "internalserver", "servererror"])

const ended = new Set([
  "unauthorized",
  "invalidgrant",
  "expiredtoken",
  "invalidclient",
  "unauthorizedclient",
  "tokenexpired",
  "authcodeexpired",
  "usercredentialschanged"
])

const reasonOf = (status: number, code: string): SessionFault["reason"] => {
  if (status >= 500 || status === 429 || passing.has(code)) return "Unavailable"
  return status === 401 || ended.has(code) ? "Expired" : "Refused"
}

/** Why a service gave nothing: it may pass by itself, the session has ended, or this is not permitted. */
export const refusalOf = (service: string, reply: IdentityReply): SessionFault => {
  const code = codeOf(reply)
  const said = code === undefined ? `HTTP ${reply.status}` : `${code} (HTTP ${reply.status})`
  return { reason: reasonOf(reply.status, spelledAlike(code)), detail: `${service} answered ${said}` }
}
