/** A key pair from the environment, or whatever Effect's ConfigProvider stands for. */
import * as Effect from "effect/Effect"
import type { StsConfigError } from "../schemas/StsError.js"
import { textOf } from "../services/configProvider.js"
import type { Found, Place } from "./keyPair.js"

// Only what is blank is unset: a line break at a key's end is for the reader of keys to tell of.
const variable = (name: string | undefined): Effect.Effect<string | undefined, StsConfigError> =>
  name === undefined
    ? Effect.succeed(undefined)
    : Effect.map(textOf(name), (text = "") => (text.trim() === "" ? undefined : text))

/** Reads the variables that hold a key pair, each time it is run. Blank counts as unset. */
export const variables = ({
  expiration,
  id,
  secret,
  token
}: Place["keys"]): Effect.Effect<Found, StsConfigError> =>
  Effect.all({
    id: variable(id),
    secret: variable(secret),
    token: variable(token),
    expiration: variable(expiration)
  })
