/**
 * Credentials in a profile of the vendor's command line tool.
 *
 * @since 4.0.0
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Redacted from "effect/Redacted"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import type { SourceError } from "../../services/CredentialSource.js"
import * as ConfigFile from "./cliConfigFile.js"

/**
 * Which profile to write.
 *
 * @category models
 * @since 4.0.0
 */
export interface Options {
  /** The profile, which is created if it does not exist. */
  readonly profile: string
  /** Instead of `~/.aliyun/config.json`. `ALIBABA_CLOUD_CONFIG_FILE`. */
  readonly configFile?: string | undefined
  /** The region of its calls. Default: that of the current profile, for a new one. */
  readonly region?: string | undefined
}

/**
 * Writes credentials into a profile of the tool's config file, and tells which file that is: temporary ones in mode
 * `StsToken`, others in mode `AK`. A profile of another mode is left as it is, and is an error. All other profiles and
 * settings stay as they are. The file is replaced in one step, readable by its owner only.
 *
 * @category constructors
 * @since 4.0.0
 */
export const write = (
  { accessKeyId, accessKeySecret, expiration, securityToken }: Credentials,
  { region, ...options }: Options
): Effect.Effect<string, SourceError, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const mode = securityToken === undefined ? "AK" : "StsToken"
    const place = yield* ConfigFile.placeOf(mode, options)
    yield* ConfigFile.keep(place, mode, {
      access_key_id: accessKeyId,
      access_key_secret: Redacted.value(accessKeySecret),
      sts_token: securityToken === undefined ? "" : Redacted.value(securityToken),
      sts_expiration: expiration === undefined ? 0 : Math.floor(DateTime.toEpochMillis(expiration) / 1_000),
      ...(region === undefined ? {} : { region_id: region })
    })
    return place.file
  })
