/**
 * Verifying signatures: the text that the gateway signs itself, and the signature that the request brought.
 */
import * as Result from "effect/Result"
import * as acs3 from "../../protocol/alibaba/acs3.js"
import * as rpc from "../../protocol/alibaba/rpc.js"
import { namesOf } from "../../protocol/signature.js"
import type { Refusal } from "../Refusal.js"
import { decodeForm, type WireRequest } from "../Wire.js"
import type { Input } from "./Input.js"
import * as Refusals from "./Refusals.js"

/** A signature whose secret is still to be found. */
export interface Signed {
  readonly accessKeyId: string
  /** Whether the request was signed with this secret. */
  readonly verify: (secret: string) => Result.Result<void, Refusal>
}

type Reading = Result.Result<Signed, Refusal>

const compare = (given: string, calculated: string, text: string): Result.Result<void, Refusal> =>
  given === calculated ? Result.void : Result.fail(Refusals.signatureDoesNotMatch(text))

const readRpc = (method: string, { Signature, ...parameters }: Input["parameters"]): Reading => {
  const accessKeyId = parameters["AccessKeyId"]
  if (accessKeyId === undefined) return Result.fail(Refusals.missingCommon("AccessKeyId"))
  if (Signature === undefined) return Result.fail(Refusals.missingCommon("Signature"))
  if (parameters["SignatureMethod"] !== "HMAC-SHA1" || parameters["SignatureVersion"] !== "1.0") {
    return Result.fail(Refusals.incompleteSignature)
  }
  const text = rpc.stringToSign(method, parameters)
  return Result.succeed({
    accessKeyId,
    verify: (secret) => compare(Signature, rpc.signature(secret, text), text)
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
  const stated = headers["x-acs-content-sha256"]
  const text = acs3.stringToSign(
    acs3.canonicalRequest(
      { method, path, query: decodeForm(request.query), headers, contentSha256 },
      namesOf(list)
    )
  )
  return Result.succeed({
    accessKeyId,
    verify: (secret) =>
      stated === contentSha256
        ? compare(signature, acs3.signature(secret, text), text)
        : Result.fail(Refusals.signatureDoesNotMatch(text))
  })
}

/** Reads the signature of a request. */
export const read = (request: WireRequest, input: Input): Reading =>
  input.form === "acs3" ? readAcs3(request) : readRpc(request.method, input.parameters)
