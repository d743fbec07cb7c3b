/**
 * Credentials of a profile of the vendor's command line tool.
 *
 * Source: "Configure credentials", Alibaba Cloud CLI documentation.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import type { CredentialProvider } from "../../services/alibaba/CredentialProvider.js"
import type { CredentialSource } from "../../services/CredentialSource.js"
import * as PrivateFile from "../PrivateFile.js"
import { refreshing } from "./credentials.js"
import * as ProfileResolver from "./profileResolver.js"
import { cli, type Options as ProfileOptions, layer as profileLayer, wayInCli } from "./profiles.js"

/**
 * The file and the profile.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options extends Pick<ProfileOptions, "configFile" | "profile"> {}

/**
 * What a profile may need.
 *
 * @category models
 * @since 0.1.0
 */
export type Services = ProfileResolver.Services

/**
 * Reads the tool's config file each time it is asked and gets a profile's credentials, by its mode: `AK`, `StsToken`,
 * `RamRoleArn`, `EcsRamRole`, `OIDC`, `ChainableRamRoleArn`, `External`, `CredentialsURI`, `CloudSSO` or `OAuth`, in
 * any case. The tokens of mode `OAuth` are renewed in time and written back.
 *
 * Without a file, with a current profile that has not been filled in, or where `ALIBABA_CLOUD_CLI_PROFILE_DISABLED` is
 * `true`, the source is `NotConfigured`. A named profile that does not exist is `UnknownProfile`, an expired login is
 * `Expired`; other modes, profiles that refer to each other in a circle, missing settings and invalid JSON are errors
 * that name file, line and key. Only the profile in use, and those that it builds on, have to be valid. A file that
 * others can read is warned about once.
 *
 * @example
 * ```ts
 * import { Alibaba } from "effect-sts"
 *
 * const production = Alibaba.CliProfile.layerWith({ profile: "production" })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options: Options = {}): Effect.Effect<CredentialSource<Credentials>, never, Services> =>
  Effect.flatMap(PrivateFile.make, (privateFile) =>
    ProfileResolver.source(cli.source, "mode", wayInCli(privateFile, options))
  )

/**
 * The same as {@link layer}, with options.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerWith = (options: Options): Layer.Layer<CredentialProvider, never, Services> =>
  Layer.merge(refreshing(make(options)), profileLayer(["cli"], options))

/**
 * The profile alone, its credentials kept and renewed in time.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<CredentialProvider, never, Services> = /* @__PURE__ */ layerWith({})
