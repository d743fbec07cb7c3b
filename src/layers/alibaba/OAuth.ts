/** Credentials for somebody who logged in with OAuth in the vendor's command line tool. */

import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import { loginHint } from "../../protocol/alibaba/cliPlan.js"
import { sites } from "../../protocol/alibaba/oauth.js"
import type { Base } from "../../protocol/alibaba/plan.js"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import type { CredentialSource, SourceError } from "../../services/CredentialSource.js"
import type { Source } from "../../services/failedCall.js"
import { captured } from "../captured.js"
import { accessToken, type Login } from "./OAuthTokens.js"
import type { Memory } from "./oauthStore.js"
import { type Asked, bearer, credentialsIn, post } from "./signedIn.js"

/** The login, and where it was configured. */
export interface Options extends Omit<Extract<Base, { readonly _tag: "OAuth" }>, "_tag" | "line"> {
  readonly file: string
  readonly line: number
  readonly memory: Memory
}

type Services = HttpClient.HttpClient | FileSystem.FileSystem

const name = "OAuth"

const keys = {
  id: "accessKeyId",
  secret: "accessKeySecret",
  token: "securityToken",
  expiration: "expiration"
} as const

const exchange = (
  { asked, site }: Login,
  token: Redacted.Redacted
): Effect.Effect<Credentials, SourceError, HttpClient.HttpClient> => {
  const about: Asked = { ...asked, secrets: [Redacted.value(token)] }
  return post(about, {
    url: `${sites[site].url}/v1/exchange`,
    headers: {
      accept: "application/json",
      "content-type": "application/json",
      authorization: bearer(token)
    },
    attempts: 3
  }).pipe(Effect.flatMap((reply) => Effect.fromResult(credentialsIn(about, reply, keys))))
}

const isOver = (error: SourceError): boolean =>
  error instanceof StsCredentialError && error.reason === "Expired"

/**
 * Exchanges the access token for credentials each time it is asked. One that is refused is renewed once; a login that is
 * over is `Expired`.
 */
export const make = ({
  file,
  line,
  memory,
  profile,
  site,
  tokens: planned
}: Options): Effect.Effect<CredentialSource<Credentials>, never, Services> =>
  Effect.map(captured<Services>(), (withServices) => {
    const source: Source = { cloud: "alibaba", source: name, file, line, profile }
    const again = loginHint("OAuth", profile)
    const asked: Asked = { source, service: "the OAuth service", operation: "exchange", again }
    const login: Login = { site, file, profile, asked }
    const get = Effect.gen(function* () {
      const token = yield* accessToken(login, memory, planned)
      return yield* Effect.catchIf(exchange(login, token), isOver, () =>
        Effect.flatMap(accessToken(login, memory, planned, token), (next) => exchange(login, next))
      )
    })
    return { name, get: withServices(get) }
  })
