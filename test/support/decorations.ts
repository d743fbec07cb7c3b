/**
 * What applications do to the HttpClient of their own.
 */
import { inspect } from "node:util"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Schedule from "effect/Schedule"
import { type ClientError, responseOf } from "../../src/services/platformHttp.js"
import { refusedStatus } from "./clientErrors.js"
import { noCookies } from "./majors.js"

export type Decoration = (client: HttpClient.HttpClient) => HttpClient.HttpClient

/** One that changes what a client may fail with, which the layers of programs do not tell apart. */
export const loosely =
  <E, R>(decorate: (client: HttpClient.HttpClient) => HttpClient.HttpClient.With<E, R>): Decoration =>
  (client) =>
    decorate(client) as unknown as HttpClient.HttpClient

const soon = { times: 2, schedule: Schedule.spaced(1) }

/** Those whose own attempts are no more than the calls'. */
export const decorations: Readonly<Record<string, Decoration>> = {
  filterStatusOk: HttpClient.filterStatusOk,
  filterStatus: HttpClient.filterStatus((status) => status === 200),
  "filterStatusOk under a header map": (client) =>
    HttpClient.mapRequest(HttpClient.filterStatusOk(client), HttpClientRequest.setHeader("x-app", "1")),
  filterOrFail: (client) => HttpClient.filterOrFail(client, ({ status }) => status < 400, refusedStatus),
  "an error of the application's with the response in it": (client) =>
    HttpClient.transformResponse(
      client,
      Effect.flatMap((response) =>
        response.status < 400
          ? Effect.succeed(response)
          : Effect.fail({ _tag: "BadStatus", response } as unknown as ClientError)
      )
    ),
  "a filter whose errors are defects": loosely((client) =>
    HttpClient.transformResponse(HttpClient.filterStatusOk(client), (sent) => Effect.orDie(sent))
  ),
  "header maps": HttpClient.mapRequest((request) =>
    request.pipe(
      HttpClientRequest.bearerToken("of-the-application"),
      HttpClientRequest.acceptJson,
      HttpClientRequest.setHeaders({
        "content-type": "application/json",
        "x-amz-date": "20200101T000000Z",
        "x-amz-security-token": "of-the-application",
        "x-acs-date": "2020-01-01T00:00:00Z",
        "x-acs-signature-nonce": "1",
        "accept-encoding": "gzip",
        host: "elsewhere.test"
      })
    )
  ),
  "a map of each input": HttpClient.mapRequestInput(HttpClientRequest.setHeader("x-app", "1")),
  "a base URL": HttpClient.mapRequest(HttpClientRequest.prependUrl("https://api.example.com")),
  "a parameter of its own": HttpClient.mapRequest(HttpClientRequest.setUrlParam("api-version", "7")),
  "another method": HttpClient.mapRequest(HttpClientRequest.setMethod("PUT")),
  "steps that are effects": (client) =>
    client.pipe(
      HttpClient.mapRequestEffect((request) => Effect.delay(Effect.succeed(request), 1)),
      HttpClient.mapRequestInputEffect((request) => Effect.succeed(request)),
      HttpClient.tapRequest(() => Effect.void)
    ),
  followRedirects: HttpClient.followRedirects(5),
  cookies: (client) => HttpClient.withCookiesRef(client, noCookies()),
  "a time limit": HttpClient.transformResponse(
    Effect.timeoutOrElse({
      duration: "1 minute",
      orElse: () => Effect.fail({ _tag: "Slow" } as unknown as ClientError)
    })
  ),
  "tracing switched on": (client) =>
    client.pipe(
      HttpClient.transformResponse(Effect.provideService(HttpClient.TracerPropagationEnabled, true)),
      HttpClient.transformResponse(Effect.withSpan("around"))
    ),
  "tracing switched off": HttpClient.transformResponse(Effect.withTracerEnabled(false)),
  "what the reply says": HttpClient.tap((response) => Effect.ignore(response.text)),
  "a client around it": (client) =>
    HttpClient.make((request) => client.execute(HttpClientRequest.setHeader(request, "x-app", "1")))
}

/** Those that send a request again by themselves. */
export const repeating: Readonly<Record<string, Decoration>> = {
  retry: HttpClient.retry(soon),
  retryTransient: HttpClient.retryTransient(soon),
  "filterStatusOk and retry": (client) => HttpClient.retry(HttpClient.filterStatusOk(client), soon)
}

const texts = (value: object): ReadonlyArray<string> => [
  // Headers of the platform's have no text.
  Object.getPrototypeOf(Object.getPrototypeOf(value)) === null ? "" : String(value),
  inspect(value, { depth: null }),
  JSON.stringify(value) ?? ""
]

/** Prints whatever it can of each request, wherever a client can be stepped in. */
export const logging =
  (print: (text: string) => void): Decoration =>
  (client) => {
    const show = (...values: ReadonlyArray<object>): void => {
      for (const value of values) for (const text of texts(value)) print(text)
    }
    const shown = (request: HttpClientRequest.HttpClientRequest) => {
      const { body, headers } = request
      show(request, headers, body, { request })
      return request
    }
    const log = (request: HttpClientRequest.HttpClientRequest) =>
      Effect.log(request, { request }, request.headers).pipe(
        Effect.annotateLogs({ request, headers: request.headers, body: request.body }),
        Effect.tap(Effect.sync(() => shown(request)))
      )
    return client.pipe(
      HttpClient.transform((effect, request) => Effect.andThen(log(request), effect)),
      HttpClient.mapRequest(shown),
      HttpClient.tapRequest(log),
      HttpClient.mapRequest(HttpClientRequest.setHeader("x-app", "1")),
      HttpClient.mapRequest(shown),
      HttpClient.tapRequest(log),
      HttpClient.mapRequestInput((request) => shown(HttpClientRequest.setHeader(request, "x-input", "1"))),
      HttpClient.tap(({ request }) => log(request)),
      HttpClient.tapError((error) =>
        Effect.andThen(
          log(error.request),
          responseOf(error) === undefined
            ? Effect.andThen(
                Effect.logError(error),
                Effect.sync(() => show(error))
              )
            : Effect.void
        )
      )
    )
  }
