/** What AWS's shared config files say about how requests are made. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { StsConfigError } from "../../schemas/StsError.js"

/** A setting, and where it stands. */
export interface Stated {
  readonly key: string
  readonly value: string
  readonly file: string
  readonly line: number
}

/** The settings of the selected profile. Blank counts as unset. */
export interface Settings {
  /** A setting of the profile's own, for example `region`. */
  readonly of: (key: string) => Stated | undefined
  /**
   * A setting of one service in the `[services]` section that the profile names, for example `sts`'s `endpoint_url`. That
   * there is no such section is an error of who looks there.
   */
  readonly ofService: (service: string, key: string) => Result.Result<Stated | undefined, StsConfigError>
  /** Why the files tell nothing; undefined where they can be used. */
  readonly broken?: Broken | undefined
}

/** Files that nobody can read settings from. */
export interface Broken {
  /** For who needs what only the files can tell. */
  readonly error: StsConfigError
  /** For who can do without: warns once. */
  readonly passOver: Effect.Effect<void>
}

/** No settings. */
export const nothing: Settings = { of: () => undefined, ofService: () => Result.succeed(undefined) }

/**
 * Gives what the shared config files say at the time it is run. Nothing, where nobody provides it: `AwsNode` and
 * `AwsBlocking` do.
 */
export const SharedConfig = Context.Reference("effect-sts/aws/SharedConfig", {
  defaultValue: (): Effect.Effect<Settings, StsConfigError> => Effect.succeed(nothing)
})
