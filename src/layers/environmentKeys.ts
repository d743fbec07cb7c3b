/**
 * A key pair from the environment, or whatever Effect's ConfigProvider stands for.
 *
 * @since 0.1.0
 */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import { StsConfigError } from "../schemas/StsError.js"
import type { Found, Place } from "./keyPair.js"

const variable = (name: string) => Config.withDefault(Config.string(name), undefined)

/**
 * Reads the variables that hold a key pair, each time it is run.
 *
 * @category constructors
 * @since 0.1.0
 */
export const variables = ({ id, secret, token }: Place["keys"]): Effect.Effect<Found, StsConfigError> =>
  Config.all({ id: variable(id), secret: variable(secret), token: variable(token) }).pipe(
    // A ConfigError may print what it found.
    Effect.mapError(() => new StsConfigError({ key: id, detail: "could not be read from the configuration" }))
  )
