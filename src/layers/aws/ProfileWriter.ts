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
import { deciding, keys } from "../../protocol/aws/profileFault.js"
import { empty, parse } from "../../protocol/aws/profileFile.js"
import { merge, plan } from "../../protocol/aws/profileGraph.js"
import type { Credentials } from "../../schemas/aws/Credentials.js"
import { StsCredentialError } from "../../schemas/StsError.js"
import type { SourceError } from "../../services/CredentialSource.js"
import * as SignIn from "../signIn.js"
import * as SharedConfigFiles from "./SharedConfigFiles.js"

const hint = "Name another profile: one that does not exist is made."

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

type Text = readonly [file: string, text: string]

/** Whether a profile holds keys that cannot be obtained a second time. */
const holdsLongTermKeys = (file: string, text: string, profile: string): boolean => {
  const sections = Result.getOrUndefined(parse("credentials", file, text))
  const settings = sections?.profiles.get(profile)?.settings
  return settings?.has(keys.secret) === true && !settings.has(keys.token) && !settings.has(keys.oldToken)
}

/** The setting of a profile with keys that counts before them. Files that cannot be read have none. */
const countsFirst = (config: Text, credentials: Text, profile: string) => {
  const sections = merge(
    Result.getOrElse(parse("config", ...config), () => empty),
    Result.getOrElse(parse("credentials", ...credentials), () => empty)
  )
  const way = Result.getOrUndefined(plan(sections, profile))
  if (way !== undefined && way.base._tag === "Keys" && way.roles.length === 0) return undefined
  const settings = sections.profiles.get(profile)?.settings
  const key = deciding.find((one) => settings?.has(one))
  const entry = key && settings?.get(key)
  return entry && { key, file: entry.file, line: entry.line }
}

/**
 * Writes credentials into a profile of the shared credentials file, and returns that file's path. A profile with
 * long-term keys is left as it is, and is an error; so is one with a setting, in either file, that counts before keys,
 * such as `role_arn`. All other lines and comments stay as they are. The file is replaced in one step, readable by its
 * owner only.
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
      return yield* new StsCredentialError({ ...source, reason: "Malformed", file, detail, hint })
    }
    const changes = {
      [keys.id]: accessKeyId,
      [keys.secret]: Redacted.value(secretAccessKey),
      [keys.token]: sessionToken && Redacted.value(sessionToken),
      [keys.oldToken]: undefined
    }
    const changed = withProfile("credentials", text, profile, changes)
    const configFile = yield* SharedConfigFiles.configFileOf
    const config = configFile && (yield* SignIn.textIn(yield* FileSystem.FileSystem, configFile))
    const first = countsFirst([configFile ?? "", config ?? ""], [file, changed], profile)
    if (first !== undefined) {
      const detail = `profile ${profile} states ${first.key}, which counts before keys, so keys written there are not used`
      return yield* new StsCredentialError({ ...source, reason: "Malformed", ...first, detail, hint })
    }
    yield* SignIn.keep(source, file, changed)
    return file
  })
