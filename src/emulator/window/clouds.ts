/** Each cloud's signatures, as the window shows them. */
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as acs3 from "../../protocol/alibaba/acs3.js"
import { scopeText, sha256, stringToSign } from "../../protocol/aws/sigV4.js"
import { percentEncode } from "../../protocol/encoding.js"
import * as AlibabaAuthentication from "../alibaba/Authentication.js"

import * as AwsAuthentication from "../aws/Authentication.js"

import type { WireRequest } from "../Service.js"
import { explain, type Guess, otherSecrets, type SignatureView, variationsOf } from "./Signature.js"

/** A key that the emulator knows. */
export interface KnownKey {
  readonly accessKeyId: string
  readonly secret: Redacted.Redacted
}

const secretOf = (keys: ReadonlyArray<KnownKey>, accessKeyId: string): string | undefined => {
  const key = keys.find((one) => one.accessKeyId === accessKeyId)
  return key === undefined ? undefined : Redacted.value(key.secret)
}

const othersThan = (keys: ReadonlyArray<KnownKey>, accessKeyId: string) =>
  keys
    .filter((key) => key.accessKeyId !== accessKeyId)
    .map((key) => ({ accessKeyId: key.accessKeyId, secret: Redacted.value(key.secret) }))

const sentTo = (request: WireRequest, hash: string, hosts: ReadonlyArray<string>) => ({
  query: request.query,
  statedHash: request.headers[hash],
  emptyHash: sha256(""),
  hosts: ["localhost", "127.0.0.1", ...hosts]
})

const awsServices = ["iam", "s3", "execute-api", "sso"]

const aws = (request: WireRequest, keys: ReadonlyArray<KnownKey>): SignatureView | undefined => {
  const input = AwsAuthentication.read(request)
  const read = Result.getOrUndefined(AwsAuthentication.readSignature(request, input))
  if (read === undefined) return undefined
  const { accessKeyId, canonicalRequest, date, scope, signature } = read
  const own = secretOf(keys, accessKeyId)
  const sign = (secret: string, canonical: string, scoped = scope) =>
    AwsAuthentication.signatureWith(Redacted.make(secret), { date, scope: scoped }, canonical)
  const hosts = ["sts.amazonaws.com", `sts.${scope.region}.amazonaws.com`]
  return explain(
    {
      accessKeyId,
      canonicalRequest,
      stringToSign: stringToSign(date, scopeText(scope), canonicalRequest),
      sent: signature,
      expected: own === undefined ? undefined : sign(own, canonicalRequest)
    },
    (): ReadonlyArray<Guess> => [
      ...otherSecrets(own ?? "", othersThan(keys, accessKeyId)).map(({ cause, secret }) => ({
        cause,
        canonicalRequest,
        signature: () => sign(secret, canonicalRequest)
      })),
      ...variationsOf(canonicalRequest, sentTo(request, "x-amz-content-sha256", hosts)).map((variation) => ({
        ...variation,
        signature: () => sign(own ?? "", variation.canonicalRequest)
      })),
      ...awsServices.map((service) => ({
        cause: `The key was derived for the service ${service}, and the scope says ${scope.service}.`,
        canonicalRequest,
        signature: () => sign(own ?? "", canonicalRequest, { ...scope, service })
      }))
    ]
  )
}

const rpcVariations = (method: string, canonical: string) => {
  const other = method === "GET" ? "POST" : "GET"
  const over = (cause: string, parameters: string, by = method) => ({
    cause,
    canonicalRequest: parameters,
    text: `${by}&%2F&${percentEncode(parameters)}`
  })
  return [
    over(`It was signed as ${other} and sent as ${method}.`, canonical, other),
    over("Spaces were signed as +, where they have to be %20.", canonical.replaceAll("%20", "+")),
    over("Asterisks were signed plain, where they have to be %2A.", canonical.replaceAll("%2A", "*")),
    over("Tildes were percent-encoded, where they have to be plain.", canonical.replaceAll("~", "%7E")),
    {
      cause: "The parameters were not percent-encoded a second time.",
      canonicalRequest: canonical,
      text: `${method}&%2F&${canonical}`
    }
  ]
}

const alibaba = (request: WireRequest, keys: ReadonlyArray<KnownKey>): SignatureView | undefined => {
  const input = AlibabaAuthentication.read(request)
  const read = Result.getOrUndefined(AlibabaAuthentication.readSignature(request, input))
  if (read === undefined) return undefined
  const { accessKeyId, canonicalRequest, form, signature } = read
  const own = secretOf(keys, accessKeyId)
  const sign = (secret: string, text: string) => AlibabaAuthentication.signatureWith(secret, form, text)
  const variations =
    form === "rpc"
      ? rpcVariations(request.method, canonicalRequest)
      : variationsOf(canonicalRequest, sentTo(request, "x-acs-content-sha256", ["sts.aliyuncs.com"])).map(
          (variation) => ({ ...variation, text: acs3.stringToSign(variation.canonicalRequest) })
        )
  return explain(
    {
      accessKeyId,
      canonicalRequest,
      stringToSign: read.stringToSign,
      sent: signature,
      expected: own === undefined ? undefined : sign(own, read.stringToSign)
    },
    (): ReadonlyArray<Guess> => [
      ...otherSecrets(own ?? "", othersThan(keys, accessKeyId)).map(({ cause, secret }) => ({
        cause,
        canonicalRequest,
        signature: () => sign(secret, read.stringToSign)
      })),
      ...variations.map(({ cause, canonicalRequest, text }) => ({
        cause,
        canonicalRequest,
        signature: () => sign(own ?? "", text)
      }))
    ]
  )
}

/** What is known of a request's signature; nothing where it has none that could be read. */
export const signatureOf = (
  cloud: string,
  request: WireRequest,
  keys: ReadonlyArray<KnownKey>
): SignatureView | undefined => (cloud === "aws" ? aws(request, keys) : alibaba(request, keys))
