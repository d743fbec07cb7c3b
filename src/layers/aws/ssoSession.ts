/** Tokens of IAM Identity Center, as `aws sso login` keeps them. */

import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import { fileName } from "../../protocol/aws/identityServices.js"
import { type Grant, parseSsoToken, renewedSsoToken, type SsoToken } from "../../protocol/aws/signIn.js"
import { type StsConfigError, StsCredentialError } from "../../schemas/StsError.js"
import { identityEndpoint } from "../../services/aws/Endpoint.js"
import type { SourceError } from "../../services/CredentialSource.js"
import { ConfiguredAt, type Where } from "../../services/SourceRequest.js"
import { blankIn, trimmed } from "../../services/setting.js"
import { below, here, located } from "../HomeDirectory.js"
import { provideCaptured } from "../platform.js"
import { type Caller, failure, once, persistently } from "./identityCall.js"
import { sessionIn } from "./TokenFile.js"

/** Where a person signs in. */
export interface Options {
  /** The portal's URL; `sso_start_url`. */
  readonly startUrl: string
  /** The region of Identity Center; `sso_region`. */
  readonly region: string
  /** The name of the `[sso-session]`. Without it, the token is one that cannot be renewed, as older tools keep it. */
  readonly sessionName?: string | undefined
  /** The token service's URL, instead of the region's own. `AWS_ENDPOINT_URL_SSO_OIDC`. */
  readonly tokenEndpoint?: string | undefined
  /** Whether to use endpoints with FIPS 140 cryptography. Default: false. `AWS_USE_FIPS_ENDPOINT`. */
  readonly useFips?: boolean | undefined
  /** Whether to use endpoints with IPv6. Default: false. `AWS_USE_DUALSTACK_ENDPOINT`. */
  readonly useDualStack?: boolean | undefined
}

/** A token, and when it ends. */
export interface BearerToken {
  /** What the portal is asked with. */
  readonly token: Redacted.Redacted
  /** When it ends. */
  readonly expiration: DateTime.Utc
}

/** Gives the token to use now. */
export interface TokenSource {
  /** What errors call it. */
  readonly name: string
  /** The token, renewed first where that is due. */
  readonly get: Effect.Effect<BearerToken, SourceError>
}

/** How errors call IAM Identity Center. */
export const source = "SSO"

/** What signs in again. */
export const signInWith = ({ sessionName }: Options, { profile }: Where): string => {
  if (sessionName !== undefined) return `aws sso login --sso-session ${sessionName}`
  return profile === undefined ? "aws sso login" : `aws sso login --profile ${profile}`
}

const unknownHome = () =>
  new StsCredentialError({
    cloud: "aws",
    source,
    reason: "Unreadable",
    key: "HOME",
    detail: "the home directory, where tokens are kept, is unknown",
    hint: "Set HOME."
  })

/** The file that keeps the token. */
export const fileOf = ({ sessionName, startUrl }: Options): Effect.Effect<string, SourceError> =>
  Effect.flatMap(
    located(here),
    (env): Effect.Effect<string, SourceError> =>
      Effect.mapError(
        Effect.fromNullishOr(
          below(env, here, ".aws", "sso", "cache", fileName("sha1", sessionName ?? startUrl))
        ),
        unknownHome
      )
  )

/** The region, and where it is stated. */
export const regionOf = ({ region }: Options, { stated }: Where) => ({
  key: "sso_region",
  value: region,
  ...stated?.["region"]
})

/** The token service's URL, which ends with a slash. */
export const endpointOf = (options: Options, where: Where): Effect.Effect<string, StsConfigError> => {
  const { tokenEndpoint: endpoint, useDualStack, useFips } = options
  return identityEndpoint("oidc", { region: regionOf(options, where), endpoint, useDualStack, useFips })
}

const createToken = (
  options: Options,
  caller: Caller,
  token: SsoToken,
  grant: Redacted.Redacted<Grant>,
  now: number
) =>
  Effect.gen(function* () {
    const body = yield* once(caller, {
      operation: "CreateToken",
      method: "POST",
      url: `${yield* endpointOf(options, caller.source)}token`,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(Redacted.value(grant))
    })
    return yield* Effect.mapError(Effect.fromResult(renewedSsoToken(token, body, now)), (fault) =>
      failure(caller, fault)
    )
  })

const required = ["startUrl", "region"] as const

const canBeRenewed = ({ sessionName }: Options, { grantExpiresAt }: SsoToken, now: number): boolean =>
  sessionName !== undefined && (grantExpiresAt === undefined || grantExpiresAt > now)

/**
 * Reads the token each time it is asked. With a session's name it is renewed within 5 minutes of its end, and written
 * back for AWS's tools to use. A token that is missing or over is `Expired`, with the command that signs in again.
 */
export const make = (
  given: Options
): Effect.Effect<TokenSource, never, HttpClient.HttpClient | FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const options = trimmed(given, ...required)
    const blank = blankIn(options, ...required)
    const withServices = yield* provideCaptured<HttpClient.HttpClient | FileSystem.FileSystem>()
    const where = yield* ConfiguredAt
    const caller: Caller = {
      client: yield* HttpClient.HttpClient,
      source: { cloud: "aws", source, ...where },
      service: "the token service",
      command: signInWith(options, where)
    }
    const get = yield* sessionIn<SsoToken>({
      source: caller.source,
      command: caller.command,
      file: fileOf(options),
      parse: parseSsoToken,
      renew: (token, now) =>
        token.grant !== undefined && canBeRenewed(options, token, now)
          ? persistently(createToken(options, caller, token, token.grant, now))
          : undefined
    })
    return {
      name: source,
      get: Effect.map(blank ?? withServices(get), ({ accessToken, expiresAt }) => ({
        token: accessToken,
        expiration: DateTime.makeUnsafe(expiresAt)
      }))
    }
  })
