/**
 * The tokens of somebody who logged in with the vendor's command line tool (OAuth): renewed in time and kept in the tool's
 * config file, whose other settings stay as they are.
 */

import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Semaphore from "effect/Semaphore"
import {
  type Renewed,
  renewalForm,
  renewed,
  type Site,
  sites,
  tokensIn,
  withTokens
} from "../../protocol/alibaba/cliConfig.js"
import type { OAuthTokens } from "../../protocol/alibaba/plan.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import type { SourceError } from "../../services/CredentialSource.js"
import * as answer from "../metadata/answer.js"
import { write } from "../PrivateFile.js"
import * as TextFile from "../textFile.js"
import { type Asked, post } from "./loginCall.js"

/** A profile of a file. */
interface Place {
  readonly file: string
  readonly profile: string
}

/**
 * What is to be known of a profile's tokens from one time they are used to the next. Whoever makes sources anew keeps
 * one for each profile.
 */
export class Memory {
  readonly turn = Semaphore.makeUnsafe(1)
  /** Tokens that could not be written, and the refresh token that the file still has instead of theirs. */
  unwritten: { readonly over: Redacted.Redacted; readonly tokens: OAuthTokens } | undefined
}

/** The memory of a profile's tokens, where whoever makes the source keeps one. */
export const KeptMemory = Context.Reference("effect-sts/alibaba/OAuthMemory", {
  defaultValue: (): Memory | undefined => undefined
})

/** Whether two tokens are there and the same. */
const same = (a: Redacted.Redacted | undefined, b: Redacted.Redacted | undefined): boolean =>
  a !== undefined && b !== undefined && Redacted.value(a) === Redacted.value(b)

/**
 * The file as it is now, because another program may have renewed the tokens; nothing where they are no longer there.
 */
const stored = (
  { file, profile }: Place,
  { unwritten }: Memory
): Effect.Effect<
  { readonly text: string; readonly tokens: OAuthTokens } | undefined,
  never,
  FileSystem.FileSystem
> =>
  Effect.flatMap(FileSystem.FileSystem, (fs) => Effect.option(TextFile.read(fs, file))).pipe(
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
    // Somebody logged in anew meanwhile: what they have is not to be lost.
    if (found !== undefined && !same(found.tokens.refreshToken, used)) return
    const next = found === undefined ? undefined : withTokens(found.text, place.profile, tokens)
    const written = next === undefined ? false : yield* Effect.isSuccess(write(fs, place.file, next))
    const { unwritten } = memory
    memory.unwritten = undefined
    if (written) return
    const held = unwritten !== undefined && same(unwritten.tokens.refreshToken, used)
    memory.unwritten = { over: held ? unwritten.over : used, tokens }
    yield* Effect.logWarning(
      `${place.file} could not be written: other programs have lost the tokens of profile ${place.profile}, and may have to log in again`
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
  { accessToken, accessTokenExpire = 0 }: OAuthTokens,
  now: number,
  margin: number
): Redacted.Redacted | undefined => (accessTokenExpire * 1_000 - now > margin ? accessToken : undefined)

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
    headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
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
          answer.foreign(asked, detail, reason)
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
