/**
 * The tokens of somebody who logged in with the vendor's command line tool: renewed in time, and kept in its config file
 * for the tool to use.
 */

import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { renewalForm, renewed, type Site, sites } from "../../protocol/alibaba/oauth.js"
import type { OAuthTokens } from "../../protocol/alibaba/plan.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import type { SourceError } from "../../services/CredentialSource.js"
import * as answer from "../metadata/answer.js"
import { keep, type Memory, type Place, same, stored } from "./oauthStore.js"
import { type Asked, post } from "./signedIn.js"

/** Whose tokens, and where they are kept. */
export interface Login extends Place {
  readonly site: Site
  readonly asked: Asked
}

type Services = HttpClient.HttpClient | FileSystem.FileSystem

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
    detail: "the login is over",
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
