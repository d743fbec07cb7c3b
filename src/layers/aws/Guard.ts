/**
 * Guards that check whose credentials are used.
 *
 * @since 0.1.0
 */

import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Schema from "effect/Schema"
import { isAwsCaller } from "../../protocol/arn.js"
import { remedyOf } from "../../protocol/aws/errorCodes.js"
import type { Credentials } from "../../schemas/aws/Credentials.js"
import { GetCallerIdentityOperation } from "../../schemas/aws/GetCallerIdentity.js"
import { CredentialProvider } from "../../services/aws/CredentialProvider.js"
import { signed } from "../../services/aws/call.js"
import type { Signer } from "../../services/aws/Signer.js"
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
  response: Schema.Struct({ account: Schema.String, arn: Schema.String })
})

const guards = IdentityGuard.guards({
  cloud: "aws",
  provider: CredentialProvider,
  ask: (source) => Effect.provideService(callerOf(), CredentialProvider, source),
  isCaller: isAwsCaller,
  remedyOf
})

/**
 * Gives the credentials of a source, or of a provider's layer, only if they belong to this account; otherwise the error
 * is an `UnexpectedIdentity` with both accounts. GetCallerIdentity is called once per access key, even when the
 * credentials have an account: it may come from a variable set for something else.
 *
 * @example
 * ```ts
 * import { Aws } from "effect-sts"
 *
 * const production = Aws.Environment.layer.pipe(Aws.expectAccount("123456789012"))
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
 * A role's session matches by its own ARN, `arn:aws:sts::123456789012:assumed-role/reader/report`, and by its role's
 * ARN, `arn:aws:iam::123456789012:role/reader`. A path in the role's ARN is not compared where the role is named in
 * full, because a session's ARN does not contain it; names are unique in an account.
 *
 * @example
 * ```ts
 * import { Aws } from "effect-sts"
 *
 * const asReader = Aws.Environment.layer.pipe(Aws.expectArn("arn:aws:iam::123456789012:role/reader"))
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const expectArn = (arnOrPattern: string): Guard => guards.arn(arnOrPattern)
