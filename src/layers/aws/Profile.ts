/**
 * Credentials of a profile of AWS's shared config and credentials files.
 *
 * Source: "Shared config and credentials files", AWS SDKs and Tools Reference Guide.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { Credentials } from "../../schemas/aws/Credentials.js"
import type { CredentialProvider } from "../../services/aws/CredentialProvider.js"
import { SharedConfig } from "../../services/aws/SharedConfig.js"
import type { CredentialSource } from "../../services/CredentialSource.js"
import { captured } from "../captured.js"
import * as SessionName from "../sessionName.js"
import * as Container from "./Container.js"
import { refreshing } from "./credentials.js"
import * as Environment from "./Environment.js"
import * as InstanceMetadata from "./InstanceMetadata.js"
import { name, planOf } from "./profilePlan.js"
import * as ProfileSource from "./profileSource.js"
import * as SharedConfigFiles from "./SharedConfigFiles.js"
import * as SharedSettings from "./SharedSettings.js"
import { Memories } from "./sessionMemory.js"

// Whose they are is told apart by this, among others by the cache that processes share.
const fromProfile = (profile: string, credentials: Credentials): Credentials => {
  const { source } = credentials
  const inner = source === undefined || source === name ? "" : `: ${source}`
  return new Credentials({ ...credentials, source: `${name} ${profile}${inner}` })
}

/**
 * Which files and profile.
 *
 * @category models
 * @since 0.1.0
 */
export type Options = SharedConfigFiles.Options

/**
 * What a profile may need.
 *
 * @category models
 * @since 0.1.0
 */
export type Services = ProfileSource.Services

/**
 * Reads the files each time it is asked and gets the credentials of the selected profile: its key pair, what its
 * process prints, a role's for a token or over another profile's credentials, and so on. Region and endpoints of the
 * profile count for the requests that this takes.
 *
 * Where nobody named a profile and there is no `default`, or the profile has no setting for credentials, the source is
 * `NotConfigured`. A profile that is named and does not exist is `UnknownProfile`, and one whose settings for credentials
 * are misspelt, or stand where nobody reads them, is `Incomplete`. Half a key pair, a pair whose parts stand in both
 * files, two sources for one role, profiles that lead in a circle, settings that are indented into another one's value
 * and lines that are no setting are errors that name file, line and key.
 *
 * @example
 * ```ts
 * import { Aws } from "effect-sts"
 *
 * const production = Aws.Profile.layer({ profile: "production" })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (
  options: Options = {},
  files?: SharedConfigFiles.Load
): Effect.Effect<CredentialSource<Credentials>, never, Services> =>
  Effect.gen(function* () {
    const withServices = yield* captured<Services>()
    const load = files ?? (yield* SharedConfigFiles.make)
    const lasting: ProfileSource.Lasting = {
      name,
      named: {
        Environment: Environment.source,
        EcsContainer: yield* Container.make(),
        Ec2InstanceMetadata: yield* InstanceMetadata.make({
          required: true,
          shared: SharedSettings.raw(load, options)
        })
      },
      sessionName: SessionName.lasting(),
      memories: new Memories()
    }
    const get = Effect.gen(function* () {
      const loaded = yield* load(options)
      const way = yield* Effect.fromResult(planOf(loaded))
      const settings = yield* Effect.fromResult(SharedSettings.of(loaded))
      const got = Effect.flatMap(ProfileSource.make(lasting, way), (source) => source.get)
      const credentials = yield* Effect.provideService(got, SharedConfig, Effect.succeed(settings))
      return fromProfile(loaded.profile, credentials)
    })
    return { name, get: withServices(get) }
  })

/**
 * The profile alone, its credentials kept and renewed in time.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer = (options?: Options): Layer.Layer<CredentialProvider, never, Services> =>
  refreshing(make(options))
