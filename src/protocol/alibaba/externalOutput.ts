/**
 * What the command of a profile of mode External writes.
 *
 * Source: "Configure credentials", chapter "External", Alibaba Cloud CLI documentation.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import * as Json from "../jsonObject.js"
import type { Fault } from "./section.js"

/**
 * How the document calls its fields.
 *
 * @category constants
 * @since 0.1.0
 */
export const keys = {
  id: "access_key_id",
  secret: "access_key_secret",
  token: "sts_token",
  expiration: "expiration"
} as const

/**
 * The credentials that a document states.
 *
 * @category models
 * @since 0.1.0
 */
export type ExternalOutput = { readonly [_ in keyof typeof keys]: string | undefined }

const modes: ReadonlyArray<string> = ["ak", "ststoken"]

const fault = (reason: Fault["reason"], detail: string) =>
  Either.left({ reason, detail: `what the command writes ${detail}` })

/**
 * Reads a document. Without a `mode` it is of mode `StsToken` where it has a token.
 *
 * @category decoding
 * @since 0.1.0
 */
export const parse = (text: string): Either.Either<ExternalOutput, Fault> => {
  const json = Json.parse(text)
  if (json === undefined) return fault("Malformed", "is no JSON object")
  const mode = Json.text(json, "mode")?.trim().toLowerCase()
  if (mode !== undefined && !modes.includes(mode)) {
    return fault("Unsupported", "is of another mode than AK and StsToken")
  }
  const missing = [keys.id, keys.secret, ...(mode === "ststoken" ? [keys.token] : [])].find(
    (key) => Json.text(json, key) === undefined
  )
  if (missing !== undefined) return fault("Incomplete", `has no ${missing}`)
  return Either.right({
    id: Json.text(json, keys.id),
    secret: Json.text(json, keys.secret),
    token: mode === "ak" ? undefined : Json.text(json, keys.token),
    expiration: Json.text(json, keys.expiration)
  })
}
