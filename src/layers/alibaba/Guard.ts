/**
 * Guards that check whose credentials are used.
 *
 * @since 0.1.0
 */

import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Schema from "effect/Schema"
import { remedyOf } from "../../protocol/alibaba/errorCodes.js"
import { isAlibabaCaller } from "../../protocol/arn.js"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import { GetCallerIdentityOperation } from "../../schemas/alibaba/GetCallerIdentity.js"
import { renamed } from "../../schemas/Codec.js"
import { CredentialProvider } from "../../services/alibaba/CredentialProvider.js"
import { signed } from "../../services/alibaba/call.js"
import type { Signer } from "../../services/alibaba/Signer.js"
import * as IdentityGuard from "../identityGuard.js"

/**
 * What wraps a source, or the layer of a provider.
 *
 * @category models
 * @since 0.1.0
 */
export type Guard = IdentityGuard.Guard<CredentialProvider, Credentials, Signer | HttpClient.HttpClient>

// No more is needed of the service's answer.
const callerOf = signed({
  ...GetCallerIdentityOperation,
  response: renamed(Schema.Struct({ account: Schema.String, arn: Schema.String }), {
    account: "AccountId",
    arn: "Arn"
  })
})

const guards = IdentityGuard.guards({
  cloud: "alibaba",
  provider: CredentialProvider,
  ask: (source) => Effect.provideService(callerOf(), CredentialProvider, source),
  isCaller: isAlibabaCaller,
  remedyOf
})

/**
 * Gives the credentials of a source, or of a provider's layer, only if they belong to this account; otherwise the error
 * is an `UnexpectedIdentity` with both accounts. GetCallerIdentity is called once per access key.
 *
 * @example
 * ```ts
 * import { Alibaba } from "effect-sts"
 *
 * const production = Alibaba.Environment.layer.pipe(Alibaba.expectAccount("123456789012"))
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const expectAccount = (accountId: string): Guard => guards.account(accountId)

/**
 * Gives the credentials of a source, or of a provider's layer, only if they belong to the identity with this ARN or one
 * like it: `*` stands for any characters, `?` for one. Otherwise the error is an `UnexpectedIdentity` with the expected
 * and the actual ARN.
 *
 * A role's session matches by its own ARN, `acs:ram::123456789012:assumed-role/reader/report`, and by its role's ARN,
 * `acs:ram::123456789012:role/reader`.
 *
 * @example
 * ```ts
 * import { Alibaba } from "effect-sts"
 *
 * const asReader = Alibaba.Environment.layer.pipe(Alibaba.expectArn("acs:ram::123456789012:role/reader"))
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const expectArn = (arnOrPattern: string): Guard => guards.arn(arnOrPattern)
