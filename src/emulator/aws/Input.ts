/** A request as AWS reads it, however it is signed. */
import type { Pairs, Parameters } from "../../protocol/percentEncoding.js"
import { bodyText, type WireRequest } from "../Wire.js"

/** Where the signature is: in the headers, in the URL, or nowhere. */
export type Form = "sigv4" | "presigned" | "anonymous"

/** A request as the service reads it. */
export interface Input {
  readonly form: Form
  readonly host: string
  /** In the order they came, the signature's own among them. */
  readonly query: Pairs
  readonly action: string | undefined
  readonly version: string | undefined
  /** Of the query and the body. */
  readonly parameters: Parameters
}

const isForm = (type: string | undefined): boolean =>
  type === undefined || type.split(";")[0]?.trim().toLowerCase() === "application/x-www-form-urlencoded"

const pairsOf = (text: string): Pairs => [...new URLSearchParams(text)]

const signing = ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature"]

/** Reads a request. */
export const read = (request: WireRequest): Input => {
  const { headers } = request
  const query = pairsOf(request.query)
  const form = isForm(headers["content-type"]) ? pairsOf(bodyText(request)) : []
  const parameters: Parameters = Object.fromEntries([...query, ...form])
  const isPresigned = signing.some((name) => parameters[name] !== undefined)
  return {
    form: headers["authorization"] !== undefined ? "sigv4" : isPresigned ? "presigned" : "anonymous",
    host: headers["host"] ?? "",
    query,
    action: parameters["Action"],
    version: parameters["Version"],
    parameters
  }
}
