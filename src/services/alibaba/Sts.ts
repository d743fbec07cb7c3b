/**
 * Alibaba Cloud STS's operations.
 *
 * @since 0.1.0
 */

import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import { AssumeRoleOperation } from "../../schemas/alibaba/AssumeRole.js"
import { AssumeRoleWithOIDCOperation } from "../../schemas/alibaba/AssumeRoleWithOIDC.js"
import { AssumeRoleWithSAMLOperation } from "../../schemas/alibaba/AssumeRoleWithSAML.js"
import { GetCallerIdentityOperation } from "../../schemas/alibaba/GetCallerIdentity.js"
import * as Client from "../Client.js"
import * as Observation from "../Observation.js"
import { sessionName } from "../Signing.js"
import { anonymous, signed, signerIn } from "./call.js"

/**
 * Gets temporary credentials of a RAM role. The caller is a RAM user or another role, never the root account, and
 * the role's trust policy must name it.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Alibaba from "effect-sts/alibaba"
 *
 * const program = Effect.gen(function* () {
 *   const { credentials } = yield* Alibaba.assumeRole({
 *     roleArn: "acs:ram::123456789012:role/reader",
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
 * Gets temporary credentials of a RAM role in exchange for a SAML response. Needs no credentials.
 *
 * @category operations
 * @since 0.1.0
 */
export const assumeRoleWithSAML = /* @__PURE__ */ anonymous(AssumeRoleWithSAMLOperation)

const withOidc = /* @__PURE__ */ anonymous(AssumeRoleWithOIDCOperation)

/**
 * Gets temporary credentials of a RAM role in exchange for an OpenID Connect token. Needs no credentials. A session
 * without a name is given one, a new one for each call: `effect-sts-` and part of a nonce.
 *
 * @category operations
 * @since 0.1.0
 */
export const assumeRoleWithOIDC: typeof withOidc = (input) =>
  input.roleSessionName === undefined
    ? Effect.flatMap(sessionName, (roleSessionName) => withOidc({ ...input, roleSessionName }))
    : withOidc(input)

/**
 * Gets the identity behind the current credentials. Needs no permission.
 *
 * @category operations
 * @since 0.1.0
 */
export const getCallerIdentity = /* @__PURE__ */ signed(GetCallerIdentityOperation)

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
    Client.stateOf("alibaba", Context.get(context, HttpClient.HttpClient), signerIn(context)).clockOffset
)

/**
 * Gives an operation's response along with the reply that it was read from: HTTP status, headers, request id, and how
 * many requests it took. Errors and requirements stay as they are. Around an effect that makes several calls it gives
 * the last reply; around one that makes none its status is 0.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Alibaba from "effect-sts/alibaba"
 *
 * const program = Effect.gen(function* () {
 *   const { reply, response } = yield* Alibaba.withReply(Alibaba.getCallerIdentity())
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
) => Effect.Effect<Observation.WithReply<A>, E, R> = /* @__PURE__ */ Observation.withReply("alibaba")
