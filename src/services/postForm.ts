/**
 * The one kind of HTTP request that is made.
 *
 * @since 0.1.0
 */
import * as Headers from "@effect/platform/Headers"
import * as HttpBody from "@effect/platform/HttpBody"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"

const template = HttpClientRequest.post("/")
const headersPrototype: object = Object.getPrototypeOf(Headers.empty)

/**
 * The media type of every request.
 *
 * @category constants
 * @since 0.1.0
 */
export const formType = "application/x-www-form-urlencoded"

const everyRequest = { "content-type": formType, "user-agent": "effect-sts" }

/**
 * A POST of a form. The platform's own constructors copy all headers once for each thing that is set, which costs more
 * than signing the request; this derives from one of their requests instead.
 *
 * @category constructors
 * @since 0.1.0
 */
export const postForm = (
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string
): HttpClientRequest.HttpClientRequest =>
  Object.assign(Object.create(template), {
    url,
    // Object.assign: a spread takes several times as long here.
    headers: Object.assign(Object.create(headersPrototype), everyRequest, headers),
    body: HttpBody.raw(body, { contentType: formType, contentLength: body.length })
  })
