/**
 * Credentials for somebody who logged in to CloudSSO with the vendor's command line tool.
 *
 * Source: "Use Alibaba Cloud CLI to access CloudSSO", Alibaba Cloud CloudSSO User Guide.
 */

import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { loginHint } from "../../protocol/alibaba/cliPlan.js"
import type { Base } from "../../protocol/alibaba/plan.js"
import * as Json from "../../protocol/json.js"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import { StsConfigError, StsCredentialError } from "../../schemas/StsError.js"
import type { CredentialSource } from "../../services/CredentialSource.js"
import { httpAllowed, parse } from "../../services/Endpoint.js"
import { RequestPolicy } from "../../services/RequestPolicy.js"
import type { Source } from "../../services/SourceRequest.js"
import * as answer from "../metadata/answer.js"
import { provideCaptured } from "../platform.js"
import { type Asked, bearer, credentialsIn, post } from "./loginCall.js"

/**
 * The login, the account and access configuration to have credentials for, and where they were configured.
 */
export interface Options extends Omit<Extract<Base, { readonly _tag: "CloudSso" }>, "_tag" | "line"> {
  readonly where: Pick<Source, "file" | "line" | "profile">
}

const name = "CloudSSO"

const keys = {
  id: "AccessKeyId",
  secret: "AccessKeySecret",
  token: "SecurityToken",
  expiration: "Expiration"
} as const

// What else the URL holds is for the browser.
const originOf = (
  { signInUrl, where: { file, line } }: Options,
  http: boolean
): Result.Result<string, StsConfigError> => {
  const key = "cloud_sso_sign_in_url"
  const origin = URL.canParse(signInUrl) ? new URL(signInUrl).origin : "null"
  return origin === "null"
    ? Result.fail(new StsConfigError({ key, detail: "is not a URL with a scheme and a host", file, line }))
    : Result.mapBoth(parse(key, origin, undefined, { http, path: false }), {
        onFailure: ({ detail, hint }) => new StsConfigError({ key, detail, hint, file, line }),
        onSuccess: ({ host }) => `${new URL(origin).protocol}//${host}`
      })
}

/** Asks CloudSSO for credentials each time it is asked. A login that is over is `Expired`. */
export const make = (
  options: Options
): Effect.Effect<CredentialSource<Credentials>, never, HttpClient.HttpClient> =>
  Effect.map(provideCaptured<HttpClient.HttpClient>(), (withServices) => {
    const { accessConfiguration, accessToken, accessTokenExpire, accountId, profile, where } = options
    const source: Source = { cloud: "alibaba", source: name, ...where }
    const again = loginHint("CloudSSO", profile)
    const secrets = [Redacted.value(accessToken)]
    const asked: Asked = { source, service: "CloudSSO", operation: "cloud-credentials", again, secrets }
    const get = Effect.gen(function* () {
      if (accessTokenExpire * 1_000 <= (yield* Clock.currentTimeMillis)) {
        const detail = "the login has expired"
        return yield* new StsCredentialError({ ...source, reason: "Expired", detail, hint: again })
      }
      const { allowHttp } = yield* RequestPolicy
      const reply = yield* post(asked, {
        url: `${yield* Effect.fromResult(originOf(options, yield* httpAllowed(allowHttp)))}/cloud-credentials`,
        headers: {
          accept: "application/json",
          "content-type": "application/json",
          authorization: bearer(accessToken)
        },
        body: JSON.stringify({ AccountId: accountId, AccessConfigurationId: accessConfiguration }),
        attempts: 3
      })
      const credential = yield* Effect.fromResult(
        Result.mapError(Json.object(reply, "CloudCredential"), (what) =>
          answer.foreign(asked, Json.misfit(what).detail, "Malformed")
        )
      )
      // Older servers answer with the credential itself.
      return yield* Effect.fromResult(credentialsIn(asked, credential ?? reply, keys))
    })
    return { name, get: withServices(get) }
  })
