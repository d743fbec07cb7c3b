/**
 * The sources that Alibaba Cloud's tools share, in their order.
 *
 * Source: "Manage access credentials", chapter "Default credential chain", Alibaba Cloud SDK documentation.
 *
 * @since 0.1.0
 */

import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import type { CredentialProvider } from "../../services/alibaba/CredentialProvider.js"
import type { CredentialSource, SourceError } from "../../services/CredentialSource.js"
import { filled } from "../../services/setting.js"
import * as Chain from "../Chain.js"
import { provideCaptured } from "../platform.js"
import * as CliProfile from "./CliProfile.js"
import * as CredentialsFile from "./CredentialsFile.js"
import * as CredentialsUri from "./CredentialsUri.js"
import { hinted, inEnvironment, refreshing } from "./credentials.js"
import * as EcsRamRole from "./EcsRamRole.js"
import * as Environment from "./Environment.js"
import * as Oidc from "./Oidc.js"
import * as Profiles from "./profiles.js"

/**
 * The chain's sources by the names of their modules, in order.
 *
 * @category models
 * @since 4.0.0
 */
export type SourceName =
  | "Environment"
  | "Oidc"
  | "CliProfile"
  | "CredentialsFile"
  | "EcsRamRole"
  | "CredentialsUri"

type Changes = Chain.Changes<SourceName, Credentials>

/**
 * Which files and profile, and which sources. A profile that is stated here counts instead of the environment's keys; one
 * that `ALIBABA_CLOUD_PROFILE` names counts after them.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options extends Profiles.Options, Chain.Options, Changes {}

/**
 * What the sources need.
 *
 * @category models
 * @since 0.1.0
 */
export type Services = CliProfile.Services

const name = "default chain"

/** A named profile may be in either file: the first source leaves it to the second, if it is there. */
const unlessInFile =
  (
    withFiles: <A, E>(effect: Effect.Effect<A, E, FileSystem.FileSystem>) => Effect.Effect<A, E>,
    options: Options
  ) =>
  (cli: CredentialSource<Credentials>): CredentialSource<Credentials> => ({
    ...cli,
    get: Effect.catch(cli.get, (error): Effect.Effect<never, SourceError> => {
      if (!(error instanceof StsCredentialError) || error.reason !== "UnknownProfile") return error
      const { line, profile } = error
      // With a line it is another profile that names this one.
      if (profile === undefined || line !== undefined) return error
      return Effect.flatMap(withFiles(Profiles.hasIni(profile, options)), (there) =>
        there ? new StsCredentialError({ ...error, reason: "NotConfigured" }) : error
      )
    })
  })

const arranged = (
  environment: CredentialSource<Credentials>,
  options: Options = {}
): Effect.Effect<ReadonlyArray<CredentialSource<Credentials>>, never, Services> =>
  Effect.gen(function* () {
    const withFiles = yield* provideCaptured<FileSystem.FileSystem>()
    const files = {
      CliProfile: Effect.map(CliProfile.make(options), unlessInFile(withFiles, options)),
      CredentialsFile: CredentialsFile.make(options)
    }
    const all = {
      Environment: Effect.succeed(environment),
      Oidc: Oidc.fromEnvironment,
      ...files,
      EcsRamRole: EcsRamRole.make(),
      CredentialsUri: CredentialsUri.make()
    }
    return yield* Chain.arrange<SourceName, Credentials, never, Services>(
      filled(options.profile) === undefined ? all : files,
      options
    )
  })

/**
 * The chain's sources, in order: the environment's key pair, the environment's OIDC token, the command line tool's
 * profile, the shared credentials file, the ECS instance's RAM role, the credentials URI.
 *
 * @category constructors
 * @since 0.1.0
 */
export const sources = (
  options: Options = {}
): Effect.Effect<ReadonlyArray<CredentialSource<Credentials>>, never, Services> =>
  arranged(Environment.source, options)

/**
 * Asks the sources in turn, each time it is asked. The first that is configured gives the credentials or, unless
 * `continueOnFailure` is set, ends the search with its error.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options?: Options): Effect.Effect<CredentialSource<Credentials>, never, Services> =>
  Effect.map(arranged(inEnvironment, options), (all) => hinted(Chain.make("alibaba", name, all, options)))

/**
 * The same as {@link layer}, with options.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerWith = (options: Options): Layer.Layer<CredentialProvider, never, Services> =>
  Layer.merge(refreshing(make(options)), Profiles.layer(["cli", "ini"], options))

/**
 * The chain, its credentials kept and renewed in time. Calls that go through a VPC take the selected profile's region
 * where nothing else states one.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<CredentialProvider, never, Services> = /* @__PURE__ */ layerWith({})
