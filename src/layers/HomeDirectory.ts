/**
 * Where the user's folder is, for the files of both clouds; where AWS's shared config and credentials files are, and
 * which profile of them is meant.
 *
 * The rules are those of the "AWS SDKs and Tools Reference Guide", chapter "Location of the shared config and
 * credentials files".
 *
 * @since 0.1.0
 */
import { homedir, platform, userInfo } from "node:os"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { Variable } from "../protocol/settingTable.js"
import type { StsConfigError } from "../schemas/StsError.js"
import { settings } from "../services/setting.js"

/** The variables that tell the user's folder. Blank counts as unset. */
const homeVariables = ["HOME", "USERPROFILE", "HOMEDRIVE", "HOMEPATH"] as const

/** The variables that name the files and the profile. */
export const fileVariables = [
  "AWS_CONFIG_FILE",
  "AWS_SHARED_CREDENTIALS_FILE",
  "AWS_PROFILE",
  "AWS_DEFAULT_PROFILE"
] as const

/** Values of the variables. */
export type Variables = {
  readonly [_ in (typeof homeVariables)[number] | (typeof fileVariables)[number]]?: string | undefined
}

/** What tells file names apart. */
type Platform = "windows" | "other"

/** The home directory, if the environment has it. */
export const home = (env: Variables, platform: Platform): string | undefined => {
  if (env.HOME !== undefined || platform === "other") return env.HOME
  const { HOMEDRIVE: drive, HOMEPATH: path } = env
  return env.USERPROFILE ?? (drive === undefined || path === undefined ? undefined : `${drive}${path}`)
}

/** A file below the user's folder; undefined where that is unknown. */
export const below = (
  env: Variables,
  platform: Platform,
  ...names: ReadonlyArray<string>
): string | undefined => {
  const folder = home(env, platform)
  return folder === undefined ? undefined : [folder, ...names].join(platform === "windows" ? "\\" : "/")
}

const tilde = { windows: /^~(?=$|[\\/])/, other: /^~(?=$|\/)/ }

/** A path with a leading `~` replaced by the home directory. */
export const expand = (path: string, env: Variables, platform: Platform): string =>
  path.replace(tilde[platform], (sign) => home(env, platform) ?? sign)

/** Where a file is. */
export interface Location {
  readonly config: string | undefined
  readonly credentials: string | undefined
  readonly profile: string
  /** The variable that names the profile, if one does. */
  readonly profileKey: "AWS_PROFILE" | "AWS_DEFAULT_PROFILE" | undefined
}

/**
 * Where the files are and which profile is meant. `AWS_DEFAULT_PROFILE` counts where `AWS_PROFILE` is not set.
 */
export const locate = (env: Variables, platform: Platform): Location => {
  const file = (stated: string | undefined, name: string) =>
    stated === undefined ? below(env, platform, ".aws", name) : expand(stated, env, platform)
  const profileKey = (["AWS_PROFILE", "AWS_DEFAULT_PROFILE"] as const).find((key) => env[key] !== undefined)
  return {
    config: file(env.AWS_CONFIG_FILE, "config"),
    credentials: file(env.AWS_SHARED_CREDENTIALS_FILE, "credentials"),
    profile: (profileKey === undefined ? undefined : env[profileKey]) ?? "default",
    profileKey
  }
}

const ofUser = (): string | undefined => {
  try {
    const folder = homedir()
    // Where HOME is empty the first of the two knows no better.
    return folder.trim() === "" ? userInfo().homedir : folder
  } catch {
    return undefined
  }
}

/**
 * The home directory where the environment does not say, as under systemd and cron: the one that the system has for the
 * user, or none. `HOME` counts first, and on Windows `USERPROFILE`, `HOMEDRIVE` and `HOMEPATH`.
 *
 * @category tags
 * @since 0.1.0
 */
export const HomeDirectory = Context.Reference("effect-sts/HomeDirectory", {
  defaultValue: (): Effect.Effect<string | undefined> => Effect.sync(ofUser)
})

/**
 * What tells file names apart here.
 *
 * @category constants
 * @since 0.1.0
 */
export const here: Platform = platform() === "win32" ? "windows" : "other"

type Located<Name extends Variable> = {
  readonly [_ in Name | (typeof homeVariables)[number]]: string | undefined
}

/**
 * Reads settings together with those that files are found by. Where those do not tell the user's folder, `HOME` is what
 * the system says.
 *
 * @category constructors
 * @since 0.1.0
 */
export const located = <Name extends Variable = never>(
  rules: Platform,
  names: ReadonlyArray<Name> = []
): Effect.Effect<Located<Name>, StsConfigError> =>
  Effect.flatMap(settings([...homeVariables, ...names]), (env: Located<Name>) =>
    home(env, rules) === undefined
      ? Effect.map(Effect.flatten(HomeDirectory), (HOME) => ({ ...env, HOME }))
      : Effect.succeed(env)
  )
