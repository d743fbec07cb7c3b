/**
 * Where the user's folder is, for the files of both clouds.
 *
 * @since 0.1.0
 */
import { homedir, platform, userInfo } from "node:os"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { home, homeVariables, type Platform } from "../protocol/aws/profileLocation.js"
import type { StsConfigError } from "../schemas/StsError.js"
import { settings } from "../services/setting.js"

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
 * The user's folder where the environment does not tell it, as under systemd and cron: the one that the system has for
 * the user, or none. `HOME` counts first, and on Windows `USERPROFILE`, `HOMEDRIVE` and `HOMEPATH`.
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

type Located<Name extends string> = {
  readonly [_ in Name | (typeof homeVariables)[number]]: string | undefined
}

/**
 * Reads settings together with those that files are found by. Where those do not tell the user's folder, `HOME` is what
 * the system says.
 *
 * @category constructors
 * @since 0.1.0
 */
export const located = <Name extends string = never>(
  rules: Platform,
  names: ReadonlyArray<Name> = []
): Effect.Effect<Located<Name>, StsConfigError> =>
  Effect.flatMap(settings([...homeVariables, ...names]), (env: Located<Name>) =>
    home(env, rules) === undefined
      ? Effect.map(Effect.flatten(HomeDirectory), (HOME) => ({ ...env, HOME }))
      : Effect.succeed(env)
  )
