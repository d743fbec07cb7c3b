/** Layers whose options come from the program's own configuration. */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { StsConfigError } from "../schemas/StsError.js"
import { settingIn } from "../services/fiber.js"

/**
 * Options each of which is given as it is, or as a `Config` that reads it.
 *
 * @category models
 * @since 4.0.0
 */
export type Configurable<Options> = {
  readonly [Name in keyof Options]: Options[Name] | Config.Config<Options[Name]>
}

// A failure may print what it found, so nothing of it is kept.
const configured = (key: string, value: unknown): Effect.Effect<unknown, StsConfigError> =>
  Config.isConfig(value)
    ? Effect.mapError(value, (error) => {
        const detail = "could not be read from the configuration"
        const setting = settingIn(error)
        return new StsConfigError({
          key,
          detail: setting === undefined ? detail : `${detail}: ${setting} is missing or not valid`
        })
      })
    : Effect.succeed(value)

/** A layer whose options are read from the configuration when it is built. */
export const fromConfig =
  <Options extends object, A, E, R>(layer: (options: Options) => Layer.Layer<A, E, R>) =>
  (options: Configurable<Options>): Layer.Layer<A, E | StsConfigError, R> =>
    Layer.unwrap(
      Effect.map(
        Effect.forEach(Object.entries(options), ([key, value]) => configured(key, value)),
        (found) =>
          layer(
            Object.fromEntries(found.map((value, index) => [Object.keys(options)[index], value])) as Options
          )
      )
    )
