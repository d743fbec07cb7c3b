/**
 * What a failed call of a credential source's own means to who asked for credentials.
 *
 * @since 0.1.0
 */
import {
  type Cloud,
  type CredentialErrorReason,
  type FailedCall,
  StsConfigError,
  StsCredentialError
} from "../schemas/StsError.js"
import type { SourceError } from "./CredentialSource.js"

/**
 * Which source failed, and where it was configured.
 *
 * @category models
 * @since 0.1.0
 */
export interface Source {
  readonly cloud: Cloud
  readonly source: string
  readonly file?: string | undefined
  readonly line?: number | undefined
  readonly profile?: string | undefined
}

const reasonOf = (error: FailedCall): CredentialErrorReason => {
  switch (error._tag) {
    case "StsApiError":
      return error.retryable ? "Unavailable" : "Refused"
    case "StsTransportError":
      return error.reason === "Tls" || error.reason === "InvalidRequest" ? "Refused" : "Unavailable"
    case "StsResponseError":
      return "Unavailable"
    default:
      return "Malformed"
  }
}

/**
 * The source's error for a call that failed; the errors of a source below it stay what they are.
 *
 * @category errors
 * @since 0.1.0
 */
export const fromCall =
  (source: Source) =>
  (error: FailedCall | SourceError): SourceError =>
    error instanceof StsCredentialError || error instanceof StsConfigError
      ? error
      : new StsCredentialError({
          ...source,
          reason: reasonOf(error),
          detail: error.message.replace(/\.$/, ""),
          key: error._tag === "StsValidationError" ? error.field : undefined,
          cause: error
        })
