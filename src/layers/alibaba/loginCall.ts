/** What the services answer that give credentials to somebody who logged in. */

import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { loginRemedyOf } from "../../protocol/alibaba/errorCodes.js"
import * as Json from "../../protocol/json.js"
import { isRedirect, reasonOf } from "../../protocol/retry.js"
import { excerpt } from "../../protocol/scrub.js"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import { StsConfigError, StsCredentialError } from "../../schemas/StsError.js"
import type { Reply } from "../../services/Client.js"
import type { SourceError } from "../../services/CredentialSource.js"
import { parse } from "../../services/Endpoint.js"
import { type Source, sendRequest } from "../../services/SourceRequest.js"
import * as answer from "../metadata/answer.js"
import { read } from "./credentials.js"

/** Who is asked, and what is said where the login has expired. */
export interface Asked extends answer.Asked {
  /** How errors call the request. */
  readonly operation: string
  /** How to log in anew. */
  readonly again: string
}

/** A request. */
export interface Request {
  /** `POST` where left out. */
  readonly method?: "GET" | "POST" | undefined
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  readonly attempts: number
}

const timeout = 10_000
const pause = 1_000

const wellFormedCode = /^[\w.:-]{1,100}$/

const refusalIn = (body: string): { readonly code: string; readonly words: string } | undefined => {
  const json = Json.parse(body) ?? {}
  const code = Json.textIfAny(json, "ErrorCode") ?? Json.textIfAny(json, "error")
  if (code === undefined || !wellFormedCode.test(code)) return undefined
  const words = Json.textIfAny(json, "ErrorMessage") ?? Json.textIfAny(json, "error_description")
  return { code, words: words ?? "" }
}

/** The code of a reply that refuses, if it states one. */
export const codeIn = (reply: Reply): string | undefined => refusalIn(reply.body)?.code

/** The error for a reply that gives nothing. */
export const refused = (asked: Asked, reply: Reply): StsCredentialError => {
  if (isRedirect(reply.status)) return answer.refused(asked, reply)
  const refusal = refusalIn(reply.body)
  const reason = reasonOf(loginRemedyOf(refusal?.code ?? "", reply.status))
  const words =
    refusal === undefined ? "" : excerpt(refusal.words.trim().replace(/\.$/, ""), asked.secrets ?? [])
  return new StsCredentialError({
    ...asked.source,
    reason,
    detail: [
      `${asked.service} answered HTTP ${reply.status}`,
      refusal === undefined ? "" : `, ${refusal.code}`,
      words === "" ? "" : ` (${words})`
    ].join(""),
    hint: reason === "Expired" ? asked.again : undefined
  })
}

/** Sends a request, and gives whatever the answer is. */
export const ask = (
  asked: Asked,
  { method = "POST", ...request }: Request
): Effect.Effect<Reply, SourceError, HttpClient.HttpClient> =>
  Effect.flatMap(HttpClient.HttpClient, (client) =>
    Effect.mapError(
      sendRequest(client, {
        cloud: asked.source.cloud,
        operation: asked.operation,
        method,
        timeout,
        pause,
        ...request
      }),
      answer.unanswered(asked)
    )
  )

/** The JSON object that a reply is. */
export const objectIn = (asked: Asked, reply: Reply): Effect.Effect<Json.JsonObject, StsCredentialError> => {
  if (reply.status !== 200) return Effect.fail(refused(asked, reply))
  const object = Json.parse(reply.body)
  return object === undefined
    ? Effect.fail(answer.foreign(asked, "it is not a JSON object"))
    : Effect.succeed(object)
}

/** Sends a request, and gives the JSON object that it is answered with. */
export const post = (
  asked: Asked,
  request: Request
): Effect.Effect<Json.JsonObject, SourceError, HttpClient.HttpClient> =>
  Effect.flatMap(ask(asked, request), (reply) => objectIn(asked, reply))

/** Where CloudSSO answers: what else the URL holds is for the browser. */
export const originOf = (
  signInUrl: string,
  { file, line }: Pick<Source, "file" | "line">,
  http: boolean
): Result.Result<string, StsConfigError> => {
  const key = file === undefined ? "signInUrl" : "cloud_sso_sign_in_url"
  const origin = URL.canParse(signInUrl) ? new URL(signInUrl).origin : "null"
  return origin === "null"
    ? Result.fail(new StsConfigError({ key, detail: "is not a URL with a scheme and a host", file, line }))
    : Result.mapBoth(parse(key, origin, undefined, { http, path: false }), {
        onFailure: ({ detail, hint }) => new StsConfigError({ key, detail, hint, file, line }),
        onSuccess: ({ host }) => `${new URL(origin).protocol}//${host}`
      })
}

/** A token as a header carries it. */
export const bearer = (token: Redacted.Redacted): string => `Bearer ${Redacted.value(token)}`

const fields = ["id", "secret", "token", "expiration"] as const

/** The credentials that an object states, which always end. */
export const credentialsIn = (
  asked: Asked,
  object: Json.JsonObject,
  keys: { readonly id: string; readonly secret: string; readonly token: string; readonly expiration: string }
): Result.Result<Credentials, StsCredentialError> => {
  const other = ({ detail, reason }: Json.Misfit) => answer.foreign(asked, detail, reason)
  return Result.gen(function* () {
    const found = yield* Result.mapError(Json.texts(object, keys), (what) => other(Json.misfit(what)))
    const missing = fields.find((field) => found[field] === undefined)
    if (missing !== undefined) return yield* Result.fail(other(Json.lacking(keys[missing])))
    return yield* Result.mapError(read({ source: asked.source.source, keys }, found), ({ detail }) =>
      answer.foreign(asked, detail)
    )
  })
}
