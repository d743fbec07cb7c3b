/**
 * AWS STS's operations.
 *
 * @since 0.1.0
 */

import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import { AssumeRoleOperation } from "../../schemas/aws/AssumeRole.js"
import { AssumeRoleWithSAMLOperation } from "../../schemas/aws/AssumeRoleWithSAML.js"
import { AssumeRoleWithWebIdentityOperation } from "../../schemas/aws/AssumeRoleWithWebIdentity.js"
import { AssumeRootOperation } from "../../schemas/aws/AssumeRoot.js"
import { DecodeAuthorizationMessageOperation } from "../../schemas/aws/DecodeAuthorizationMessage.js"
import { GetAccessKeyInfoOperation } from "../../schemas/aws/GetAccessKeyInfo.js"
import { GetCallerIdentityOperation } from "../../schemas/aws/GetCallerIdentity.js"
import { GetDelegatedAccessTokenOperation } from "../../schemas/aws/GetDelegatedAccessToken.js"
import { GetFederationTokenOperation } from "../../schemas/aws/GetFederationToken.js"
import { GetSessionTokenOperation } from "../../schemas/aws/GetSessionToken.js"
import { GetWebIdentityTokenOperation } from "../../schemas/aws/GetWebIdentityToken.js"
import * as Client from "../Client.js"
import * as Observation from "../Observation.js"
import { anonymous, signed, signerIn } from "./call.js"

/**
 * Gets temporary credentials of an IAM role that trusts the caller. The caller is never the root user; if it is a role
 * itself, the credentials last an hour at most.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Aws from "effect-sts/aws"
 *
 * const program = Effect.gen(function* () {
 *   const { credentials } = yield* Aws.assumeRole({
 *     roleArn: "arn:aws:iam::123456789012:role/reader",
 *     roleSessionName: "report",
 *     durationSeconds: 900
 *   })
 *   return credentials.accessKeyId
 * })
 * ```
 *
 * @category operations
 * @since 0.1.0
 */
export const assumeRole = /* @__PURE__ */ signed(AssumeRoleOperation)

/**
 * Gets temporary credentials of an IAM role in exchange for a SAML response. Needs no credentials.
 *
 * @category operations
 * @since 0.1.0
 */
export const assumeRoleWithSAML = /* @__PURE__ */ anonymous(AssumeRoleWithSAMLOperation)

/**
 * Gets temporary credentials of an IAM role in exchange for an OpenID Connect or OAuth 2.0 token. Needs no
 * credentials.
 *
 * @category operations
 * @since 0.1.0
 */
export const assumeRoleWithWebIdentity = /* @__PURE__ */ anonymous(AssumeRoleWithWebIdentityOperation)

/**
 * Gets credentials for one task as the root user of a member account, for at most 15 minutes. The global endpoint does
 * not serve it.
 *
 * @category operations
 * @since 0.1.0
 */
export const assumeRoot = /* @__PURE__ */ signed(AssumeRootOperation)

/**
 * Decodes what a service says about why it denied a request.
 *
 * @category operations
 * @since 0.1.0
 */
export const decodeAuthorizationMessage = /* @__PURE__ */ signed(DecodeAuthorizationMessageOperation)

/**
 * Tells which account an access key belongs to.
 *
 * @category operations
 * @since 0.1.0
 */
export const getAccessKeyInfo = /* @__PURE__ */ signed(GetAccessKeyInfoOperation)

/**
 * Gets the identity behind the current credentials. Needs no permission.
 *
 * @category operations
 * @since 0.1.0
 */
export const getCallerIdentity = /* @__PURE__ */ signed(GetCallerIdentityOperation)

/**
 * Exchanges a trade-in token for temporary credentials.
 *
 * @category operations
 * @since 0.1.0
 */
export const getDelegatedAccessToken = /* @__PURE__ */ signed(GetDelegatedAccessTokenOperation)

/**
 * Gets temporary credentials for a federated user. The caller is an IAM user, not a role.
 *
 * @category operations
 * @since 0.1.0
 */
export const getFederationToken = /* @__PURE__ */ signed(GetFederationTokenOperation)

/**
 * Gets temporary credentials of the calling user, with or without a second factor.
 *
 * @category operations
 * @since 0.1.0
 */
export const getSessionToken = /* @__PURE__ */ signed(GetSessionTokenOperation)

/**
 * Gets a JSON Web Token that vouches for the caller to a service outside AWS.
 *
 * @category operations
 * @since 0.1.0
 */
export const getWebIdentityToken = /* @__PURE__ */ signed(GetWebIdentityTokenOperation)

/**
 * Milliseconds to add to this machine's clock to get the service's, as learned by the layer of the client in use from
 * the last reply that had it; 0 before that. Calls correct the clock for each host.
 *
 * @category accessors
 * @since 0.1.0
 */
export const timeOffset: Effect.Effect<number, never, HttpClient.HttpClient> = /* @__PURE__ */ Effect.map(
  /* @__PURE__ */ Effect.context<HttpClient.HttpClient>(),
  (context: Context.Context<HttpClient.HttpClient>) =>
    Client.stateOf("aws", Context.get(context, HttpClient.HttpClient), signerIn(context)).clockOffset
)

/**
 * Gives an operation's response along with the reply that it was read from: HTTP status, headers, request id, and how
 * many requests it took. Errors and requirements stay as they are. Around an effect that makes several calls it gives
 * the last reply; around one that makes none its status is 0.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Aws from "effect-sts/aws"
 *
 * const program = Effect.gen(function* () {
 *   const { reply, response } = yield* Aws.withReply(Aws.getCallerIdentity())
 *   yield* Effect.log(`HTTP ${reply.status}, ${reply.headers["date"]}`)
 *   return response.arn
 * })
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const withReply: <A, E, R>(
  effect: Effect.Effect<A, E, R>
) => Effect.Effect<Observation.WithReply<A>, E, R> = /* @__PURE__ */ Observation.withReply("aws")
