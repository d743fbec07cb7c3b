/**
 * Credentials in a profile of AWS's shared credentials file.
 *
 * @since 4.0.0
 */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { withProfile } from "../../protocol/aws/profileEdit.js"
import { keys } from "../../protocol/aws/profileFault.js"
import { parse } from "../../protocol/aws/profileFile.js"
import type { Credentials } from "../../schemas/aws/Credentials.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import type { SourceError } from "../../services/CredentialSource.js"
import * as SignIn from "../signIn.js"
import * as SharedConfigFiles from "./SharedConfigFiles.js"

/**
 * Which profile is written.
 *
 * @category models
 * @since 4.0.0
 */
export interface Options {
  /** The profile, which is made where there is none. */
  readonly profile: string
  /** Instead of `~/.aws/credentials`. `AWS_SHARED_CREDENTIALS_FILE`. */
  readonly file?: string | undefined
}

/** Whether a profile holds keys that cannot be obtained a second time. */
const holdsLongTermKeys = (file: string, text: string, profile: string): boolean => {
  const sections = Result.getOrUndefined(parse("credentials", file, text))
  const settings = sections?.profiles.get(profile)?.settings
  return settings?.has(keys.secret) === true && !settings.has(keys.token) && !settings.has(keys.oldToken)
}

/**
 * Writes credentials into a profile of the shared credentials file, and returns that file's path. A profile with
 * long-term keys is left as it is, and is an error. All other lines and comments stay as they are. The file is replaced
 * in one step, readable by its owner only.
 *
 * @category constructors
 * @since 4.0.0
 */
export const write = (
  { accessKeyId, secretAccessKey, sessionToken }: Credentials,
  { file: stated, profile }: Options
): Effect.Effect<string, SourceError, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const source = { cloud: "aws", source: SharedConfigFiles.sourceName, profile } as const
    const file = yield* SharedConfigFiles.credentialsFileOf(stated)
    if (file === undefined) {
      const detail = "the home directory, where credentials are kept, is unknown"
      return yield* new StsCredentialError({ ...source, reason: "Unreadable", detail, hint: "Set HOME." })
    }
    const text = (yield* SignIn.existing(source, yield* FileSystem.FileSystem, file)) ?? ""
    if (holdsLongTermKeys(file, text, profile)) {
      const detail = `profile ${profile} holds long-term keys, which would be lost`
      const hint = "Name another profile: one that does not exist is made."
      return yield* new StsCredentialError({ ...source, reason: "Malformed", file, detail, hint })
    }
    const changes = {
      [keys.id]: accessKeyId,
      [keys.secret]: Redacted.value(secretAccessKey),
      [keys.token]: sessionToken && Redacted.value(sessionToken),
      [keys.oldToken]: undefined
    }
    yield* SignIn.keep(source, file, withProfile("credentials", text, profile, changes))
    return file
  })
