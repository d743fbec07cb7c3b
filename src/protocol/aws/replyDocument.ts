/**
 * The documents that replies of the AWS query protocol come in.
 *
 * Source: "AWS Query protocol", Smithy documentation; the error documents of EC2 and S3 as their API references have
 * them, because what stands in front of a service may answer like those.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import type { Structure } from "./shape.js"
import { type DecodeFault, decode } from "./xmlDecode.js"
import { child, type Element } from "./xmlElement.js"

const textIn = (element: Element | undefined, name: string): string | undefined => {
  const text = element === undefined ? undefined : child(element, name)?.text.trim()
  return text === "" ? undefined : text
}

/**
 * The id that the service gave the request.
 *
 * @category accessors
 * @since 0.1.0
 */
export const requestIdOf = (root: Element): string | undefined =>
  textIn(child(root, "ResponseMetadata"), "RequestId") ??
  textIn(root, "RequestId") ??
  textIn(root, "RequestID") ??
  textIn(child(root, "Error"), "RequestId")

/**
 * The output of an action: what stands in `<ActionResult>` within `<ActionResponse>`.
 *
 * @category decoding
 * @since 0.1.0
 */
export const resultOf = (
  action: string,
  output: Structure,
  root: Element
): Either.Either<unknown, DecodeFault> => {
  if (root.name !== `${action}Response`) {
    return Either.left({ path: root.name, reason: `is no ${action}Response` })
  }
  const result = child(root, `${action}Result`)
  if (result !== undefined) return decode(output, result)
  return Object.keys(output.members).length === 0
    ? Either.right({})
    : Either.left({ path: root.name, reason: `has no ${action}Result` })
}

/**
 * A refusal in the service's words.
 *
 * @category models
 * @since 0.1.0
 */
export interface ErrorDocument {
  readonly code: string
  readonly message: string | undefined
  /** Whose fault it is, `Sender` or `Receiver`, where the service says so. */
  readonly type: string | undefined
  readonly requestId: string | undefined
  /** Where the error's own fields stand. */
  readonly element: Element
}

const errorElement = (root: Element): Element | undefined => {
  if (root.name === "Error") return root
  const errors = child(root, "Errors")
  return child(root, "Error") ?? (errors === undefined ? undefined : child(errors, "Error"))
}

/**
 * The error that a document states: `<ErrorResponse>`, `<Error>` on its own, or `<Response><Errors>`. None where it
 * has no code.
 *
 * @category decoding
 * @since 0.1.0
 */
export const errorOf = (root: Element): ErrorDocument | undefined => {
  const element = errorElement(root)
  const code = textIn(element, "Code")
  if (element === undefined || code === undefined) return undefined
  return {
    code,
    message: textIn(element, "Message") ?? textIn(element, "message"),
    type: textIn(element, "Type"),
    requestId: requestIdOf(root),
    element
  }
}
