/**
 * Handling a served emulator from another process, in JSON under `/_emulator`:
 *
 * - `POST /_emulator/faults` with `fault`, and optionally `times` and `operation`; `DELETE` forgets all of them
 * - `GET /_emulator/requests`, without secrets; `DELETE` forgets them
 * - `POST /_emulator/clock` with `offset` in milliseconds
 * - `POST /_emulator/alibaba/oidc-tokens` and `/_emulator/alibaba/saml-responses`, and the same under `aws`, as an
 *   identity provider issues them, with any of the options that minting takes
 * - `GET /_emulator/aws/mfa-code`, what the seeded device shows
 * - `POST /_emulator/aws/logins` with `userName` and `expiresIn`, what `aws login` keeps in a file
 * - `POST /_emulator/aws/authorization-messages` and `/_emulator/aws/trade-in-tokens`, likewise
 *
 * and a page for people at `/_emulator/`.
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { ParseError } from "../schemas/Codec.js"
import type { NoSuchUserError } from "./aws/Login.js"
import type { Minting } from "./Cloud.js"
import type { EmulatorService } from "./Emulator.js"
import { Fault } from "./Fault.js"
import { type Delivery, whole } from "./Faults.js"
import type { MissingPackageError } from "./IdentityProvider.js"
import { bodyText, type WireReply, type WireRequest } from "./Service.js"
import * as Window from "./window/Window.js"

const root = "/_emulator/"

const FaultRequest = Schema.Struct({
  fault: Fault,
  times: Schema.optional(
    Schema.Int.pipe(
      Schema.check(Schema.makeFilter((times) => times > 0, { description: "a positive number" }))
    )
  ),
  operation: Schema.optional(Schema.String)
})

const ClockRequest = Schema.Struct({ offset: Schema.Number })

const expiresIn = Schema.optional(Schema.DurationFromMillis)
const text = Schema.optional(Schema.String)

const OidcTokenRequest = Schema.Struct({
  issuer: text,
  subject: text,
  audience: Schema.optional(Schema.Union([Schema.String, Schema.Array(Schema.String)])),
  claims: Schema.optional(Schema.Record(Schema.String, Schema.Unknown)),
  expiresIn
})

const SamlResponseRequest = Schema.Struct({
  issuer: text,
  subject: text,
  audience: text,
  recipient: text,
  roleArn: text,
  samlProviderArn: text,
  roleSessionName: text,
  attributes: Schema.optional(Schema.Record(Schema.String, Schema.String)),
  expiresIn
})

const AuthorizationMessageRequest = Schema.Struct({ accountId: text, action: text, resource: text })

const LoginRequest = Schema.Struct({ userName: text, expiresIn })

const TradeInTokenRequest = Schema.Struct({ roleArn: text, expiresIn })

/** Whether a request is for the emulator itself rather than for a cloud. */
export const isControl = (request: WireRequest): boolean => request.path.startsWith(root)

const json = (status: number, content: unknown): WireReply => ({
  status,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(content)
})

const done = json(200, { done: true })

// A page in somebody's browser must not reach this: JSON makes it ask first, and a name it made up for this address
// is not ours.
const isLocal = ({ body, headers }: WireRequest): boolean =>
  /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(headers["host"] ?? "") &&
  (body.length === 0 || headers["content-type"]?.startsWith("application/json") === true)

const withBody = <A, I, E>(
  request: WireRequest,
  schema: Schema.Codec<A, I>,
  use: (body: A) => Effect.Effect<WireReply, E>
) =>
  Effect.flatMap(
    Schema.decodeUnknownEffect(Schema.fromJsonString(schema), { onExcessProperty: "error" })(
      bodyText(request)
    ),
    use
  )

const mintOidcToken = (cloud: Minting, request: WireRequest) =>
  withBody(request, OidcTokenRequest, (options) =>
    Effect.map(cloud.mintOidcToken(options), (token) => json(200, { token: Redacted.value(token) }))
  )

const mintSamlResponse = (cloud: Minting, request: WireRequest) =>
  withBody(request, SamlResponseRequest, (options) =>
    Effect.map(cloud.mintSamlResponse(options), (response) =>
      json(200, { samlResponse: Redacted.value(response) })
    )
  )

type Problem = ParseError | MissingPackageError | NoSuchUserError

const route = (emulator: EmulatorService, request: WireRequest): Effect.Effect<WireReply, Problem> => {
  switch (`${request.method} ${request.path.slice(root.length)}`) {
    case "POST faults":
      return withBody(request, FaultRequest, ({ fault, ...scope }) =>
        Effect.as(emulator.addFault(fault, scope), done)
      )
    case "DELETE faults":
      return Effect.as(emulator.clearFaults, done)
    case "GET requests":
      return Effect.map(emulator.requests, (requests) => json(200, requests))
    case "DELETE requests":
      return Effect.as(emulator.clearRequests, done)
    case "POST clock":
      return withBody(request, ClockRequest, ({ offset }) => Effect.as(emulator.setClockOffset(offset), done))
    case "POST alibaba/oidc-tokens":
      return mintOidcToken(emulator.alibaba, request)
    case "POST alibaba/saml-responses":
      return mintSamlResponse(emulator.alibaba, request)
    case "POST aws/oidc-tokens":
      return mintOidcToken(emulator.aws, request)
    case "POST aws/saml-responses":
      return mintSamlResponse(emulator.aws, request)
    case "GET aws/mfa-code":
      return Effect.map(emulator.aws.mfaCode(), (code) => json(200, { code }))
    case "POST aws/logins":
      return withBody(request, LoginRequest, (options) =>
        Effect.map(emulator.aws.login(options), ({ content, ...login }) =>
          json(200, { ...login, content: Redacted.value(content) })
        )
      )
    case "POST aws/authorization-messages":
      return withBody(request, AuthorizationMessageRequest, (options) =>
        Effect.map(emulator.aws.mintAuthorizationMessage(options), (encodedMessage) =>
          json(200, { encodedMessage })
        )
      )
    case "POST aws/trade-in-tokens":
      return withBody(request, TradeInTokenRequest, (options) =>
        Effect.map(emulator.aws.mintTradeInToken(options), (token) =>
          json(200, { token: Redacted.value(token) })
        )
      )
    default:
      return Effect.succeed(json(404, { error: "no such control path" }))
  }
}

const replyTo = (emulator: EmulatorService, request: WireRequest): Effect.Effect<WireReply> => {
  if (!isLocal(request))
    return Effect.succeed(json(403, { error: "control requests must be local and in JSON" }))
  if (Window.isFor(request)) return Window.handle(emulator, request)
  return Effect.catch(route(emulator, request), (error) =>
    Effect.succeed(json(400, { error: error.message }))
  )
}

/** Answers a request for the emulator itself. */
export const handle = (emulator: EmulatorService, request: WireRequest): Effect.Effect<Delivery> => {
  return Effect.map(replyTo(emulator, request), whole)
}
