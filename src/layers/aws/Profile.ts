/**
 * Credentials of a profile of AWS's shared config and credentials files.
 *
 * Source: "Shared config and credentials files", AWS SDKs and Tools Reference Guide.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as HttpClient from "effect/http/HttpClient"
import type * as Layer from "effect/Layer"
import type * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import type { Base, NamedSource } from "../../protocol/aws/profileBase.js"
import { valueOf } from "../../protocol/aws/profileFault.js"
import type { Section } from "../../protocol/aws/profileFile.js"
import { type Plan, type Role, statedIn } from "../../protocol/aws/profileGraph.js"
import type { AwsKey } from "../../protocol/settingTable.js"
import { Credentials } from "../../schemas/aws/Credentials.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import type { CredentialProvider } from "../../services/aws/CredentialProvider.js"
import { SelectedProfile, SharedConfig } from "../../services/aws/Settings.js"
import type { Signer } from "../../services/aws/Signer.js"
import type { CredentialSource, SourceError } from "../../services/CredentialSource.js"
import { ConfiguredAt, reasonWithout } from "../../services/SourceRequest.js"
import { settings } from "../../services/setting.js"
import { provideCaptured } from "../platform.js"
import { lastingSessionName } from "../roleSource.js"
import * as AssumedRole from "./AssumedRole.js"
import * as Container from "./Container.js"
import { keysIn, refreshing } from "./credentials.js"
import * as Environment from "./Environment.js"
import * as InstanceMetadata from "./InstanceMetadata.js"
import * as Login from "./Login.js"
import * as Process from "./Process.js"
import * as SharedConfigFiles from "./SharedConfigFiles.js"
import * as Sso from "./Sso.js"
import { KeptTokenFiles, TokenFileCache } from "./TokenFile.js"
import * as WebIdentity from "./WebIdentity.js"

const name = SharedConfigFiles.sourceName

type Source = CredentialSource<Credentials>
type WebIdentityBase = Extract<Base, { readonly _tag: "WebIdentity" }>

/** What stays the same as long as a profile's source lives, however often the files change. */
interface Lasting {
  readonly name: string
  /** The sources that `credential_source` names. */
  readonly named: Readonly<Record<NamedSource, Source>>
  readonly sessionName: Effect.Effect<string>
  /** What is known of sessions beyond what their files say. */
  readonly memories: TokenFileCache
}

const whereIs = (profile: Section, key: AwsKey) => {
  const { file, line } = profile.settings.get(key) ?? profile
  return { file, line, profile: profile.name }
}

// A profile that names a source is configured: that the source has nothing is no reason to look elsewhere. The source
// itself does not know what named it.
const required = (name: string, profile: Section, source: Source): Source => {
  const where = whereIs(profile, "credential_source")
  const named = (error: StsCredentialError): StsCredentialError =>
    error.reason === "NotConfigured"
      ? new StsCredentialError({
          cloud: "aws",
          source: name,
          reason: reasonWithout(error),
          detail: `credential_source names ${source.name}, which has no credentials: ${error.detail}`,
          key: "credential_source",
          cause: error.cause,
          ...where
        })
      : new StsCredentialError({
          ...error,
          key: error.key ?? "credential_source",
          ...(error.file === undefined ? where : undefined)
        })
  return {
    ...source,
    get: Effect.mapError(source.get, (error) => (error instanceof StsCredentialError ? named(error) : error))
  }
}

const tokenAlone = (name: string, profile: Section) =>
  new StsCredentialError({
    cloud: "aws",
    source: name,
    reason: "Incomplete",
    key: "sso_account_id",
    detail: "signing in without sso_account_id and sso_role_name gives a token, but no credentials",
    hint: "Set both, to the account and the role that you want credentials for.",
    ...whereIs(profile, "sso_session")
  })

const sessionNameVariable = "AWS_ROLE_SESSION_NAME"

// The variable is read where the profile states no name, and only then.
const webIdentity = ({ sessionName }: Lasting, profile: Section, base: WebIdentityBase) =>
  Effect.gen(function* () {
    const stated = statedIn(profile)
    const variable =
      base.roleSessionName === undefined
        ? (yield* settings([sessionNameVariable]))[sessionNameVariable]
        : undefined
    const made = WebIdentity.make({
      roleArn: base.roleArn,
      token: { file: base.tokenFile },
      roleSessionName: base.roleSessionName ?? variable ?? (yield* sessionName),
      durationSeconds: base.durationSeconds
    })
    return yield* Effect.provideService(made, ConfiguredAt, {
      ...whereIs(profile, "web_identity_token_file"),
      stated: variable === undefined ? stated : { ...stated, roleSessionName: { key: sessionNameVariable } }
    })
  })

const baseSource = (
  lasting: Lasting,
  { base, profile }: Plan
): Effect.Effect<Source, SourceError, Services> => {
  const { name, named } = lasting
  const at = (key: AwsKey) => Effect.provideService(ConfiguredAt, whereIs(profile, key))
  switch (base._tag) {
    case "Keys":
      return Effect.succeed<Source>({
        name,
        get: Effect.suspend(() => Effect.fromResult(keysIn(name, profile)))
      })
    case "Named":
      return Effect.succeed(required(name, profile, named[base.from]))
    case "WebIdentity":
      return webIdentity(lasting, profile, base)
    case "Process":
      return Process.make({ command: base.command, accountId: valueOf(profile, "aws_account_id") }).pipe(
        at("credential_process")
      )
    case "Sso": {
      const { _tag, regionAt, ...options } = base
      return Effect.provideService(Sso.make(options), ConfiguredAt, {
        ...whereIs(profile, "sso_account_id"),
        stated: { region: { key: "sso_region", ...regionAt } }
      })
    }
    case "SsoToken":
      return Effect.fail(tokenAlone(name, profile))
    case "Login":
      return Login.make({ loginSession: base.loginSession }).pipe(at("login_session"))
  }
}

const roleSource = ({ sessionName }: Lasting, below: Source, role: Role) => {
  const { file, line, profile, roleSessionName, stated, ...asked } = role
  return Effect.flatMap(sessionName, (lasting) =>
    AssumedRole.make(below, { ...asked, roleSessionName: roleSessionName ?? lasting }).pipe(
      Effect.provideService(ConfiguredAt, { file, line, profile, stated })
    )
  )
}

/**
 * The source of a profile's first credentials, with the roles over it: each asks the one below for the credentials to
 * assume it with.
 */
const sourceOf = (lasting: Lasting, plan: Plan): Effect.Effect<Source, SourceError, Services> =>
  Effect.flatMap(Effect.provideService(baseSource(lasting, plan), KeptTokenFiles, lasting.memories), (base) =>
    Effect.reduce(
      plan.roles,
      () => base,
      (below, role) => roleSource(lasting, below, role)
    )
  )

// This tells whose they are, for example to the cache that processes share.
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
export type Services =
  | Signer
  | HttpClient.HttpClient
  | FileSystem.FileSystem
  | ChildProcessSpawner.ChildProcessSpawner

/**
 * Reads the files each time it is asked and gets the credentials of the selected profile: its key pair, what its
 * process prints, a role's for a token or over another profile's credentials, and so on. Region and endpoints of the
 * profile count for the requests that this takes.
 *
 * Where nobody named a profile and there is no `default`, or the profile has no setting for credentials, the source is
 * `NotConfigured`. A named profile that does not exist is `UnknownProfile`, and one whose credential settings are
 * misspelt, or stand where nobody reads them, is `Incomplete`. Half a key pair, a pair split over both files, two
 * sources for one role, profiles that refer to each other in a circle, settings that are indented into another one's
 * value and lines that are not settings are errors that name file, line and key.
 *
 * @example
 * ```ts
 * import { Aws } from "effect-sts"
 *
 * const production = Aws.Profile.layerWith({ profile: "production" })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options: Options = {}): Effect.Effect<CredentialSource<Credentials>, never, Services> =>
  Effect.gen(function* () {
    const withServices = yield* provideCaptured<Services>()
    const load = yield* SharedConfigFiles.make
    const lasting: Lasting = {
      name,
      named: {
        Environment: Environment.source,
        EcsContainer: yield* Container.make(),
        Ec2InstanceMetadata: yield* Effect.provideService(
          InstanceMetadata.make({ required: true }),
          SelectedProfile,
          SharedConfigFiles.rawSettings(load, options)
        )
      },
      sessionName: lastingSessionName(),
      memories: new TokenFileCache()
    }
    const get = Effect.gen(function* () {
      const loaded = yield* load(options)
      const way = yield* Effect.tapError(Effect.fromResult(SharedConfigFiles.planOf(loaded)), ({ reason }) =>
        reason === "NotConfigured" ? SharedConfigFiles.warnOfSlips(load, loaded) : Effect.void
      )
      const settings = yield* Effect.fromResult(SharedConfigFiles.settingsOf(loaded))
      const got = Effect.flatMap(sourceOf(lasting, way), (source) => source.get)
      const credentials = yield* Effect.provideService(got, SharedConfig, Effect.succeed(settings))
      return fromProfile(loaded.profile, credentials)
    })
    return { name, get: withServices(get) }
  })

/**
 * The same as {@link layer}, with options.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerWith = (options: Options): Layer.Layer<CredentialProvider, never, Services> =>
  refreshing(make(options))

/**
 * The profile alone, its credentials kept and renewed in time.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<CredentialProvider, never, Services> = /* @__PURE__ */ layerWith({})
