/**
 * Credentials of a RAM role, assumed with the credentials of another source.
 *
 * @since 0.1.0
 */

import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type * as Layer from "effect/Layer"
import { Credentials } from "../../schemas/alibaba/Credentials.js"
import { CredentialProvider } from "../../services/alibaba/CredentialProvider.js"
import { assumeRole } from "../../services/alibaba/call.js"
import type { Signer } from "../../services/alibaba/Signer.js"
import type { CredentialSource } from "../../services/CredentialSource.js"
import { ConfiguredAt } from "../../services/SourceRequest.js"
import { filled } from "../../services/setting.js"
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
export interface Options {
  /** For example `acs:ram::123456789012:role/reader`. */
  readonly roleArn: string
  /** The name in audit logs. Default: `effect-sts-`, then letters and digits that stay the same for this source. */
  readonly roleSessionName?: string | undefined
  /** What the role's owner agreed on with a third party: 2 to 1224 characters. */
  readonly externalId?: string | undefined
  /** Default: 1 hour. */
  readonly durationSeconds?: number | undefined
  /** A policy document that narrows what the role allows. */
  readonly policy?: string | undefined
  /** The source identity of the session, kept through role chaining: 2 to 64 characters. */
  readonly sourceIdentity?: string | undefined
}

/**
 * Assumes the role each time it is asked, with the current credentials of the base. Roles chain by nesting. A base
 * without credentials fails the role; a chain does not go on to the next source.
 *
 * @example
 * ```ts
 * import { Alibaba } from "effect-sts"
 *
 * const audited = Alibaba.RamRoleArn.make(Alibaba.Environment.source, {
 *   roleArn: "acs:ram::123456789012:role/auditor",
 *   durationSeconds: 900
 * })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (
  base: CredentialSource<Credentials>,
  options: Options
): Effect.Effect<CredentialSource<Credentials>, never, Signer | HttpClient.HttpClient> =>
  Effect.flatMap(ConfiguredAt, (where) => {
    const request = {
      roleArn: filled(options.roleArn) ?? "",
      externalId: filled(options.externalId),
      policy: filled(options.policy),
      sourceIdentity: filled(options.sourceIdentity),
      durationSeconds: options.durationSeconds
    }
    const statedName = filled(options.roleSessionName)
    const source = `role ${request.roleArn} over ${base.name}`
    const sessionName = statedName === undefined ? lastingSessionName() : Effect.succeed(statedName)
    return RoleSource.make<Credentials, Signer | HttpClient.HttpClient>({
      source: { cloud: "alibaba", source, ...where },
      base,
      assume: (held) =>
        sessionName.pipe(
          Effect.flatMap((name) => assumeRole({ ...request, roleSessionName: name })),
          Effect.provideService(CredentialProvider, held),
          Effect.map(({ credentials }) => new Credentials({ ...credentials, source }))
        )
    })
  })

/**
 * The role over whichever provider the layer is given, cached and renewed before expiry.
 *
 * @example
 * ```ts
 * import * as Layer from "effect/Layer"
 * import { Alibaba } from "effect-sts"
 *
 * const auditor = Alibaba.RamRoleArn.layer({ roleArn: "acs:ram::123456789012:role/auditor" }).pipe(
 *   Layer.provide(Alibaba.Environment.layer)
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
 * import * as Alibaba from "effect-sts/alibaba"
 *
 * const role = Alibaba.RamRoleArn.layerConfig({ roleArn: Config.String("ROLE_ARN"), roleSessionName: "report" })
 * ```
 *
 * @category layers
 * @since 4.0.0
 */
export const layerConfig = /* @__PURE__ */ fromConfig(layer)
