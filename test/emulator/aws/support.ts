/**
 * Requests to the emulated AWS, signed by hand so that every part of them can be spoilt.
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { WireRequest } from "../../../src/emulator/Service.js"
import { presign, sign } from "../../../src/protocol/aws/sigV4.js"
import { encodePairs, type Parameters } from "../../../src/protocol/encoding.js"
import { AwsSeed, Emulator } from "../../../src/testing.js"

export interface Key {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

export const keyOf = (name: keyof typeof AwsSeed.keys): Key => ({
  accessKeyId: AwsSeed.keys[name].accessKeyId,
  secretAccessKey: Redacted.value(AwsSeed.keys[name].secretAccessKey)
})

export interface Call {
  readonly action: string
  readonly parameters?: Parameters
  /** Anonymous if null; the seeded user's if left out. */
  readonly key?: Key | null
  readonly form?: "sigv4" | "presigned"
  readonly host?: string
  readonly region?: string
  readonly service?: string
  /** In milliseconds since 1970; now by the emulator's clock if left out. */
  readonly time?: number
  readonly version?: string
  readonly expiresInSeconds?: number
}

const utf8 = new TextEncoder()

const post = (host: string, parameters: Parameters): WireRequest => ({
  method: "POST",
  path: "/",
  query: "",
  headers: { host, "content-type": "application/x-www-form-urlencoded" },
  body: utf8.encode(encodePairs(Object.entries(parameters)))
})

const get = (host: string, query: string): WireRequest => ({
  method: "GET",
  path: "/",
  query,
  headers: { host },
  body: new Uint8Array()
})

const signed = (call: Required<Call>, key: Key, parameters: Parameters): WireRequest => {
  const signer = {
    accessKeyId: key.accessKeyId,
    secretAccessKey: Redacted.make(key.secretAccessKey),
    sessionToken: key.sessionToken === undefined ? undefined : Redacted.make(key.sessionToken)
  }
  const { expiresInSeconds, host, region, service, time } = call
  const context = { region, service, time }
  if (call.form === "sigv4") {
    const request = post(host, parameters)
    return { ...request, headers: sign({ ...context, request: { ...request, query: [] } }, signer).headers }
  }
  const query = Object.entries(parameters)
  const request = get(host, encodePairs(query))
  const { parameters: more } = presign(
    { ...context, request: { ...request, query } },
    signer,
    expiresInSeconds
  )
  return { ...request, query: encodePairs([...query, ...more]) }
}

/** The request of a call, complete and signed, at the emulator's time. */
export const requestOf = (call: Call) =>
  Effect.gen(function* () {
    const emulator = yield* Emulator.Emulator
    const whole: Required<Call> = {
      parameters: {},
      key: keyOf("user"),
      form: "sigv4",
      host: "sts.us-east-1.amazonaws.com",
      region: "us-east-1",
      service: "sts",
      time: yield* emulator.now,
      version: "2011-06-15",
      expiresInSeconds: 60,
      ...call
    }
    const parameters = { Action: whole.action, Version: whole.version, ...whole.parameters }
    return whole.key === null ? post(whole.host, parameters) : signed(whole, whole.key, parameters)
  })

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The text of the first element of a name. */
  readonly text: (name: string) => string | undefined
}

const unescape = (text: string): string =>
  text
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&#xA;/g, "\n")
    .replace(/&amp;/g, "&")

const textOf = (body: string, name: string): string | undefined => {
  const [, text] = new RegExp(`<${name}>([^<]*)</${name}>`).exec(body) ?? []
  return text === undefined ? undefined : unescape(text)
}

/** Sends a request as it is. */
export const sendRequest = (request: WireRequest) =>
  Effect.gen(function* () {
    const emulator = yield* Emulator.Emulator
    const { reply } = yield* emulator.handle(request)
    return { ...reply, text: (name: string) => textOf(reply.body, name) } satisfies Reply
  })

/** Makes a call. */
export const send = (call: Call) => Effect.flatMap(requestOf(call), sendRequest)

/** The code that a reply refuses with, or `OK`. */
export const codeOf = ({ status, text }: Reply) => (status === 200 ? "OK" : text("Code"))

/** The code that a call is refused with, or `OK`. */
export const verdict = (call: Call) => Effect.map(send(call), codeOf)

/** The code and the message that a call is refused with. */
export const refusal = (call: Call) =>
  Effect.map(send(call), ({ status, text }) => `${status} ${text("Code")}: ${text("Message")}`)

/** The key of credentials that were issued. */
export const issuedKey = ({ body, text }: Reply): Key => {
  const accessKeyId = text("AccessKeyId")
  const secretAccessKey = text("SecretAccessKey")
  if (accessKeyId === undefined || secretAccessKey === undefined)
    throw new Error(`no credentials but ${body}`)
  return { accessKeyId, secretAccessKey, sessionToken: text("SessionToken") }
}

export const assumeRole = (parameters: Parameters = {}, more: Partial<Call> = {}): Call => ({
  action: "AssumeRole",
  parameters: { RoleArn: AwsSeed.arns.role, RoleSessionName: "session", ...parameters },
  ...more
})

export const whoAmI = (more: Partial<Call> = {}): Call => ({ action: "GetCallerIdentity", ...more })
