/**
 * A scripted HTTP client, and calls of Alibaba Cloud over it.
 */
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Alibaba from "../../src/alibaba.js"
import { makeBuffered } from "../../src/services/Client.js"
import { BufferedResponse, noReply } from "../../src/services/HttpReply.js"
import type { ClientError } from "../../src/services/platformHttp.js"

export interface Sent {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type Answer = (
  request: HttpClientRequest.HttpClientRequest,
  sent: Sent
) => Effect.Effect<BufferedResponse, ClientError>

const bodyOf = ({ body }: HttpClientRequest.HttpClientRequest): string => {
  if (body._tag === "Uint8Array") return new TextDecoder().decode(body.body)
  return body._tag === "Raw" ? String(body.body) : ""
}

/** An HTTP client that gives one answer after the other, the last one for good, and keeps what was sent. */
export const scripted = (...answers: ReadonlyArray<Answer>) => {
  const sent: Array<Sent> = []
  const client = makeBuffered((request) =>
    Effect.suspend(() => {
      const one = { url: request.url, headers: { ...request.headers }, body: bodyOf(request) }
      const answer = answers[Math.min(sent.length, answers.length - 1)]
      sent.push(one)
      return answer === undefined ? Effect.never : answer(request, one)
    })
  )
  return { sent, client, layer: Layer.succeed(HttpClient.HttpClient, client) }
}

export const reply =
  (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer =>
  (request) =>
    Effect.succeed(
      new BufferedResponse(
        request,
        status,
        { "content-type": "application/json;charset=utf-8", ...headers },
        new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body))
      )
    )

export const refusal = (
  status: number,
  code: string,
  message = "",
  headers?: Readonly<Record<string, string>>
) => reply(status, { RequestId: "REQ-1", HostId: "sts.aliyuncs.com", Code: code, Message: message }, headers)

export const fault =
  (code: string): Answer =>
  (request) =>
    Effect.fail(noReply(request, code))

export const never: Answer = () => Effect.never

export const identityDocument = {
  RequestId: "REQ-OK",
  IdentityType: "RAMUser",
  AccountId: "123456789012",
  PrincipalId: "2",
  UserId: "2",
  Arn: "acs:ram::123456789012:user/alice"
}

export const identity = reply(200, identityDocument)

/** A service that takes a second, and the most requests it ever had at once. */
export const busy = (fine: Answer = identity) => {
  const seen = { now: 0, most: 0 }
  const held = <A, E>(answer: Effect.Effect<A, E>) =>
    Effect.acquireUseRelease(
      Effect.sync(() => {
        seen.now++
        seen.most = Math.max(seen.most, seen.now)
      }),
      () => Effect.andThen(Effect.sleep("1 second"), answer),
      () => Effect.sync(() => seen.now--)
    )
  return { seen, held, http: scripted((request, sent) => held(fine(request, sent))) }
}

export const assumed = reply(200, {
  RequestId: "REQ-OK",
  Credentials: {
    AccessKeyId: "STS.Example",
    AccessKeySecret: "PLANTED-ISSUED-SECRET",
    SecurityToken: "PLANTED-ISSUED-TOKEN",
    Expiration: "2026-01-01T01:00:00Z"
  },
  AssumedRoleUser: { Arn: "acs:ram::123456789012:role/reader/report", AssumedRoleId: "3:report" }
})

export const secret = "PLANTED-ACCESS-KEY-SECRET"

export const signing = Layer.mergeAll(
  Alibaba.SignerAcs3.layer,
  Alibaba.Static.layer({ accessKeyId: "LTAI-EXAMPLE", accessKeySecret: secret })
)

export const runOver =
  (http: { readonly layer: Layer.Layer<HttpClient.HttpClient> }) =>
  <A, E>(effect: Effect.Effect<A, E, Alibaba.Signer | Alibaba.CredentialProvider | HttpClient.HttpClient>) =>
    Effect.provide(effect, Layer.merge(http.layer, signing))
