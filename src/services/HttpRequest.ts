/** The one builder of requests: printed, a request shows where it goes, and none of its secrets. */

import * as Context from "effect/Context"
import { format } from "effect/Formatter"
import * as Headers from "effect/http/Headers"
import type * as HttpBody from "effect/http/HttpBody"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Url from "effect/http/Url"
import * as UrlParams from "effect/http/UrlParams"
import * as Inspectable from "effect/Inspectable"
import * as Option from "effect/Option"
import * as Redactable from "effect/Redactable"
import * as Result from "effect/Result"
import { Body, redactedNames, type Shown, secretNames } from "./platformHttp.js"

/** Where a request goes, parameters and all; `undefined` where its parts make no URL. */
export const urlOf = ({ hash, url, urlParams }: HttpClientRequest.HttpClientRequest): string | undefined =>
  urlParams.params.length === 0 && Option.isNone(hash)
    ? url
    : Result.match(Url.make(url, urlParams, Option.getOrUndefined(hash)), {
        onFailure: () => undefined,
        onSuccess: String
      })

/** The same, taken apart. */
export const parsedUrlOf = (request: HttpClientRequest.HttpClientRequest): URL | undefined => {
  const url = urlOf(request)
  return url !== undefined && URL.canParse(url) ? new URL(url) : undefined
}

/** Members of a request all of whose URL is in `url`. */
export const nothingApart = { urlParams: UrlParams.empty, hash: /* @__PURE__ */ Option.none<string>() }

const headersPrototype: object = (() => {
  function outline(this: Headers.Headers) {
    return Headers.redact(this, secretNames)
  }
  // Not enumerable: some clients send whatever a loop over the headers finds.
  return Object.create(Object.getPrototypeOf(Headers.empty), {
    toJSON: { value: outline },
    toString: {
      value(this: Headers.Headers) {
        return format(outline.call(this))
      }
    },
    [Inspectable.NodeInspectSymbol]: { value: outline },
    [Redactable.symbolRedactable]: {
      value(this: Headers.Headers, shown: Shown) {
        return Headers.redact(this, redactedNames(shown))
      }
    }
  })
})()

/**
 * Headers whose secrets print as redacted. They are sent as they are. The platform redacts its own only in spans and
 * logs, and an error that holds its request prints them.
 */
export const secretHeaders = (
  ...parts: ReadonlyArray<Readonly<Record<string, string | undefined>>>
): Headers.Headers => Object.assign(Object.create(headersPrototype), ...parts)

/** A body that prints its length alone, whatever request it is put into. Every client sends it. */
class SecretBody extends Body {
  readonly #content: string | Uint8Array | undefined
  #taken = false

  constructor(
    content: string | Uint8Array | undefined,
    override readonly contentType: string | undefined
  ) {
    super()
    this.#content = content
  }

  /** Asked for by whoever is about to send it. */
  override get _tag(): "Raw" | "Empty" {
    this.#taken = true
    return this.#content === undefined ? "Empty" : "Raw"
  }

  get body(): string | Uint8Array | undefined {
    return this.#content
  }

  override get contentLength(): number | undefined {
    const content = this.#content
    return typeof content === "string" ? Buffer.byteLength(content) : content?.length
  }

  /** Whether anyone was about to send it since this was last asked. */
  wasTaken(): boolean {
    const taken = this.#taken
    this.#taken = false
    return taken
  }

  override toJSON(): unknown {
    const { contentLength = 0, contentType } = this
    return { _id: "effect/HttpBody", contentType, contentLength }
  }
}

/** Hides a query, and whatever in a path may be a key. */
const withoutSecrets = (url: string): string =>
  url.replace(/[?#].*$/s, "?<redacted>").replace(/(?<=\/)(?=[^/?]*\d)[^/?]{20,}(?=[/?]|$)/g, "<redacted>")

const requestPrototype: object = Object.create(HttpClientRequest.get(""), {
  toJSON: {
    value(this: HttpClientRequest.HttpClientRequest) {
      const { body, headers, method, url } = this
      return {
        _id: "HttpClientRequest",
        method,
        url: withoutSecrets(url),
        headers: Redactable.redact(headers),
        body: body.toJSON()
      }
    }
  }
})

// Object.assign: a spread takes several times as long here, and the platform's constructors copy all headers once for
// each thing that is set.
const make = (
  method: string,
  url: string,
  headers: Headers.Headers,
  body: SecretBody
): HttpClientRequest.HttpClientRequest =>
  Object.assign(Object.create(requestPrototype), { method, url, headers, body })

/** A request before it is made. Its media type is in the headers. */
export interface Parts {
  readonly method: "GET" | "PUT" | "POST"
  readonly url: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** Who sends. */
export const userAgent = { "user-agent": "effect-sts" }

// What another program wants from its own servers, and what would change this exchange.
const notForUs =
  /^(accept|content|if|x-amz|x-acs)-|^(accept|authorization|expect|host|range|te|transfer-encoding)$/

const added = (headers: Headers.Headers): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !notForUs.test(name)))

// Where a client makes a GET of a request whose reply points elsewhere, it takes the body and some of these away.
const dropped = /^(content-.*|authorization|proxy-authorization|cookie)$/

const bytesOf = (body: HttpBody.HttpBody): string | Uint8Array | undefined =>
  body._tag === "Uint8Array" || body._tag === "Raw" ? (body.body as string | Uint8Array) : undefined

const whole = (request: HttpClientRequest.HttpClientRequest): string => urlOf(request) ?? request.url

/** A request, and what a decorated client makes of it. */
export class SecretRequest {
  private readonly body: SecretBody
  private sent: HttpClientRequest.HttpClientRequest
  private readonly mapped: Array<string> = []
  private last: HttpClientRequest.HttpClientRequest | undefined
  /** What has been sent already. */
  private before: HttpClientRequest.HttpClientRequest | undefined
  private repeated = false

  constructor(private readonly parts: Parts) {
    this.body = new SecretBody(parts.body, parts.headers["content-type"])
    this.sent = make(parts.method, parts.url, secretHeaders(userAgent, parts.headers), this.body)
  }

  /** As it is sent. */
  get request(): HttpClientRequest.HttpClientRequest {
    return this.sent
  }

  /** What a client's own steps see before the request is complete: no header in it is a secret. */
  get outline(): HttpClientRequest.HttpClientRequest {
    const { headers, method, url } = this.parts
    const plain = Object.entries(headers).filter(([name]) => !secretNames.test(name))
    return make(method, url, secretHeaders(userAgent, Object.fromEntries(plain)), this.body)
  }

  /**
   * Completes what a client has made of the outline. Headers that it adds stay, unless they would change the exchange;
   * ours are unchanged. If it asks for another URL, or sends another body, that counts.
   */
  complete(mapped: HttpClientRequest.HttpClientRequest): HttpClientRequest.HttpClientRequest {
    const { headers, method, url } = this.parts
    const elsewhere = mapped.url !== url && !mapped.url.endsWith(url)
    const another = mapped.body !== (this.body as unknown)
    this.mapped.length = 0
    if (elsewhere) this.mapped.push("the URL")
    if (another) this.mapped.push("the body")
    this.sent = make(
      method,
      elsewhere ? whole(mapped) : url,
      secretHeaders(userAgent, added(mapped.headers), headers),
      another ? new SecretBody(bytesOf(mapped.body), headers["content-type"]) : this.body
    )
    return this.sent
  }

  /**
   * Asked before a request goes out below a decorated client: whether it follows a redirect. A client may send its
   * requests elsewhere, and more than once; but what was sent to one address is sent to no other.
   */
  follows(request: HttpClientRequest.HttpClientRequest): boolean {
    const { body, headers, url } = request
    const ours: unknown = this.sent.body
    if (ours instanceof SecretBody && ours.wasTaken()) this.before = this.last
    const { before } = this
    if (body !== ours) return before !== undefined && this.isRemnant(headers)
    this.repeated = before !== undefined
    // A retry sends the same, or has it completed again; where a reply points back here, it is a copy.
    const copied = request !== before && headers === before?.headers
    if (before !== undefined && (copied || before.url !== url)) return true
    this.last = request
    return false
  }

  /** Whether these are the headers that were sent, except for those of a body and those for one address. */
  private isRemnant(headers: Headers.Headers): boolean {
    return Object.entries(this.sent.headers).every(
      ([name, value]) => headers[name] === value || dropped.test(name)
    )
  }

  /** What differs between the request and how it went out, in words. */
  changes(wire: HttpClientRequest.HttpClientRequest): ReadonlyArray<string> {
    const { body, headers, method, url } = this.sent
    const names = Object.keys(this.parts.headers).filter((name) => wire.headers[name] !== headers[name])
    return [
      ...new Set([
        ...this.mapped,
        ...(wire.method === method ? [] : ["the method"]),
        ...(whole(wire) === url ? [] : ["the URL"]),
        ...names.map((name) => `the header ${name}`),
        ...(wire.body === body ? [] : ["the body"]),
        ...(this.repeated ? ["how often it is sent"] : [])
      ])
    ]
  }
}

/**
 * Whether this package's HTTP clients go to a host themselves, whatever proxy there is. Metadata services are asked
 * this way: they give their secrets to whoever asks, and a proxy is another machine.
 */
export const DirectConnection = Context.Reference("effect-sts/DirectConnection", {
  defaultValue: () => false
})
