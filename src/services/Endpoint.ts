/** Where a service answers. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { quoteOf, withoutQuotes } from "../protocol/settings.js"
import { StsConfigError } from "../schemas/StsError.js"
import { switchedOn } from "./setting.js"

/** Where a service answers. */
export interface Endpoint {
  /** The URL that requests are posted to. */
  readonly url: string
  /** The host as the `Host` header states it, with the port where it is not the scheme's own. */
  readonly host: string
  /** The URL's path: `/`, unless the service stands behind somebody's gateway. */
  readonly path: string
  readonly region: string | undefined
}

/** Whether a URL's host name is this machine, which is reached without TLS. */
export const isLoopback = (hostname: string): boolean =>
  hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname)

const allowHttp = "EFFECT_STS_ALLOW_HTTP"

/** What to do where plain HTTP is refused. */
export const allowHttpHint = (option: string): string =>
  `Use https://, or where the network is trusted set ${allowHttp}=true, or ${option} in code.`

/** Whether plain HTTP may leave this machine: what the program states, else what `EFFECT_STS_ALLOW_HTTP` states. */
export const httpAllowed = (stated: boolean | undefined): Effect.Effect<boolean, StsConfigError> =>
  stated === undefined
    ? Effect.map(switchedOn(allowHttp), (allowed) => allowed === true)
    : Effect.succeed(stated)

/** What an endpoint may be. */
export interface Allowed {
  /** Whether plain HTTP may be used for other hosts than loopback ones. */
  readonly http: boolean
  /** Whether it may have a path, because the service's signature covers it. */
  readonly path: boolean
}

/** Reads an endpoint that somebody configured: a URL, or a host name for HTTPS. */
export const parse = (
  key: string,
  text: string,
  region: string | undefined,
  allowed: Allowed
): Result.Result<Endpoint, StsConfigError> => {
  const wrong = (detail: string, hint?: string) => Result.fail(new StsConfigError({ key, detail, hint }))
  if (quoteOf(text) !== undefined) return wrong("begins or ends with a quotation mark", withoutQuotes)
  if (/^https?:(?!\/\/)/i.test(text)) return wrong("must start with https://")
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`
  if (!URL.canParse(withScheme)) return wrong("is neither a URL nor a host name")
  const url = new URL(withScheme)
  if (url.protocol !== "https:" && url.protocol !== "http:") return wrong("must start with https://")
  if (url.username !== "" || url.password !== "") return wrong("must not contain a user name or password")
  if (url.search !== "" || url.hash !== "") return wrong("must not have a query or fragment")
  if (url.pathname !== "/" && !allowed.path) return wrong("must not have a path")
  if (!url.pathname.endsWith("/")) url.pathname += "/"
  if (url.protocol === "http:" && !allowed.http && !isLoopback(url.hostname)) {
    return wrong("would send credentials over plain HTTP", allowHttpHint("RequestPolicy.allowHttp"))
  }
  return Result.succeed({ url: url.href, host: url.host, path: url.pathname, region })
}
