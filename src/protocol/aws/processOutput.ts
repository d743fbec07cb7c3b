/**
 * What a `credential_process` writes.
 *
 * Source: "Process credential provider", AWS SDKs and Tools Reference Guide.
 */
import * as Result from "effect/Result"
import type { CredentialErrorReason } from "../../schemas/StsError.js"
import { beginning, onlyDocument } from "../commandOutput.js"
import * as Json from "../json.js"

/** The credentials that a document states. */
export interface ProcessOutput {
  readonly id: string
  readonly secret: string
  readonly token: string | undefined
  /** As ISO 8601 has it. */
  readonly expiration: string | undefined
  readonly accountId: string | undefined
}

/** What is wrong with a document, without quoting it. */
export interface OutputFault {
  readonly reason: CredentialErrorReason
  readonly detail: string
  readonly hint?: string | undefined
}

const names = {
  id: "AccessKeyId",
  secret: "SecretAccessKey",
  token: "SessionToken",
  expiration: "Expiration",
  accountId: "AccountId"
} as const

const fault = (
  reason: CredentialErrorReason,
  detail: string,
  hint?: string
): Result.Result<never, OutputFault> => Result.fail({ reason, detail, hint })

const misfit = (what: string): OutputFault => ({
  reason: "Malformed",
  detail: `of what the command writes, ${what}`
})

/** Reads a document of version 1. A member of another JSON type than the format's is `Malformed`. */
export const parse = (text: string): Result.Result<ProcessOutput, OutputFault> => {
  const json = Json.parse(text)
  if (json === undefined) {
    return fault("Malformed", `what the command writes is no JSON object: ${beginning(text)}`, onlyDocument)
  }
  return Result.gen(function* () {
    const version = yield* Result.mapError(Json.number(json, "Version"), misfit)
    const { id, secret, ...others } = yield* Result.mapError(Json.texts(json, names), misfit)
    if (version !== 1) {
      return yield* fault(
        "Unsupported",
        "what the command writes does not state Version 1, the only one there is"
      )
    }
    if (id === undefined || secret === undefined) {
      const missing = id === undefined ? names.id : names.secret
      return yield* fault("Incomplete", `what the command writes has no ${missing}`)
    }
    return { id, secret, ...others }
  })
}
