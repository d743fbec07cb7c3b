/** The emulated AWS STS: from a request to its answer, in XML. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { formatTimestamp } from "../../protocol/encoding.js"
import type { List, Shape, Structure } from "../../protocol/shape.js"
import {
  type Answer,
  answered,
  type Refusal,
  type Service,
  type WireReply,
  type WireRequest
} from "../Service.js"
import { assumeRole, assumeRoot } from "./AssumeRole.js"
import { assumeRoleWithSAML } from "./AssumeRoleWithSAML.js"
import { assumeRoleWithWebIdentity } from "./AssumeRoleWithWebIdentity.js"
import { callerOf, type Input, isGlobal, read, regionOf } from "./Authentication.js"
import type { Caller } from "./Identity.js"
import { decodeAuthorizationMessage, getAccessKeyInfo, getCallerIdentity } from "./Introspection.js"
import { fieldsOf, type Operation } from "./Operation.js"
import * as Refusals from "./Refusals.js"
import type { State } from "./State.js"
import { getDelegatedAccessToken, getFederationToken, getSessionToken } from "./UserSession.js"
import { getWebIdentityToken } from "./WebIdentityToken.js"

const namespace = "https://sts.amazonaws.com/doc/2011-06-15/"

// Line ends are escaped too, so that indenting changes no text.
const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#xA;",
  "\r": "&#xD;"
}

const escapeXml = (text: string): string =>
  text.replace(/[&<>"\n\r]/g, (character) => escapes[character] ?? "")

const indented = (content: string): string => content.replace(/^/gm, "  ")

const parent = (name: string, children: ReadonlyArray<string>, attributes = ""): string =>
  children.length === 0
    ? `<${name}${attributes}/>`
    : `<${name}${attributes}>\n${children.map(indented).join("\n")}\n</${name}>`

const element = (name: string, shape: Shape, value: unknown): string => {
  switch (shape.type) {
    case "structure":
      return parent(name, fields(shape, value as object))
    case "list":
      return parent(name, items(shape, value as ReadonlyArray<unknown>))
    case "timestamp":
      return `<${name}>${formatTimestamp(Number(value), shape.format ?? "iso8601")}</${name}>`
    default:
      return `<${name}>${escapeXml(String(value))}</${name}>`
  }
}

const items = ({ member, memberName = "member" }: List, values: ReadonlyArray<unknown>) =>
  values.map((value) => element(memberName, member, value))

const fields = ({ members }: Structure, value: object): ReadonlyArray<string> =>
  Object.entries(value).flatMap(([field, content]) => {
    const member = members[field]
    return member === undefined || content === undefined ? [] : [element(member.name, member.shape, content)]
  })

/** What every reply tells about itself. */
interface About {
  readonly requestId: string
  /** Milliseconds since 1970, by the emulator's clock. */
  readonly now: number
}

const reply = ({ now, requestId }: About, status: number, body: string): WireReply => ({
  status,
  headers: {
    "x-amzn-requestid": requestId,
    "content-type": "text/xml",
    date: new Date(now).toUTCString()
  },
  body: `${body}\n`
})

const text = (name: string, content: string): string => `<${name}>${escapeXml(content)}</${name}>`

const document = (name: string, children: ReadonlyArray<string>): string =>
  parent(name, children, ` xmlns="${namespace}"`)

/** A success, whose result is written by its shape. Times are milliseconds since 1970. */
const success = (about: About, action: string, output: Structure, result: object): WireReply =>
  reply(
    about,
    200,
    document(`${action}Response`, [
      element(`${action}Result`, output, result),
      parent("ResponseMetadata", [text("RequestId", about.requestId)])
    ])
  )

/** A refusal. */
const failure = (about: About, { code, message, status }: Refusal): WireReply =>
  reply(
    about,
    status,
    document("ErrorResponse", [
      parent("Error", [
        text("Type", status < 500 ? "Sender" : "Receiver"),
        text("Code", code),
        text("Message", message)
      ]),
      text("RequestId", about.requestId)
    ])
  )

const version = "2011-06-15"

const operations = new Map<string, Operation>(
  [
    assumeRole,
    assumeRoleWithSAML,
    assumeRoleWithWebIdentity,
    assumeRoot,
    decodeAuthorizationMessage,
    getAccessKeyInfo,
    getCallerIdentity,
    getDelegatedAccessToken,
    getFederationToken,
    getSessionToken,
    getWebIdentityToken
  ].map((operation) => [operation.name, operation])
)

const operationOf = ({ action, host, version: asked }: Input): Result.Result<Operation, Refusal> => {
  if (action === undefined) return Result.fail(Refusals.missingAction)
  const operation = asked === version ? operations.get(action) : undefined
  return operation === undefined || (isGlobal(host) && !operation.globalEndpoint)
    ? Result.fail(Refusals.invalidAction(action, asked))
    : Result.succeed(operation)
}

const checkSession = ({ identity, session }: Caller, action: string): Result.Result<void, Refusal> => {
  const isOpen =
    session === undefined ||
    identity._tag === "AssumedRole" ||
    action === "GetCallerIdentity" ||
    (action === "AssumeRole" && identity._tag !== "FederatedUser")
  return isOpen ? Result.void : Result.fail(Refusals.noSessionCredentials(action))
}

const run = (
  state: State,
  request: WireRequest,
  input: Input,
  operation: Operation,
  now: number
): Effect.Effect<object, Refusal> =>
  Effect.gen(function* () {
    const isAnonymous = operation.authentication === "anonymous"
    const caller = isAnonymous ? undefined : yield* Effect.fromResult(callerOf(state, request, input, now))
    if (caller !== undefined) yield* Effect.fromResult(checkSession(caller, operation.name))
    const fields = yield* Effect.fromResult(fieldsOf(operation, input.parameters))
    return yield* operation.run(state, { fields, caller, now })
  })

const answer = (state: State, request: WireRequest, input: Input, about: About): Effect.Effect<Answer> =>
  answered(
    Effect.gen(function* () {
      const operation = yield* Effect.fromResult(operationOf(input))
      return { operation, result: yield* run(state, request, input, operation, about.now) }
    }),
    ({ operation: { name, output }, result }) => success(about, name, output, result),
    (refusal) => failure(about, refusal)
  )

// Alibaba Cloud signs in parameters of this name; its version may be any text.
const isForAnother = ({ parameters }: Input): boolean => parameters["SignatureNonce"] !== undefined

const recognises = (request: WireRequest): boolean => {
  const input = read(request)
  return (
    request.headers["authorization"]?.startsWith("AWS4-") === true ||
    input.form === "presigned" ||
    (input.version === version && !isForAnother(input)) ||
    regionOf(input.host) !== undefined
  )
}

/** The service over a state. */
export const make = (state: State): Service => ({
  name: "aws",
  throttling: { code: "Throttling", message: "Rate exceeded" },
  headers: { requestId: "x-amzn-requestid", retryAfter: "x-amz-retry-after" },
  recognises,
  open: (request) => {
    const input = read(request)
    const about = (now: number): Effect.Effect<About> =>
      Effect.map(state.generator.requestId, (requestId) => ({ requestId: requestId.toLowerCase(), now }))
    return {
      operation: input.action,
      form: input.form,
      parameters: input.parameters,
      answer: (now) => Effect.flatMap(about(now), (about) => answer(state, request, input, about)),
      refuse: (now, error) => Effect.map(about(now), (about) => failure(about, error))
    }
  }
})
