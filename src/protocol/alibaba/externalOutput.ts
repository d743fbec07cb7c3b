/**
 * What the command of a profile of mode External writes.
 *
 * Source: "Configure credentials", chapter "External", Alibaba Cloud CLI documentation.
 */
import * as Result from "effect/Result"
import { beginning, onlyDocument } from "../commandOutput.js"
import { fromSeconds } from "../encoding.js"
import * as Json from "../json.js"
import type { Fault } from "./section.js"

/** How the document calls its fields. */
export const keys = {
  id: "access_key_id",
  secret: "access_key_secret",
  token: "sts_token",
  expiration: "expiration"
} as const

/** The credentials that a document states. */
export type ExternalOutput = { readonly [_ in keyof typeof keys]: string | undefined }

const modes: ReadonlyArray<string> = ["ak", "ststoken"]

const fault = (reason: Fault["reason"], detail: string, hint?: string): Result.Result<never, Fault> =>
  Result.fail({ reason, detail: `what the command writes ${detail}`, hint })

const misfit = (what: string): Fault => ({
  reason: "Malformed",
  detail: `of what the command writes, ${what}`
})

/** The end as the profiles of the vendor's tool have it: in seconds since 1970. */
const sessionEnd = "sts_expiration"

/** Reads a document. Without a `mode` it is of mode `StsToken` where it has a token. */
export const parse = (text: string): Result.Result<ExternalOutput, Fault> => {
  const json = Json.parse(text)
  if (json === undefined) return fault("Malformed", `is no JSON object: ${beginning(text)}`, onlyDocument)
  return Result.gen(function* () {
    const { mode: stated, ...found } = yield* Result.mapError(
      Json.texts(json, { ...keys, mode: "mode" }),
      misfit
    )
    const ends = yield* Result.mapError(Json.number(json, sessionEnd), misfit)
    const mode = stated?.trim().toLowerCase()
    if (mode !== undefined && !modes.includes(mode)) {
      return yield* fault("Unsupported", "is of another mode than AK and StsToken")
    }
    const missing = (["id", "secret", ...(mode === "ststoken" ? (["token"] as const) : [])] as const).find(
      (field) => found[field] === undefined
    )
    if (missing !== undefined) return yield* fault("Incomplete", `has no ${keys[missing]}`)
    if (mode === "ak") return { ...found, token: undefined }
    if (found.expiration !== undefined || ends === undefined || ends === 0) return found
    const expiration = fromSeconds(ends)
    return expiration === undefined
      ? yield* fault("Malformed", `has a ${sessionEnd} that is no point in time`)
      : { ...found, expiration }
  })
}
