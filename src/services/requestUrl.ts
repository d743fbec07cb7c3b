/**
 * The whole URL of a request, whose parts the platform keeps apart.
 *
 * @since 0.1.0
 */
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as UrlParams from "@effect/platform/UrlParams"
import * as Either from "effect/Either"
import * as Option from "effect/Option"

/**
 * Where a request goes, parameters and all; `undefined` where its parts make no URL.
 *
 * @category accessors
 * @since 0.1.0
 */
export const urlOf = ({ hash, url, urlParams }: HttpClientRequest.HttpClientRequest): string | undefined =>
  urlParams.length === 0 && Option.isNone(hash)
    ? url
    : Either.match(UrlParams.makeUrl(url, urlParams, hash), { onLeft: () => undefined, onRight: String })

/**
 * The same, taken apart.
 *
 * @category accessors
 * @since 0.1.0
 */
export const parsedUrlOf = (request: HttpClientRequest.HttpClientRequest): URL | undefined => {
  const url = urlOf(request)
  return url !== undefined && URL.canParse(url) ? new URL(url) : undefined
}

/**
 * Members of a request all of whose URL is in `url`.
 *
 * @category constants
 * @since 0.1.0
 */
export const nothingApart = { urlParams: UrlParams.empty, hash: Option.none<string>() }
