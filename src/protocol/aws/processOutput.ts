/**
 * What a `credential_process` writes.
 *
 * Source: "Process credential provider", AWS SDKs and Tools Reference Guide.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import type { CredentialErrorReason } from "../../schemas/StsError.js"
import * as Json from "../jsonObject.js"

/**
 * The credentials that a document states.
 *
 * @category models
 * @since 0.1.0
 */
export interface ProcessOutput {
  readonly id: string
  readonly secret: string
  readonly token: string | undefined
  /** As ISO 8601 has it. */
  readonly expiration: string | undefined
  readonly accountId: string | undefined
}

/**
 * What is wrong with a document, without quoting it.
 *
 * @category models
 * @since 0.1.0
 */
export interface OutputFault {
  readonly reason: CredentialErrorReason
  readonly detail: string
}

const fault = (reason: CredentialErrorReason, detail: string) => Either.left({ reason, detail })

/**
 * Reads a document of version 1.
 *
 * @category decoding
 * @since 0.1.0
 */
export const parse = (text: string): Either.Either<ProcessOutput, OutputFault> => {
  const json = Json.parse(text)
  if (json === undefined) return fault("Malformed", "what the command writes is no JSON object")
  if (json["Version"] !== 1) {
    return fault("Unsupported", "what the command writes does not state Version 1, the only one there is")
  }
  const id = Json.text(json, "AccessKeyId")
  const secret = Json.text(json, "SecretAccessKey")
  if (id === undefined || secret === undefined) {
    const missing = id === undefined ? "AccessKeyId" : "SecretAccessKey"
    return fault("Incomplete", `what the command writes has no ${missing}`)
  }
  return Either.right({
    id,
    secret,
    token: Json.text(json, "SessionToken"),
    expiration: Json.text(json, "Expiration"),
    accountId: Json.text(json, "AccountId")
  })
}
