/**
 * Credentials of a role that IAM Identity Center gives to who has signed in.
 *
 * @since 0.1.0
 */
import type * as FileSystem from "@effect/platform/FileSystem"
import * as HttpClient from "@effect/platform/HttpClient"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { type IdentityReply, refusalOf } from "../../protocol/aws/identityReply.js"
import * as RoleCredentials from "../../protocol/aws/roleCredentials.js"
import type { Credentials } from "../../schemas/aws/Credentials.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import { ask } from "../../services/ask.js"
import type { CredentialProvider } from "../../services/aws/CredentialProvider.js"
import { identityEndpoint } from "../../services/aws/identityEndpoint.js"
import type { CredentialSource, SourceError } from "../../services/CredentialSource.js"
import { fromCall, type Source } from "../../services/failedCall.js"
import type { Place } from "../keyPair.js"
import { read } from "./keyPair.js"
import { refreshing } from "./provided.js"
import * as SignedIn from "./SignedIn.js"
import * as SsoToken from "./SsoToken.js"

/**
 * Which role, and where a person signs in for it.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options extends SsoToken.Options {
  readonly accountId: string
  readonly roleName: string
  /** The portal's URL, instead of the region's own. `AWS_ENDPOINT_URL_SSO`. */
  readonly endpoint?: string | undefined
}

const operation = "GetRoleCredentials"

const keys: Place["keys"] = {
  id: "accessKeyId",
  secret: "secretAccessKey",
  token: "sessionToken",
  expiration: "expiration"
}

const unassigned = ({ accountId, roleName }: Options): string =>
  `Check that role ${roleName} of account ${accountId} is assigned to who has signed in.`

/**
 * Gets the role's credentials with the token that `aws sso login` keeps, read and renewed as {@link SsoToken} says. A
 * token that is missing or over is `Expired`, with the command that signs in again.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (
  options: Options
): Effect.Effect<CredentialSource<Credentials>, never, HttpClient.HttpClient | FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const client = yield* HttpClient.HttpClient
    const signedIn = yield* SsoToken.make(options)
    const { accountId, roleName, where } = options
    const at: Source = { cloud: "aws", source: SsoToken.source, ...where }
    const place: Place = {
      source: SsoToken.source,
      keys,
      file: where?.file,
      profile: where?.profile,
      lineOf: () => where?.line
    }
    const command = SsoToken.signInWith(options)
    const fail = (reason: StsCredentialError["reason"], detail: string) =>
      new StsCredentialError({
        ...at,
        reason,
        detail,
        hint: reason === "Refused" ? unassigned(options) : SignedIn.hintOf(reason, command)
      })

    const endpoint = identityEndpoint("portal", {
      ...options,
      region: { key: "sso_region", value: options.region }
    })

    const credentialsIn = (reply: IdentityReply): Effect.Effect<Credentials, SourceError> => {
      if (reply.status !== 200) {
        const { detail, reason } = refusalOf("the portal", reply)
        return fail(reason, detail)
      }
      const issued = RoleCredentials.parse(reply.body)
      return issued === undefined
        ? fail("Unavailable", "the portal's answer holds no whole credentials")
        : read(place, { ...issued, accountId })
    }

    return {
      name: SsoToken.source,
      get: Effect.gen(function* () {
        const { token } = yield* signedIn.get
        const reply = yield* ask(client, {
          cloud: "aws",
          operation,
          method: "GET",
          url: RoleCredentials.urlOf(yield* endpoint, accountId, roleName),
          headers: { "x-amz-sso_bearer_token": Redacted.value(token), accept: "application/json" },
          ...SignedIn.patience
        }).pipe(Effect.mapError(fromCall(at)))
        return yield* credentialsIn(reply)
      })
    }
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
