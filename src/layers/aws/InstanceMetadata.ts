/**
 * The credentials of an EC2 instance's role, from the instance metadata service.
 *
 * Source: "Use the Instance Metadata Service to access instance metadata", Amazon EC2 User Guide.
 *
 * @since 0.1.0
 */

import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import type * as Layer from "effect/Layer"
import type { Credentials } from "../../schemas/aws/Credentials.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import type { CredentialProvider } from "../../services/aws/CredentialProvider.js"
import type { CredentialSource, SourceError } from "../../services/CredentialSource.js"
import type { Source } from "../../services/failedCall.js"
import { trimmed } from "../../services/setting.js"
import { HostResolver } from "../HostResolver.js"
import * as Destination from "../metadata/Destination.js"
import { InstanceRole } from "../metadata/InstanceRole.js"
import type { Service } from "../metadata/Requests.js"
import { credentialsIn } from "./issued.js"
import * as Settings from "./metadataSettings.js"
import { refreshing } from "./provided.js"

/**
 * What can be set; each option is told at its field.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options extends Settings.Options {
  /** Where the source was configured, for its errors. */
  readonly where?: Omit<Source, "cloud" | "source"> | undefined
}

const name = "instance metadata"
const operation = "instance metadata"

// The first tells the account too, and is not everywhere yet.
const apis = [
  "/latest/meta-data/iam/security-credentials-extended/",
  "/latest/meta-data/iam/security-credentials/"
]

const serviceOf = (source: Source): Service => ({
  source,
  operation,
  ttlHeader: "x-aws-ec2-metadata-token-ttl-seconds",
  tokenHeader: "x-aws-ec2-metadata-token"
})

/**
 * Asks the instance metadata service for the credentials of the instance's role, in a session with a token (IMDSv2).
 * The token, the role's name and the API that knows it are remembered by the source.
 *
 * A service without tokens, or one whose answers to `PUT` get lost on their way into a container, is asked without one
 * (IMDSv1) unless `AWS_EC2_METADATA_V1_DISABLED` is `true`. Where `AWS_EC2_METADATA_DISABLED` is `true`, the instance
 * has no role, or no metadata service answers at the address, be it that nobody does or that somebody else does, the
 * source is `NotConfigured`. That is an error where somebody asked for the service, by its address, the role or
 * `required`, as is the refusal of a service that has shown to be one. No proxy sees the requests.
 *
 * Credentials that have ended already are given as they are: {@link "services/Refreshing"} knows what to do with them.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (
  given: Options = {}
): Effect.Effect<CredentialSource<Credentials>, never, HttpClient.HttpClient> =>
  Effect.gen(function* () {
    const options = trimmed(given)
    const client = yield* HttpClient.HttpClient
    const resolve = yield* HostResolver
    const source: Source = { cloud: "aws", source: name, ...options.where }
    const role = new InstanceRole(client, serviceOf(source), apis)
    const get: Effect.Effect<Credentials, SourceError> = Effect.gen(function* () {
      if (yield* Settings.disabled) {
        const detail = "AWS_EC2_METADATA_DISABLED is true"
        return yield* new StsCredentialError({ ...source, reason: "NotConfigured", detail })
      }
      const { allowed, endpoint, profileName, ...manner } = yield* Settings.read(options)
      const url = yield* Effect.fromResult(Destination.parse(endpoint))
      const asking = { source, operation, resolve, timeout: manner.timeout }
      const destination = yield* Destination.find(asking, endpoint, url, allowed)
      return yield* role.credentials({ ...manner, ...destination }, profileName, (asked, reply) =>
        Effect.fromResult(credentialsIn(asked, reply))
      )
    })
    return { name, get }
  })

/**
 * The instance's role alone, its credentials kept and renewed in time.
 *
 * @example
 * ```ts
 * import { Aws } from "effect-sts"
 *
 * const provider = Aws.InstanceMetadata.layer({ endpointMode: "IPv6", disableV1: true })
 * ```
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options?: Options): Layer.Layer<CredentialProvider, never, HttpClient.HttpClient> =>
  refreshing(make(options))
