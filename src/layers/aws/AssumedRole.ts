/**
 * Credentials of a role, assumed with the credentials of another source.
 *
 * @since 0.1.0
 */

import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type * as Layer from "effect/Layer"
import { accountIdOf } from "../../protocol/arn.js"
import type { AssumedRole } from "../../protocol/aws/cliCacheKey.js"
import { Credentials } from "../../schemas/aws/Credentials.js"
import { StsApiError, StsCredentialError } from "../../schemas/StsError.js"
import { CredentialProvider } from "../../services/aws/CredentialProvider.js"
import type { Signer } from "../../services/aws/Signer.js"
import { assumeRole } from "../../services/aws/Sts.js"
import type { CredentialSource } from "../../services/CredentialSource.js"
import { MfaTokenCode } from "../../services/MfaTokenCode.js"
import { ConfiguredAt, type Where } from "../../services/SourceRequest.js"
import { trimmed } from "../../services/setting.js"
import { fromConfig } from "../layerConfig.js"
import * as RoleSource from "../roleSource.js"
import { lastingSessionName } from "../roleSource.js"
import { refreshing } from "./credentials.js"

/**
 * Which role, and what its session is to be. The operation checks each field.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options extends AssumedRole {}

const longestChained = 3600

const explained =
  ({ durationSeconds = 0 }: Options, { sessionToken }: Credentials) =>
  <E>(error: E): E | StsApiError =>
    error instanceof StsApiError &&
    error.is("ValidationError") &&
    durationSeconds > longestChained &&
    sessionToken !== undefined
      ? new StsApiError({
          ...error,
          hint: `A role that is assumed with another role's credentials lasts at most ${longestChained} seconds: ask for no more, or assume it as a user.`
        })
      : error

// The one who is asked does not know where the device was configured.
const placed =
  (where: Where) =>
  (error: StsCredentialError): StsCredentialError =>
    where.file === undefined || error.file !== undefined
      ? error
      : new StsCredentialError({ ...error, ...where })

const codeOf = ({ mfaSerial }: Options, where: Where) =>
  mfaSerial === undefined
    ? Effect.succeed(undefined)
    : Effect.flatMap(MfaTokenCode, (ask) => Effect.mapError(ask(mfaSerial), placed(where)))

/**
 * Assumes the role each time it is asked, with the current credentials of the base. Roles chain by nesting. A base
 * without credentials fails the role; a chain does not go on to the next source.
 *
 * @example
 * ```ts
 * import { Aws } from "effect-sts"
 *
 * const audited = Aws.AssumedRole.make(Aws.Environment.source, {
 *   roleArn: "arn:aws:iam::123456789012:role/auditor",
 *   durationSeconds: 900
 * })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (
  base: CredentialSource<Credentials>,
  given: Options
): Effect.Effect<CredentialSource<Credentials>, never, Signer | HttpClient.HttpClient> =>
  Effect.flatMap(ConfiguredAt, (where) => {
    const options = trimmed(given, "roleArn")
    const { mfaSerial, roleSessionName, ...request } = options
    const source = `role ${options.roleArn} over ${base.name}`
    const sessionName = roleSessionName === undefined ? lastingSessionName() : Effect.succeed(roleSessionName)
    return RoleSource.make<Credentials, Signer | HttpClient.HttpClient>({
      source: { cloud: "aws", source, ...where },
      base,
      assume: (held, first) =>
        Effect.all([sessionName, codeOf(options, where)]).pipe(
          Effect.flatMap(([name, tokenCode]) =>
            assumeRole({ ...request, roleSessionName: name, serialNumber: mfaSerial, tokenCode })
          ),
          Effect.provideService(CredentialProvider, held),
          Effect.mapError(explained(options, first)),
          Effect.map(({ assumedRoleUser, credentials }) => {
            const accountId = accountIdOf(assumedRoleUser?.arn ?? "")
            return new Credentials({ ...credentials, accountId, source })
          })
        )
    })
  })

/**
 * The role over whichever provider the layer is given, cached and renewed before expiry.
 *
 * @example
 * ```ts
 * import * as Layer from "effect/Layer"
 * import { Aws } from "effect-sts"
 *
 * const auditor = Aws.AssumedRole.layer({ roleArn: "arn:aws:iam::123456789012:role/auditor" }).pipe(
 *   Layer.provide(Aws.Environment.layer)
 * )
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (
  options: Options
): Layer.Layer<CredentialProvider, never, CredentialProvider | Signer | HttpClient.HttpClient> =>
  refreshing(Effect.flatMap(CredentialProvider, (base) => make(base, options)))

/**
 * The same as {@link layer}, with options that the configuration states: each may be a `Config`. A setting that is missing
 * or wrong is a `StsConfigError` that names the option.
 *
 * @example
 * ```ts
 * import * as Config from "effect/Config"
 * import * as Aws from "effect-sts/aws"
 *
 * const role = Aws.AssumedRole.layerConfig({ roleArn: Config.String("ROLE_ARN"), roleSessionName: "report" })
 * ```
 *
 * @category layers
 * @since 4.0.0
 */
export const layerConfig = /* @__PURE__ */ fromConfig(layer)
