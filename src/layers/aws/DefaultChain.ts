/**
 * The sources that AWS's tools share, in their order.
 *
 * Source: "Standardized credential providers", AWS SDKs and Tools Reference Guide.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import type { Credentials } from "../../schemas/aws/Credentials.js"
import type { CredentialProvider } from "../../services/aws/CredentialProvider.js"
import { SelectedProfile } from "../../services/aws/Settings.js"
import type { CredentialSource } from "../../services/CredentialSource.js"
import { trimmed } from "../../services/setting.js"
import * as Chain from "../Chain.js"
import * as Container from "./Container.js"
import { refreshing } from "./credentials.js"
import * as Environment from "./Environment.js"
import * as InstanceMetadata from "./InstanceMetadata.js"
import * as Profile from "./Profile.js"
import * as SharedConfigFiles from "./SharedConfigFiles.js"
import * as WebIdentity from "./WebIdentity.js"

/**
 * The chain's sources by the names of their modules, in order.
 *
 * @category models
 * @since 4.0.0
 */
export type SourceName = "Environment" | "Profile" | "WebIdentity" | "Container" | "InstanceMetadata"

type Changes = Chain.Changes<SourceName, Credentials>

/**
 * Which files and profile, and which sources. A profile that is stated here counts instead of the environment's keys; one
 * that `AWS_PROFILE` names counts after them.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options extends Profile.Options, Chain.Options, Changes {}

/**
 * What the sources need.
 *
 * @category models
 * @since 0.1.0
 */
export type Services = Profile.Services

const name = "default chain"

/**
 * The chain's sources, in order: the environment, the profile, a web identity from the environment, the container's
 * endpoint, the instance's metadata service. They share one reader of the files.
 *
 * @category constructors
 * @since 0.1.0
 */
export const sources = (
  given: Options = {}
): Effect.Effect<ReadonlyArray<CredentialSource<Credentials>>, never, Services> =>
  Effect.gen(function* () {
    const options = trimmed(given)
    const load = yield* SharedConfigFiles.make
    const others = {
      Profile: Profile.make(options),
      WebIdentity: WebIdentity.fromEnvironment,
      Container: Container.make(),
      InstanceMetadata: Effect.provideService(
        InstanceMetadata.make(),
        SelectedProfile,
        SharedConfigFiles.rawSettings(load, options)
      )
    }
    const all =
      options.profile === undefined ? { Environment: Effect.succeed(Environment.source), ...others } : others
    return yield* Effect.provideService(
      Chain.arrange<SourceName, Credentials, never, Services>(all, options),
      SharedConfigFiles.SharedReader,
      load
    )
  })

/**
 * Asks the sources in turn, each time it is asked. The first that is configured gives the credentials or, unless
 * `continueOnFailure` is set, ends the search with its error.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options?: Options): Effect.Effect<CredentialSource<Credentials>, never, Services> =>
  Effect.map(sources(options), (all) => Chain.make("aws", name, all, options))

/**
 * The chain, its credentials kept and renewed in time.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<CredentialProvider, never, Services> = refreshing(make())

/**
 * The same as {@link layer}, with options.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerWith = (options: Options): Layer.Layer<CredentialProvider, never, Services> =>
  refreshing(make(options))
