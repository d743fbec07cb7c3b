/**
 * What the operations of every cloud have in common.
 *
 * @since 0.1.0
 */
import * as Redacted from "effect/Redacted"
import type {
  ApiErrorOf,
  StsConfigError,
  StsCredentialError,
  StsResponseError,
  StsSignatureError,
  StsTransportError,
  StsValidationError
} from "../schemas/StsError.js"

/**
 * What can go wrong while a request is signed.
 *
 * @category errors
 * @since 0.1.0
 */
export type SigningError = StsCredentialError | StsConfigError | StsSignatureError

/**
 * What an anonymous operation can fail with; the codes it is known for complete in an editor.
 *
 * @category errors
 * @since 0.1.0
 */
export type AnonymousError<Code extends string> =
  | ApiErrorOf<Code>
  | StsValidationError
  | StsConfigError
  | StsTransportError
  | StsResponseError

/**
 * What a signed operation can fail with; the codes it is known for complete in an editor.
 *
 * @category errors
 * @since 0.1.0
 */
export type SignedError<Code extends string> = AnonymousError<Code> | SigningError

/**
 * An operation that needs no field can be called without a request.
 *
 * @category models
 * @since 0.1.0
 */
export type Arguments<Request, Input> =
  Record<string, never> extends Input ? [input?: Input | Request] : [input: Input | Request]

/**
 * Every secret in a value, plain, to be taken out of what is shown.
 *
 * @category secrets
 * @since 0.1.0
 */
export const secretsIn = (value: unknown): ReadonlyArray<string> => {
  if (Redacted.isRedacted(value)) return [String(Redacted.value(value))]
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(secretsIn) : []
}
