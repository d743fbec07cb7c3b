/**
 * Tokens of IAM Identity Center: those that `aws sso login` keeps, for services that take a token instead of a signature.
 *
 * @since 0.1.0
 */

import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as HttpClient from "effect/http/HttpClient"
import { faultOf } from "../../protocol/aws/profileFault.js"
import type { Plan } from "../../protocol/aws/profileGraph.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import { SharedConfig } from "../../services/aws/Settings.js"
import { ConfiguredAt } from "../../services/SourceRequest.js"
import { provideCaptured } from "../platform.js"
import * as SharedConfigFiles from "./SharedConfigFiles.js"
import * as SsoSession from "./ssoSession.js"
import { KeptTokenFiles, TokenFileCache } from "./TokenFile.js"

export type {
  /**
   * A token, and when it ends.
   *
   * @since 0.1.0
   */
  BearerToken,
  /**
   * Where a person signs in.
   *
   * @since 0.1.0
   */
  Options,
  /**
   * Gives the token to use now.
   *
   * @since 0.1.0
   */
  TokenSource
} from "./ssoSession.js"
export {
  /**
   * Reads the token each time it is asked.
   *
   * @since 0.1.0
   */
  make
} from "./ssoSession.js"

type Services = HttpClient.HttpClient | FileSystem.FileSystem

const sessionOf = ({ base, profile }: Plan) =>
  Effect.gen(function* () {
    if (base._tag === "Sso" || base._tag === "SsoToken") {
      const { file, line } = profile.settings.get("sso_session") ?? profile
      const stated = { region: { key: "sso_region", ...base.regionAt } }
      return { options: base, where: { file, line, profile: profile.name, stated } }
    }
    return yield* Effect.mapError(
      Effect.fromResult(
        faultOf(profile, "Incomplete", "sso_session", "the profile does not say where to sign in")
      ),
      (fault) => new StsCredentialError({ cloud: "aws", source: SsoSession.source, ...fault })
    )
  })

/**
 * Reads AWS's shared config files each time it is asked and gives the token of the selected profile's `sso_session`.
 * The profile needs no `sso_account_id` and no `sso_role_name`: a token is not bound to a role.
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromProfile = (
  given?: SharedConfigFiles.Options
): Effect.Effect<SsoSession.TokenSource, never, Services> =>
  Effect.gen(function* () {
    const withServices = yield* provideCaptured<Services>()
    const load = yield* SharedConfigFiles.make
    const memories = new TokenFileCache()
    const get = Effect.gen(function* () {
      const loaded = yield* load(given)
      const { options, where } = yield* sessionOf(yield* Effect.fromResult(SharedConfigFiles.planOf(loaded)))
      const settings = yield* Effect.fromResult(SharedConfigFiles.settingsOf(loaded))
      return yield* Effect.flatMap(SsoSession.make(options), (source) => source.get).pipe(
        Effect.provideService(ConfiguredAt, where),
        Effect.provideService(KeptTokenFiles, memories),
        Effect.provideService(SharedConfig, Effect.succeed(settings))
      )
    })
    return { name: SsoSession.source, get: withServices(get) }
  })
