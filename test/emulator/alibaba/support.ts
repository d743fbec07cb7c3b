/**
 * Requests to an emulator, made by hand so that every part of them can be spoilt.
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { WireRequest } from "../../../src/emulator/Service.js"
import * as acs3 from "../../../src/protocol/alibaba/acs3.js"
import * as rpc from "../../../src/protocol/alibaba/rpc.js"
import { encodeSorted, type Parameters, timestamp } from "../../../src/protocol/encoding.js"
import { AlibabaSeed, Emulator } from "../../../src/testing.js"

export interface Key {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken?: string | undefined
}

export const keyOf = (name: keyof typeof AlibabaSeed.keys): Key => ({
  accessKeyId: AlibabaSeed.keys[name].accessKeyId,
  accessKeySecret: Redacted.value(AlibabaSeed.keys[name].accessKeySecret)
})

export interface Call {
  readonly action: string
  readonly parameters?: Parameters
  /** Anonymous if null; the seeded user's if left out. */
  readonly key?: Key | null
  readonly method?: "GET" | "POST"
  readonly place?: "query" | "form"
  readonly form?: "rpc" | "acs3"
  readonly timestamp?: string
  readonly nonce?: string
  readonly version?: string
  readonly format?: string
}

const utf8 = new TextEncoder()

let nonces = 0

const placed = (
  method: string,
  place: "query" | "form",
  parameters: Parameters,
  headers: WireRequest["headers"]
): WireRequest => {
  const encoded = encodeSorted(parameters)
  return place === "query"
    ? { method, path: "/", query: encoded, headers, body: new Uint8Array() }
    : {
        method,
        path: "/",
        query: "",
        headers: { ...headers, "content-type": "application/x-www-form-urlencoded" },
        body: utf8.encode(encoded)
      }
}

const rpcRequest = (call: Required<Call>): WireRequest => {
  const common = {
    ...call.parameters,
    Action: call.action,
    Version: call.version,
    Format: call.format,
    Timestamp: call.timestamp,
    SignatureNonce: call.nonce
  }
  if (call.key === null) return placed(call.method, call.place, common, { host: "sts.test" })
  const { accessKeyId, accessKeySecret, securityToken } = call.key
  const signed = {
    ...common,
    AccessKeyId: accessKeyId,
    SignatureMethod: "HMAC-SHA1",
    SignatureVersion: "1.0",
    ...(securityToken === undefined ? undefined : { SecurityToken: securityToken })
  }
  const signature = rpc.signature(accessKeySecret, rpc.stringToSign(call.method, signed))
  return placed(call.method, call.place, { ...signed, Signature: signature }, { host: "sts.test" })
}

const acs3Request = (call: Required<Call>): WireRequest => {
  const key = call.key ?? { accessKeyId: "", accessKeySecret: "" }
  const unsigned = placed(call.method, call.place, call.parameters, { host: "sts.test" })
  const headers = {
    ...unsigned.headers,
    "x-acs-action": call.action,
    "x-acs-version": call.version,
    "x-acs-date": call.timestamp,
    "x-acs-signature-nonce": call.nonce,
    "x-acs-content-sha256": acs3.sha256(unsigned.body),
    ...(key.securityToken === undefined ? undefined : { "x-acs-security-token": key.securityToken })
  }
  const query = call.place === "query" ? call.parameters : {}
  const contentSha256 = acs3.sha256(unsigned.body)
  const signed = acs3.authorization({ method: call.method, path: "/", query, headers, contentSha256 }, key)
  return { ...unsigned, headers: { ...headers, authorization: signed.authorization } }
}

/** The request of a call, complete and signed, at the emulator's time. */
export const requestOf = (call: Call) =>
  Effect.gen(function* () {
    const emulator = yield* Emulator.Emulator
    const whole: Required<Call> = {
      parameters: {},
      key: keyOf("user"),
      method: "POST",
      place: "form",
      form: "rpc",
      timestamp: timestamp(yield* emulator.now),
      nonce: `nonce-${nonces++}`,
      version: "2015-04-01",
      format: "JSON",
      ...call
    }
    return whole.form === "rpc" ? rpcRequest(whole) : acs3Request(whole)
  })

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The body, where it is JSON. */
  readonly json: {
    readonly Code?: string
    readonly Message?: string
    readonly Arn?: string
    readonly SourceIdentity?: string
    readonly AssumedRoleUser?: { readonly Arn: string; readonly AssumedRoleId: string }
    readonly Credentials?: {
      readonly AccessKeyId: string
      readonly AccessKeySecret: string
      readonly SecurityToken: string
      readonly Expiration: string
    }
    readonly [other: string]: unknown
  }
}

/** Sends a request as it is. */
export const sendRequest = (request: WireRequest) =>
  Effect.gen(function* () {
    const emulator = yield* Emulator.Emulator
    const { reply } = yield* emulator.handle(request)
    const isJson = reply.headers["content-type"]?.startsWith("application/json") === true
    return { ...reply, json: isJson ? JSON.parse(reply.body) : {} } as Reply
  })

/** Makes a call. */
export const send = (call: Call) => Effect.flatMap(requestOf(call), sendRequest)

/** The code that a call is refused with, or `OK`. */
export const verdict = (call: Call) =>
  Effect.map(send(call), ({ json, status }) => (status === 200 ? "OK" : json.Code))

/** The key of credentials that were issued. */
export const issuedKey = ({ json }: Reply): Key => {
  if (json.Credentials === undefined) throw new Error(`no credentials but ${json.Code}`)
  const { AccessKeyId, AccessKeySecret, SecurityToken } = json.Credentials
  return { accessKeyId: AccessKeyId, accessKeySecret: AccessKeySecret, securityToken: SecurityToken }
}

export const assumeRole = (parameters: Parameters = {}, more: Partial<Call> = {}): Call => ({
  action: "AssumeRole",
  parameters: { RoleArn: AlibabaSeed.arns.role, RoleSessionName: "session", ...parameters },
  ...more
})
