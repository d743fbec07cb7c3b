/**
 * Credentials from the shared credentials file.
 *
 * Source: "Manage access credentials", Alibaba Cloud SDK documentation.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Ini from "../../protocol/alibaba/credentialsFile.js"
import { type Fault, listed, type Section } from "../../protocol/alibaba/section.js"
import type { Setting } from "../../protocol/settings.js"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import type { StsCredentialError } from "../../schemas/StsError.js"
import type { CredentialProvider } from "../../services/alibaba/CredentialProvider.js"
import type { CredentialSource } from "../../services/CredentialSource.js"
import * as PrivateFile from "../PrivateFile.js"
import { refreshing } from "./credentials.js"
import * as ProfileResolver from "./profileResolver.js"
import * as Profiles from "./profiles.js"

/**
 * The file and the profile.
 *
 * @category models
 * @since 0.1.0
 */
export interface Options extends Pick<Profiles.Options, "credentialsFile" | "profile"> {}

/**
 * What a profile may need.
 *
 * @category models
 * @since 0.1.0
 */
export type Services = ProfileResolver.Services

const { ini } = Profiles

type Loaded = Profiles.Loaded<Ini.CredentialsFile>

// `[profile dev]`, `["dev"]` and `[Dev]` are other tools' ways, or slips, of writing `[dev]`.
const bareName = (name: string): string =>
  name
    .replace(/^profile\s+/i, "")
    .replace(/["']/g, "")
    .trim()
    .toLowerCase()

const malformed = ({ file }: Loaded, detail: string, more: Partial<Fault>): StsCredentialError =>
  Profiles.errorOf(ini, file, { reason: "Malformed", detail, ...more })

const missing = (loaded: Loaded, name: string): StsCredentialError => {
  const { content, file, named } = loaded
  for (const [other, { line }] of content.profiles) {
    if (bareName(other) === bareName(name)) {
      const detail = `the profile ${listed([name])} has the header [${listed([other])}] here`
      return malformed(loaded, detail, { line, profile: name, hint: `Write [${listed([name])}].` })
    }
  }
  // It may be the one whose header makes no sense.
  if (content.fault !== undefined) return malformed(loaded, content.fault.detail, content.fault)
  const known = content.profiles.size === 0 ? "it has none" : `it has ${listed(content.profiles.keys())}`
  return Profiles.errorOf(ini, file, {
    reason: named === undefined ? "NotConfigured" : "UnknownProfile",
    detail: `there is no profile ${listed([name])} in ${file}; ${known}`,
    profile: name,
    key: named?.key
  })
}

const find = (loaded: Loaded): Result.Result<Section, StsCredentialError> => {
  const name = loaded.named?.value ?? "default"
  const found = loaded.content.profiles.get(name)
  if (found === undefined) return Result.fail(missing(loaded, name))
  const { fault, ...profile } = found
  return fault === undefined
    ? Result.succeed({ name, ...profile })
    : Result.fail(malformed(loaded, fault.detail, { line: fault.line, profile: name }))
}

// One that is disabled is skipped, unless it is the only one that was asked for.
const disabledThough =
  (named: Setting | undefined) =>
  (fault: Fault): Fault =>
    named !== undefined && fault.reason === "NotConfigured"
      ? { ...fault, reason: "Incomplete", key: named.key, hint: "Enable it, or select another profile." }
      : fault

const wayIn = (loaded: Loaded): Result.Result<ProfileResolver.Found, StsCredentialError> =>
  Result.flatMap(find(loaded), (section) =>
    Result.mapBoth(Ini.plan(section), {
      onFailure: (fault) => Profiles.errorOf(ini, loaded.file, disabledThough(loaded.named)(fault)),
      onSuccess: (way) => ({ file: loaded.file, way })
    })
  )

/**
 * Reads a profile of the shared credentials file each time it is asked. `type` is `access_key` (or absent), `sts`,
 * `ecs_ram_role`, `ram_role_arn`, `oidc_role_arn` or `credentials_uri`.
 *
 * Without a file, or a `default` profile in it, or with `enable = false`, the source is not configured; a named file or
 * profile that does not exist or is disabled, half a key pair, an unknown type or a malformed line is an error that
 * names file, line and key. Only the profile in use has to be valid. A file that others can read is warned about once.
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options: Options = {}): Effect.Effect<CredentialSource<Credentials>, never, Services> =>
  Effect.flatMap(PrivateFile.make, (privateFile) =>
    ProfileResolver.source(
      ini.source,
      "type",
      Effect.flatMap(Profiles.loadIni(privateFile, options), (loaded) => Effect.fromResult(wayIn(loaded)))
    )
  )

/**
 * The same as {@link layer}, with options.
 *
 * @category layers
 * @since 0.1.0
 */
export const layerWith = (options: Options): Layer.Layer<CredentialProvider, never, Services> =>
  Layer.merge(refreshing(make(options)), Profiles.layer(["ini"], options))

/**
 * The credentials file alone, its credentials kept and renewed in time.
 *
 * @category layers
 * @since 0.1.0
 */
export const layer: Layer.Layer<CredentialProvider, never, Services> = /* @__PURE__ */ layerWith({})
