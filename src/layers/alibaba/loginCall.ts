/** What the services answer that give credentials to somebody who logged in. */

import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Json from "../../protocol/json.js"
import { excerpt } from "../../protocol/scrub.js"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import { type CredentialErrorReason, StsCredentialError } from "../../schemas/StsError.js"
import type { SourceError } from "../../services/CredentialSource.js"
import type { Reply } from "../../services/HttpReply.js"
import { sendRequest } from "../../services/SourceRequest.js"
import * as answer from "../metadata/answer.js"
import { read } from "./credentials.js"

/** Who is asked, and what is said where the login is over. */
export interface Asked extends answer.Asked {
  /** How errors call the request. */
  readonly operation: string
  /** How to log in anew. */
  readonly again: string
}

/** A request. */
export interface Request {
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

const passing = (status: number): boolean => status >= 500 || status === 429 || status === 408

// A token that is no longer good for anything; the services say so with 400 as well as with 401.
const overCodes =
  /^(invalid_grant|(expired|invalid)_(access_|refresh_)?token|.*(Expired|Invalid)\w*Token\w*|.*Token\w*(Expired|Invalid)\w*)$/

const reasonOf = (status: number, code: string | undefined): CredentialErrorReason => {
  if (passing(status)) return "Unavailable"
  return status === 401 || (status < 500 && code !== undefined && overCodes.test(code))
    ? "Expired"
    : "Refused"
}

const refused = (asked: Asked, reply: Reply): StsCredentialError => {
  if (reply.status >= 300 && reply.status < 400) return answer.refused(asked, reply)
  const refusal = refusalIn(reply.body)
  const reason = reasonOf(reply.status, refusal?.code)
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

/** Posts a request and gives the JSON object that it is answered with. */
export const post = (
  asked: Asked,
  request: Request
): Effect.Effect<Json.JsonObject, SourceError, HttpClient.HttpClient> =>
  Effect.gen(function* () {
    const reply = yield* sendRequest(yield* HttpClient.HttpClient, {
      cloud: asked.source.cloud,
      operation: asked.operation,
      method: "POST",
      timeout,
      pause,
      ...request
    }).pipe(Effect.mapError(answer.unanswered(asked)))
    if (reply.status !== 200) return yield* refused(asked, reply)
    return Json.parse(reply.body) ?? (yield* answer.foreign(asked, "it is not a JSON object"))
  })

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
