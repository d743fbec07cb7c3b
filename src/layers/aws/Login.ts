/**
 * Credentials of the user who signed in with `aws login`.
 *
 * @since 0.1.0
 */

import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as HttpClient from "effect/http/HttpClient"
import type * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { type LoginSession, parseLoginSession, renewedLoginSession } from "../../protocol/aws/signIn.js"
import type { Credentials } from "../../schemas/aws/Credentials.js"
import type { CredentialProvider } from "../../services/aws/CredentialProvider.js"
import { identityEndpoint } from "../../services/aws/Endpoint.js"
import type { CredentialSource } from "../../services/CredentialSource.js"
import { ConfiguredAt } from "../../services/SourceRequest.js"
import { blankIn, trimmed } from "../../services/setting.js"
import type { Place } from "../credentials.js"
import { fromConfig } from "../layerConfig.js"
import { provideCaptured } from "../platform.js"
import { read, refreshing } from "./credentials.js"
import { type Caller, failure, persistently } from "./identityCall.js"
import { createToken, fileOf, permit, source } from "./loginSession.js"
import { sessionIn } from "./TokenFile.js"

/**
 * Which session.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** The ARN of the user who signed in; `login_session`. */
  readonly loginSession: string
  /** Where the session is renewed, unless its file says so. `AWS_REGION`, `AWS_DEFAULT_REGION`, `region`. */
  readonly region?: string | undefined
  /** The sign-in service's URL, instead of the region's own. `AWS_ENDPOINT_URL_SIGNIN`. */
  readonly endpoint?: string | undefined
  /** Whether to use endpoints with FIPS 140 cryptography. Default: false. `AWS_USE_FIPS_ENDPOINT`. */
  readonly useFips?: boolean | undefined
  /** Whether to use endpoints with IPv6. Default: false. `AWS_USE_DUALSTACK_ENDPOINT`. */
  readonly useDualStack?: boolean | undefined
}

const keys: Place["keys"] = {
  id: "accessKeyId",
  secret: "secretAccessKey",
  token: "sessionToken",
  expiration: "expiresAt"
}

const renewed = (caller: Caller, session: LoginSession, url: string, now: number) =>
  Effect.flatMap(
    createToken(caller, url, session.dpopKey, JSON.stringify(Redacted.value(session.grant))),
    (body) =>
      Effect.mapError(Effect.fromResult(renewedLoginSession(session, body, now)), (fault) =>
        failure(caller, fault)
      )
  )

const endpointOf = (options: Options, { region = options.region }: LoginSession) =>
  identityEndpoint("signin", {
    ...options,
    region: region === undefined ? undefined : { key: "region", value: region }
  })

/**
 * Gives the credentials that `aws login` keeps. In their last 5 minutes they are renewed, with a proof of possession of
 * the session's key, and written back for AWS's tools to use. A missing or expired session is `Expired`, with the
 * command that signs in again.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (
  given: Options
): Effect.Effect<CredentialSource<Credentials>, never, HttpClient.HttpClient | FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const options = trimmed(given, "loginSession")
    const blank = blankIn(options, "loginSession")
    const withServices = yield* provideCaptured<HttpClient.HttpClient | FileSystem.FileSystem>()
    const where = yield* ConfiguredAt
    const caller: Caller = {
      client: yield* HttpClient.HttpClient,
      source: { cloud: "aws", source, ...where },
      service: "AWS Sign-In",
      command: where.profile === undefined ? "aws login" : `aws login --profile ${where.profile}`,
      permit
    }
    const renew = (session: LoginSession, now: number) =>
      Effect.flatMap(endpointOf(options, session), (endpoint) =>
        persistently(renewed(caller, session, `${endpoint}v1/token`, now))
      )
    const get = yield* sessionIn<LoginSession>({
      source: caller.source,
      command: caller.command,
      file: fileOf(options.loginSession),
      parse: parseLoginSession,
      renew
    })
    const origin = `${source} of ${options.loginSession}`
    const place: Place = { source, origin, keys, profile: where.profile }
    return {
      name: source,
      get: Effect.flatMap(blank ?? withServices(get), (session) =>
        Effect.fromResult(read(place, Redacted.value(session.keys)))
      )
    }
  })

/**
 * The session's credentials alone, renewed in time.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (
  options: Options
): Layer.Layer<CredentialProvider, never, HttpClient.HttpClient | FileSystem.FileSystem> =>
  refreshing(make(options))

/**
 * The same as {@link layer}, with options that the configuration states: each may be a `Config`. A setting that is missing
 * or wrong is a `StsConfigError` that names the option.
 *
 * @category layers
 * @since 4.0.0
 */
export const layerConfig = /* @__PURE__ */ fromConfig(layer)
