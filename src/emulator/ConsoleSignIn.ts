/**
 * The federation endpoints of the clouds' sign-in pages: the credentials of a role's session for a token, and the token
 * for a way into the console.
 *
 * Source: "Enable custom identity broker access to the AWS console", IAM User Guide; "GetSigninToken" and "Login" of
 * Alibaba Cloud's sign-in service.
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Parameters } from "../protocol/encoding.js"
import type { State as AlibabaState } from "./alibaba/State.js"
import type { State as AwsState } from "./aws/State.js"
import {
  type Asked,
  bodyText,
  decodeForm,
  decodeJson,
  type Endpoint,
  jsonReply,
  type Refusal,
  refusal,
  type WireReply,
  type WireRequest
} from "./Service.js"
import { Remembered } from "./State.js"

/** How one cloud's endpoint speaks. */
interface Dialect {
  /** Its actions. */
  readonly token: string
  readonly login: string
  /** Whether the credentials are a session's that may open the console. */
  readonly check: (parameters: Parameters, now: number) => Refusal | undefined
  readonly generator: AwsState["generator"]
  /** How long a token is good for, in milliseconds, and whether it is only once. */
  readonly lifetime: number
  readonly once: boolean
  readonly reply: (token: string, asked: Asked) => object
}

const invalid = refusal(400, "InvalidCredentials", "Invalid credentials parameter")
const badToken = refusal(400, "InvalidToken", "The sign-in token is missing, unknown or expired.")

const seeOther = ({ now, parameters }: Asked): WireReply => ({
  status: 302,
  headers: { location: parameters["Destination"] ?? "/", date: new Date(now).toUTCString() },
  body: ""
})

/** What goes wrong is told in a page, as it is to a person. */
const page = ({ message, status }: Refusal, { now }: Asked): WireReply => ({
  status,
  headers: { "content-type": "text/html", date: new Date(now).toUTCString() },
  body: `<!doctype html><title>Sign in</title><p>${message}</p>`
})

const parametersOf = (request: WireRequest): Parameters => ({
  ...decodeForm(request.query),
  ...(request.method === "POST" ? decodeForm(bodyText(request)) : {})
})

const endpoint = ({ check, generator, lifetime, login, once, reply, token }: Dialect): Endpoint => {
  const tokens = new Remembered<boolean>(lifetime)
  const issue = (asked: Asked): Effect.Effect<WireReply, Refusal> =>
    Effect.gen(function* () {
      const refused = check(asked.parameters, asked.now)
      if (refused !== undefined) return yield* Effect.fail(refused)
      const issued = yield* generator.text(120)
      tokens.set(issued, true, asked.now)
      return jsonReply(asked.now, 200, reply(issued, asked))
    })
  const enter = (asked: Asked): Effect.Effect<WireReply, Refusal> =>
    Effect.suspend(() => {
      const stated = asked.parameters["SigninToken"] ?? ""
      if (tokens.get(stated, asked.now) !== true) return Effect.fail(badToken)
      if (once) tokens.set(stated, false, asked.now)
      return Effect.succeed(seeOther(asked))
    })
  return {
    proof: "authorization",
    route: (request) => {
      if (request.path !== "/federation") return undefined
      const action = parametersOf(request)["Action"]
      if (action === token) return { operation: token, answer: issue }
      return action === login ? { operation: login, answer: enter } : undefined
    },
    refuse: page
  }
}

/** AWS's: a role's session or a federated user's, told in JSON in the query. */
export const awsConsole = (state: AwsState): Endpoint =>
  endpoint({
    token: "getSigninToken",
    login: "login",
    check: (parameters, now) => {
      const { sessionId, sessionKey, sessionToken = "" } = decodeJson(parameters["Session"] ?? "") ?? {}
      const session = state.sessions.find(sessionToken, now)
      if (session === undefined || session.expiration <= now) return invalid
      const { _tag } = session.identity
      if (sessionId !== session.accessKeyId || sessionKey !== Redacted.value(session.secretAccessKey))
        return invalid
      if (_tag !== "AssumedRole" && _tag !== "FederatedUser") return invalid
      const duration = parameters["SessionDuration"]
      if (duration === undefined) return undefined
      const seconds = Number(duration)
      return _tag === "AssumedRole" && seconds >= 900 && seconds <= 43_200
        ? undefined
        : refusal(400, "InvalidDuration", "Invalid SessionDuration parameter")
    },
    generator: state.generator,
    lifetime: 15 * 60_000,
    once: false,
    reply: (SigninToken) => ({ SigninToken })
  })

/** Alibaba Cloud's: a role's session. A token is good once, for half a minute. */
export const alibabaConsole = (state: AlibabaState): Endpoint =>
  endpoint({
    token: "GetSigninToken",
    login: "Login",
    check: ({ AccessKeyId, AccessKeySecret, SecurityToken = "" }, now) => {
      const session = state.sessions.find(SecurityToken, now)
      return session !== undefined &&
        session.expiration > now &&
        session.accessKeyId === AccessKeyId &&
        Redacted.value(session.accessKeySecret) === AccessKeySecret
        ? undefined
        : invalid
    },
    generator: state.generator,
    lifetime: 30_000,
    once: true,
    reply: (SigninToken, { requestId }) => ({ RequestId: requestId, SigninToken })
  })
