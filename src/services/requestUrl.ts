/** The whole URL of a request, whose parts the platform keeps apart. */

import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Url from "effect/http/Url"
import * as UrlParams from "effect/http/UrlParams"
import * as Option from "effect/Option"
import * as Result from "effect/Result"

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
export const nothingApart = { urlParams: UrlParams.empty, hash: Option.none<string>() }
