/**
 * Role credentials from IAM Identity Center, for the user who signed in.
 *
 * @since 0.1.0
 */

import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import { identity } from "effect/Function"
import * as HttpClient from "effect/http/HttpClient"
import type * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { roleCredentialsIn, roleCredentialsUrl } from "../../protocol/aws/signIn.js"
import type { Credentials } from "../../schemas/aws/Credentials.js"
import type { CredentialProvider } from "../../services/aws/CredentialProvider.js"
import { identityEndpoint } from "../../services/aws/Endpoint.js"
import type { CredentialSource } from "../../services/CredentialSource.js"
import { ConfiguredAt } from "../../services/SourceRequest.js"
import { blankIn, trimmed } from "../../services/setting.js"
import type { Place } from "../credentials.js"
import { fromConfig } from "../layerConfig.js"
import { provideCaptured } from "../platform.js"
import { trying } from "../roleSource.js"
import { read, refreshing } from "./credentials.js"
import { type Caller, failure, once, persistently } from "./identityCall.js"
import * as SsoSession from "./ssoSession.js"

/**
 * Which role, and where a person signs in for it.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options extends SsoSession.Options {
  /** The account the role is in: 12 digits. */
  readonly accountId: string
  /** The role's name, which is that of a permission set. */
  readonly roleName: string
  /** The portal's URL, instead of the region's own. `AWS_ENDPOINT_URL_SSO`. */
  readonly endpoint?: string | undefined
}

const keys: Place["keys"] = {
  id: "accessKeyId",
  secret: "secretAccessKey",
  token: "sessionToken",
  expiration: "expiration"
}

const required = ["startUrl", "region", "accountId", "roleName"] as const

const unassigned = ({ accountId, roleName }: Options): string =>
  `Check that role ${roleName} of account ${accountId} is assigned to the user who signed in.`

/**
 * Gets the role's credentials with the token that `aws sso login` keeps, which is renewed and written back where that
 * is possible. A missing or expired token is `Expired`, with the command that signs in again.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (
  given: Options
): Effect.Effect<CredentialSource<Credentials>, never, HttpClient.HttpClient | FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const options = trimmed(given, ...required)
    const blank = blankIn(options, ...required)
    const withServices = yield* provideCaptured<HttpClient.HttpClient | FileSystem.FileSystem>()
    const signedIn = yield* SsoSession.make(options)
    const where = yield* ConfiguredAt
    const { accountId, roleName } = options
    const caller: Caller = {
      client: yield* HttpClient.HttpClient,
      source: { cloud: "aws", source: SsoSession.source, ...where },
      service: "the portal",
      command: SsoSession.signInWith(options, where),
      permit: () => unassigned(options)
    }
    const place: Place = {
      source: SsoSession.source,
      origin: `${SsoSession.source} role ${roleName} in ${accountId}`,
      keys,
      file: where.file,
      profile: where.profile,
      lineOf: () => where.line
    }
    const region = SsoSession.regionOf(options, where)
    const get = Effect.gen(function* () {
      const portal = yield* identityEndpoint("portal", { ...options, region })
      const ask = (token: Redacted.Redacted) =>
        persistently(
          once(caller, {
            operation: "GetRoleCredentials",
            method: "GET",
            url: roleCredentialsUrl(portal, accountId, roleName),
            headers: { "x-amz-sso_bearer_token": Redacted.value(token), accept: "application/json" }
          })
        )
      const token = Effect.map(signedIn.get, (bearer) => bearer.token)
      const body = yield* trying(token, identity, ask)
      const issued = yield* Effect.fromResult(
        Result.mapError(roleCredentialsIn(body), (fault) => failure(caller, fault))
      )
      return yield* Effect.fromResult(read(place, { ...issued, accountId }))
    })
    return { name: SsoSession.source, get: blank ?? withServices(get) }
  })

/**
 * The role's credentials alone, renewed in time.
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
