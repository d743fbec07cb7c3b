/**
 * Tokens of IAM Identity Center: those that `aws sso login` keeps, for services that take a token instead of a signature
 * and for the credentials of a role.
 *
 * @since 0.1.0
 */
import type * as FileSystem from "@effect/platform/FileSystem"
import * as HttpClient from "@effect/platform/HttpClient"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { fileName } from "../../protocol/aws/cachedSession.js"
import { refusalOf } from "../../protocol/aws/identityReply.js"
import { below, variables } from "../../protocol/aws/profileLocation.js"
import * as Token from "../../protocol/aws/ssoToken.js"
import { type StsConfigError, StsCredentialError } from "../../schemas/StsError.js"
import { ask } from "../../services/ask.js"
import { identityEndpoint } from "../../services/aws/identityEndpoint.js"
import type { SourceError } from "../../services/CredentialSource.js"
import { fromCall, type Source } from "../../services/failedCall.js"
import { settings } from "../../services/setting.js"
import { here } from "./SharedConfigFiles.js"
import * as SignedIn from "./SignedIn.js"

/**
 * Where a person signs in, and where that was configured.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options {
  /** The portal's URL; `sso_start_url`. */
  readonly startUrl: string
  /** The region of Identity Center; `sso_region`. */
  readonly region: string
  /** The name of the `[sso-session]`. Without it, the token is one that cannot be renewed, as older tools keep it. */
  readonly sessionName?: string | undefined
  /** The token service's URL, instead of the region's own. `AWS_ENDPOINT_URL_SSO_OIDC`. */
  readonly tokenEndpoint?: string | undefined
  readonly useFips?: boolean | undefined
  readonly useDualStack?: boolean | undefined
  /** For errors. */
  readonly where?: Pick<Source, "file" | "line" | "profile"> | undefined
}

/**
 * A token, and when it ends.
 *
 * @category models
 * @since 0.1.0
 */
export interface BearerToken {
  readonly token: Redacted.Redacted
  readonly expiration: DateTime.Utc
}

/**
 * Gives the token to use now.
 *
 * @category models
 * @since 0.1.0
 */
export interface TokenSource {
  readonly name: string
  readonly get: Effect.Effect<BearerToken, SourceError>
}

/**
 * How errors call IAM Identity Center.
 *
 * @category constants
 * @since 0.1.0
 */
export const source = "SSO"

/**
 * What signs in again.
 *
 * @category accessors
 * @since 0.1.0
 */
export const signInWith = ({ sessionName, where }: Pick<Options, "sessionName" | "where">): string => {
  if (sessionName !== undefined) return `aws sso login --sso-session ${sessionName}`
  return where?.profile === undefined ? "aws sso login" : `aws sso login --profile ${where.profile}`
}

const unknownHome = new StsCredentialError({
  cloud: "aws",
  source,
  reason: "Unreadable",
  key: "HOME",
  detail: "nothing says where the user's folder is, below which tokens are kept",
  hint: "Set HOME."
})

const fileOf = ({ sessionName, startUrl }: Options): Effect.Effect<string, SourceError> =>
  Effect.flatMap(
    settings(variables),
    (env): Effect.Effect<string, SourceError> =>
      Effect.mapError(
        Effect.fromNullable(
          below(env, here, ".aws", "sso", "cache", fileName("sha1", sessionName ?? startUrl))
        ),
        () => unknownHome
      )
  )

const endpointOf = ({
  region,
  tokenEndpoint,
  useDualStack,
  useFips
}: Options): Effect.Effect<string, StsConfigError> =>
  identityEndpoint("oidc", {
    region: { key: "sso_region", value: region },
    endpoint: tokenEndpoint,
    useDualStack,
    useFips
  })

const operation = "CreateToken"

/**
 * Reads the token each time it is asked. With a session's name it is renewed within 5 minutes of its end, and written
 * back for AWS's tools to use.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (
  options: Options
): Effect.Effect<TokenSource, never, HttpClient.HttpClient | FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const client = yield* HttpClient.HttpClient
    const at: Source = { cloud: "aws", source, ...options.where }
    const command = signInWith(options)
    const fail = (reason: StsCredentialError["reason"], detail: string) =>
      new StsCredentialError({ ...at, reason, detail, hint: SignedIn.hintOf(reason, command) })

    const createToken = (old: Token.SsoToken, grant: Token.Grant, now: number) =>
      Effect.gen(function* () {
        const reply = yield* ask(client, {
          cloud: "aws",
          operation,
          method: "POST",
          url: `${yield* endpointOf(options)}token`,
          headers: { "content-type": "application/json" },
          body: JSON.stringify(grant),
          ...SignedIn.patience
        }).pipe(Effect.mapError(fromCall(at)))
        const answer =
          reply.status === 200 ? Token.renewed(old, reply.body, now) : refusalOf("the token service", reply)
        return yield* "reason" in answer
          ? fail(answer.reason, answer.detail)
          : Effect.mapError(answer, ({ detail, reason }) => fail(reason, detail))
      })

    const get = yield* SignedIn.make<Token.SsoToken>({
      source: at,
      command,
      file: fileOf(options),
      parse: Token.parse,
      renew: (token, now) =>
        options.sessionName === undefined ||
        token.grant === undefined ||
        (token.grantExpiresAt ?? now + 1) <= now
          ? undefined
          : createToken(token, Redacted.value(token.grant), now)
    })
    return {
      name: source,
      get: Effect.map(get, ({ accessToken, expiresAt }) => ({
        token: accessToken,
        expiration: DateTime.unsafeMake(expiresAt)
      }))
    }
  })
