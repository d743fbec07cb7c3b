/** A request as Alibaba Cloud's gateway reads it, whichever of the two forms it came in. */
import * as Result from "effect/Result"
import { algorithm } from "../../protocol/alibaba/acs3.js"
import type { Parameters } from "../../protocol/encoding.js"
import { bodyText, decodeForm, decodeJson, mediaType, type Refusal, type WireRequest } from "../Service.js"
import * as Refusals from "./Refusals.js"

/** The two ways to say what a request is: in its parameters (RPC) or in its headers (ACS3). */
export type Form = "rpc" | "acs3"

/** A request as the gateway reads it. */
export interface Input {
  readonly form: Form
  readonly action: string | undefined
  readonly version: string | undefined
  readonly nonce: string | undefined
  readonly timestamp: string | undefined
  readonly securityToken: string | undefined
  /** Of the query and the body. */
  readonly parameters: Parameters
}

const parametersOfBody = (request: WireRequest): Parameters | undefined => {
  if (request.body.length === 0) return {}
  const type = mediaType(request)
  if (type === "application/x-www-form-urlencoded") return decodeForm(bodyText(request))
  return type === "application/json" ? decodeJson(bodyText(request)) : undefined
}

/**
 * Whether the reply has to be XML: what RPC answers unless `Format` says JSON, and ACS3 only if `Accept` asks for it.
 */
export const wantsXml = (request: WireRequest, input: Input): boolean =>
  input.form === "rpc"
    ? (input.parameters["Format"] ?? "XML").toUpperCase() === "XML"
    : (request.headers["accept"] ?? "").includes("xml")

/** Reads a request. A body that holds no parameters is not looked into; {@link checkForm} refuses it. */
export const read = (request: WireRequest): Input => {
  const { headers } = request
  const parameters = { ...parametersOfBody(request), ...decodeForm(request.query) }
  return headers["authorization"]?.startsWith(algorithm) === true
    ? {
        form: "acs3",
        action: headers["x-acs-action"],
        version: headers["x-acs-version"],
        nonce: headers["x-acs-signature-nonce"],
        timestamp: headers["x-acs-date"],
        securityToken: headers["x-acs-security-token"],
        parameters
      }
    : {
        form: "rpc",
        action: parameters["Action"],
        version: parameters["Version"],
        nonce: parameters["SignatureNonce"],
        timestamp: parameters["Timestamp"],
        securityToken: parameters["SecurityToken"],
        parameters
      }
}

/** Refuses a body that holds no parameters, and a reply format that does not exist. */
export const checkForm = (request: WireRequest, input: Input): Result.Result<void, Refusal> => {
  if (parametersOfBody(request) === undefined) return Result.fail(Refusals.contentType)
  const format = input.parameters["Format"]?.toUpperCase() ?? "JSON"
  return format === "JSON" || format === "XML" ? Result.void : Result.fail(Refusals.invalidFormat)
}
