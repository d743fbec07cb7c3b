/**
 * A request as Alibaba Cloud's gateway reads it, whichever of the two forms it came in, and who signed it: time, key,
 * security token, signature and nonce. The signed text is built from the request.
 */

import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as acs3 from "../../protocol/alibaba/acs3.js"
import * as rpc from "../../protocol/alibaba/rpc.js"
import { encodeSorted, type Parameters } from "../../protocol/encoding.js"
import { namesOf } from "../../protocol/signature.js"
import { bodyText, decodeForm, decodeJson, mediaType, type Refusal, type WireRequest } from "../Service.js"
import * as Refusals from "./Refusals.js"
import { type Caller, type State, windowMillis } from "./State.js"

/** The two ways to say what a request is: in its parameters (RPC) or in its headers (ACS3). */
type Form = "rpc" | "acs3"

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

/** Reads a request. A body without parameters is left to {@link checkForm}, which refuses it. */
export const read = (request: WireRequest): Input => {
  const { headers } = request
  const parameters = { ...parametersOfBody(request), ...decodeForm(request.query) }
  return headers["authorization"]?.startsWith(acs3.algorithm) === true
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

/** A signature whose secret is still to be found. */
export interface Signed {
  readonly accessKeyId: string
  readonly form: "rpc" | "acs3"
  /** As stated. */
  readonly signature: string
  /** The request in its canonical form; the parameters in theirs for RPC. */
  readonly canonicalRequest: string
  readonly stringToSign: string
  /** Whether the body is the one that the request says it has. */
  readonly isWhole: boolean
}

type Reading = Result.Result<Signed, Refusal>

/** What the signature of a text has to be. */
export const signatureWith = (secret: string, form: Signed["form"], text: string): string =>
  form === "rpc" ? rpc.signature(secret, text) : acs3.signature(secret, text)

const readRpc = (method: string, { Signature, ...parameters }: Input["parameters"]): Reading => {
  const accessKeyId = parameters["AccessKeyId"]
  if (accessKeyId === undefined) return Result.fail(Refusals.missingCommon("AccessKeyId"))
  if (Signature === undefined) return Result.fail(Refusals.missingCommon("Signature"))
  if (parameters["SignatureMethod"] !== "HMAC-SHA1" || parameters["SignatureVersion"] !== "1.0") {
    return Result.fail(Refusals.incompleteSignature)
  }
  return Result.succeed({
    accessKeyId,
    form: "rpc",
    signature: Signature,
    canonicalRequest: encodeSorted(parameters),
    stringToSign: rpc.stringToSign(method, parameters),
    isWhole: true
  })
}

const authorization = new RegExp(
  `^${acs3.algorithm} Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]+)$`
)

const mandatory = ["host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce"]

const coversAll = (names: ReadonlyArray<string>, headers: WireRequest["headers"]): boolean =>
  [...mandatory, ...acs3.signedHeaderNames(headers).list].every((name) => names.includes(name))

const readAcs3 = (request: WireRequest): Reading => {
  const { headers, method, path } = request
  const [, accessKeyId, list, signature] = authorization.exec(headers["authorization"] ?? "") ?? []
  if (accessKeyId === undefined || list === undefined || signature === undefined) {
    return Result.fail(Refusals.incompleteSignature)
  }
  const names = list.split(";")
  if (!coversAll(names, headers)) return Result.fail(Refusals.incompleteSignature)
  // The gateway hashes the body itself: the header only states what the client believes it sent.
  const contentSha256 = acs3.sha256(request.body)
  const canonicalRequest = acs3.canonicalRequest(
    { method, path, query: decodeForm(request.query), headers, contentSha256 },
    namesOf(list)
  )
  return Result.succeed({
    accessKeyId,
    form: "acs3",
    signature,
    canonicalRequest,
    stringToSign: acs3.stringToSign(canonicalRequest),
    isWhole: headers["x-acs-content-sha256"] === contentSha256
  })
}

/** Reads the signature of a request. */
export const readSignature = (request: WireRequest, input: Input): Reading =>
  input.form === "acs3" ? readAcs3(request) : readRpc(request.method, input.parameters)

const timestampForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/

/** Refuses a time that is missing, malformed, or more than 15 minutes off. */
export const checkTimestamp = (timestamp: string | undefined, now: number): Result.Result<void, Refusal> => {
  if (timestamp === undefined) return Result.fail(Refusals.missingCommon("Timestamp"))
  const time = timestampForm.test(timestamp) ? Date.parse(timestamp) : Number.NaN
  if (Number.isNaN(time)) return Result.fail(Refusals.timestampFormat)
  return Math.abs(now - time) > windowMillis ? Result.fail(Refusals.timestampExpired) : Result.void
}

interface KeyFound {
  readonly secret: Redacted.Redacted
  readonly caller: Caller
}

const findSession = (
  state: State,
  accessKeyId: string,
  securityToken: string,
  now: number
): Result.Result<KeyFound, Refusal> => {
  const session = state.sessions.find(securityToken, now)
  if (session === undefined) return Result.fail(Refusals.tokenMalformed)
  if (session.accessKeyId !== accessKeyId) return Result.fail(Refusals.tokenMismatch)
  if (session.expiration <= now) return Result.fail(Refusals.tokenExpired)
  return Result.succeed({
    secret: session.accessKeySecret,
    caller: { _tag: "AssumedRoleUser", account: session.account, session }
  })
}

const findKey = (
  state: State,
  accessKeyId: string,
  securityToken: string | undefined,
  now: number
): Result.Result<KeyFound, Refusal> => {
  const owner = state.findKey(accessKeyId)
  const isSessionKey = state.sessions.findByKey(accessKeyId, now) !== undefined
  if (owner === undefined && !isSessionKey) return Result.fail(Refusals.keyNotFound)
  if (securityToken !== undefined) return findSession(state, accessKeyId, securityToken, now)
  if (owner === undefined) return Result.fail(Refusals.tokenMissing)
  return owner.key.active
    ? Result.succeed({ secret: owner.key.accessKeySecret, caller: owner.owner })
    : Result.fail(Refusals.keyInactive)
}

/** Who signed a request, and with which access key. */
export interface Signer {
  readonly accessKeyId: string
  readonly caller: Caller
}

/** Who signed a request. */
export const signerOf = (
  state: State,
  request: WireRequest,
  input: Input,
  now: number
): Result.Result<Signer, Refusal> =>
  Result.gen(function* () {
    const signed = yield* readSignature(request, input)
    const { caller, secret } = yield* findKey(state, signed.accessKeyId, input.securityToken, now)
    const { form, isWhole, signature, stringToSign } = signed
    if (!isWhole || signatureWith(Redacted.value(secret), form, stringToSign) !== signature) {
      return yield* Result.fail(Refusals.signatureDoesNotMatch(stringToSign))
    }
    return { accessKeyId: signed.accessKeyId, caller }
  })

/**
 * Uses up a nonce. It comes last, so that no one can use up another caller's nonces. Unsigned requests need none: the
 * vendor's own credential packages send none with AssumeRoleWithOIDC.
 */
export const useNonce = (
  state: State,
  signer: Signer | undefined,
  nonce: string | undefined,
  now: number
): Result.Result<void, Refusal> => {
  if (nonce === undefined || nonce === "") {
    return signer === undefined ? Result.void : Result.fail(Refusals.missingCommon("SignatureNonce"))
  }
  return state.useNonce(signer?.accessKeyId, nonce, now) ? Result.void : Result.fail(Refusals.nonceUsed)
}
