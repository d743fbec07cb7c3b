/**
 * The answers of the services that give credentials to a person who has logged in with the vendor's command line tool,
 * and the tokens of OAuth: renewed in time and kept in the tool's config file, whose other settings stay as they are.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Semaphore from "effect/Semaphore"
import { loginRemedyOf } from "../../protocol/alibaba/errorCodes.js"
import { type Renewed, renewalForm, renewed, type Site, sites } from "../../protocol/alibaba/login.js"
import type { OAuthTokens } from "../../protocol/alibaba/plan.js"
import { tokensIn, withTokens } from "../../protocol/alibaba/profileEdit.js"
import { formType } from "../../protocol/encoding.js"
import * as Json from "../../protocol/json.js"
import { isRedirect, reasonOf } from "../../protocol/retry.js"
import { excerpt } from "../../protocol/scrub.js"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import { StsConfigError, StsCredentialError } from "../../schemas/StsError.js"
import type { Reply } from "../../services/Client.js"
import type { SourceError } from "../../services/CredentialSource.js"
import { parse } from "../../services/Endpoint.js"
import { type Source, sendRequest } from "../../services/SourceRequest.js"
import { type Asked as AskedService, foreignReply, refusedReply, unanswered } from "../credentials.js"
import { readText, write } from "../PrivateFile.js"
import { read } from "./credentials.js"

/** The service that is asked, and what to say where the login has expired. */
export interface Asked extends AskedService {
  /** How errors call the request. */
  readonly operation: string
  /** How to log in anew. */
  readonly again: string
}

/** A request. */
export interface Request {
  /** Default: `POST`. */
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
  if (isRedirect(reply.status)) return refusedReply(asked, reply)
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
      unanswered(asked)
    )
  )

/** The JSON object that a reply is. */
export const objectIn = (asked: Asked, reply: Reply): Effect.Effect<Json.JsonObject, StsCredentialError> => {
  if (reply.status !== 200) return Effect.fail(refused(asked, reply))
  const object = Json.parse(reply.body)
  return object === undefined
    ? Effect.fail(foreignReply(asked, "it is not a JSON object"))
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
  const other = ({ detail, reason }: Json.Misfit) => foreignReply(asked, detail, reason)
  return Result.gen(function* () {
    const found = yield* Result.mapError(Json.texts(object, keys), (what) => other(Json.misfit(what)))
    const missing = fields.find((field) => found[field] === undefined)
    if (missing !== undefined) return yield* Result.fail(other(Json.lacking(keys[missing])))
    return yield* Result.mapError(read({ source: asked.source.source, keys }, found), ({ detail }) =>
      foreignReply(asked, detail)
    )
  })
}

/** A profile of a file. */
interface Place {
  readonly file: string
  readonly profile: string
}

/**
 * What to remember of a profile's tokens from one use to the next. Code that makes sources anew keeps one for each
 * profile.
 */
export class Memory {
  /** One use of the tokens at a time. */
  readonly turn = Semaphore.makeUnsafe(1)
  /** Tokens that could not be written, and the refresh token that the file still has instead of theirs. */
  unwritten: { readonly over: Redacted.Redacted; readonly tokens: OAuthTokens } | undefined
}

/** The memory of a profile's tokens, where the maker of the source keeps one. */
export const KeptMemory = Context.Reference("effect-sts/alibaba/OAuthMemory", {
  defaultValue: (): Memory | undefined => undefined
})

/** Whether two tokens are there and the same. */
const same = (a: Redacted.Redacted | undefined, b: Redacted.Redacted | undefined): boolean =>
  a !== undefined && b !== undefined && Redacted.value(a) === Redacted.value(b)

/**
 * The file as it is now, because another program may have renewed the tokens; undefined where they are no longer there.
 */
const stored = (
  { file, profile }: Place,
  { unwritten }: Memory
): Effect.Effect<
  { readonly text: string; readonly tokens: OAuthTokens } | undefined,
  never,
  FileSystem.FileSystem
> =>
  Effect.flatMap(FileSystem.FileSystem, (fs) => Effect.option(readText(fs, file))).pipe(
    Effect.map((text) => {
      const tokens = text._tag === "None" ? undefined : tokensIn(text.value, profile)
      if (text._tag === "None" || tokens === undefined) return undefined
      const held = unwritten !== undefined && same(unwritten.over, tokens.refreshToken)
      return { text: text.value, tokens: held ? unwritten.tokens : tokens }
    })
  )

/** Writes tokens that were got for a refresh token, or remembers them where that cannot be done. */
const keep = (
  place: Place,
  memory: Memory,
  used: Redacted.Redacted,
  tokens: Renewed
): Effect.Effect<void, never, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const fs = yield* FileSystem.FileSystem
    const found = yield* stored(place, memory)
    // The person has logged in again in the meantime: those tokens must not be lost.
    if (found !== undefined && !same(found.tokens.refreshToken, used)) return
    const next = found === undefined ? undefined : withTokens(found.text, place.profile, tokens)
    const written = next === undefined ? false : yield* Effect.isSuccess(write(fs, place.file, next))
    const { unwritten } = memory
    memory.unwritten = undefined
    if (written) return
    const held = unwritten !== undefined && same(unwritten.tokens.refreshToken, used)
    memory.unwritten = { over: held ? unwritten.over : used, tokens }
    yield* Effect.logWarning(
      `${place.file} could not be written: the new tokens of profile ${place.profile} are lost to other programs, which may have to log in again`
    )
  })

/** Whose tokens, and where they are kept. */
export interface Login extends Place {
  readonly site: Site
  readonly asked: Asked
}

/** What renewing takes. */
export type Services = HttpClient.HttpClient | FileSystem.FileSystem

const window = 1_200_000

/** The access token, if it lasts longer than this. */
const usable = (
  { accessToken, accessTokenExpiration }: OAuthTokens,
  now: number,
  margin: number
): Redacted.Redacted | undefined =>
  accessTokenExpiration !== undefined && DateTime.toEpochMillis(accessTokenExpiration) - now > margin
    ? accessToken
    : undefined

const over = ({ asked }: Login): StsCredentialError =>
  new StsCredentialError({
    ...asked.source,
    reason: "Expired",
    detail: "the login has expired",
    hint: asked.again
  })

/** Nothing comes between the reply and the file: the old tokens may be worth nothing any more. */
const renew = (
  login: Login,
  memory: Memory,
  refreshToken: Redacted.Redacted | undefined
): Effect.Effect<Redacted.Redacted, SourceError, Services> => {
  if (refreshToken === undefined) return over(login)
  const secrets = [Redacted.value(refreshToken)]
  const asked = { ...login.asked, operation: "token", secrets }
  const request = post(asked, {
    url: `${sites[login.site].url}/v1/token`,
    headers: { accept: "application/json", "content-type": formType },
    body: renewalForm(login.site, refreshToken),
    // A reply that got lost may have used the refresh token up.
    attempts: 1
  })
  return Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const reply = yield* restore(request)
      const now = yield* Clock.currentTimeMillis
      const tokens = yield* Effect.fromResult(
        Result.mapError(renewed(reply, refreshToken, now), ({ detail, reason }) =>
          foreignReply(asked, detail, reason)
        )
      )
      yield* keep(login, memory, refreshToken, tokens)
      return tokens.accessToken
    })
  )
}

/** What one program could not renew, another may have renewed at the same time; else a token is used to its end. */
const without = (
  login: Login,
  memory: Memory,
  tried: OAuthTokens,
  refused: Redacted.Redacted | undefined,
  failure: SourceError
): Effect.Effect<Redacted.Redacted, SourceError, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    const token = usable((yield* stored(login, memory))?.tokens ?? tried, now, 0)
    return token === undefined || same(token, refused) ? yield* failure : token
  })

/**
 * An access token to use now. With 20 minutes or less to its end, or where a service refused it, it is renewed: by one
 * caller at a time.
 */
export const accessToken = (
  login: Login,
  memory: Memory,
  planned: OAuthTokens,
  refused?: Redacted.Redacted
): Effect.Effect<Redacted.Redacted, SourceError, Services> =>
  Effect.gen(function* () {
    const tokens = (yield* stored(login, memory))?.tokens ?? planned
    const now = yield* Clock.currentTimeMillis
    const token = usable(tokens, now, window)
    if (token !== undefined && !same(token, refused)) return token
    return yield* Effect.catch(renew(login, memory, tokens.refreshToken), (failure) =>
      without(login, memory, tokens, refused, failure)
    )
  }).pipe(memory.turn.withPermits(1))
