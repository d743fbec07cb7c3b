/** The emulated Alibaba Cloud STS: from a request to its answer, in JSON or in XML. */

import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Parameters } from "../../protocol/encoding.js"
import type { Scalar, Structure } from "../../protocol/shape.js"
import { GetCallerIdentityOperation } from "../../schemas/alibaba/GetCallerIdentity.js"
import type { Operation as Declared } from "../../schemas/Operation.js"
import type { Authentication } from "../../schemas/Request.js"
import {
  type Answering,
  answered,
  escapeMarkup,
  type Refusal,
  type Service,
  type WireReply,
  type WireRequest
} from "../Service.js"
import { assumeRole, assumeRoleWithOIDC, assumeRoleWithSAML } from "./AssumeRole.js"
import {
  checkForm,
  checkTimestamp,
  type Input,
  read,
  signerOf,
  useNonce,
  wantsXml
} from "./Authentication.js"
import * as Refusals from "./Refusals.js"
import { identityOf, operation, type State } from "./State.js"

const hostId = "sts.aliyuncs.com"

const element = ([name, value]: [string, unknown]): string => `<${name}>${xmlOf(value)}</${name}>`

const xmlOf = (value: unknown): string =>
  typeof value === "object" && value !== null
    ? Object.entries(value).map(element).join("")
    : escapeMarkup(String(value))

/** What every reply states. */
interface About {
  readonly requestId: string
  readonly xml: boolean
  /** Milliseconds since 1970, by the emulator's clock. */
  readonly now: number
}

const reply = (about: About, status: number, root: string, content: object): WireReply => ({
  status,
  headers: {
    date: new Date(about.now).toUTCString(),
    "content-type": about.xml ? "text/xml;charset=utf-8" : "application/json;charset=utf-8",
    "x-acs-request-id": about.requestId
  },
  body: about.xml
    ? `<?xml version='1.0' encoding='UTF-8'?>${element([root, content])}`
    : JSON.stringify(content)
})

/** A success. */
const success = (about: About, action: string, content: object): WireReply =>
  reply(about, 200, `${action}Response`, { RequestId: about.requestId, ...content })

/** A refusal. */
const failure = (about: About, { code, message, status }: Refusal): WireReply =>
  reply(about, status, "Error", {
    RequestId: about.requestId,
    HostId: hostId,
    Code: code,
    Message: message,
    Recommend: `https://api.aliyun.com/troubleshoot?q=${encodeURIComponent(code)}&product=Sts&requestId=${about.requestId}`
  })

const version = "2015-04-01"

const getCallerIdentity = operation(GetCallerIdentityOperation, (_state, { caller }) =>
  Effect.succeed(identityOf(caller))
)

const isIntegerWithin = (text: string, { max = 0, min = 0 }: Scalar): boolean =>
  /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max

const isTextWithin = (text: string, length: number, { max = length, min = 0, pattern }: Scalar): boolean =>
  length >= min && length <= max && (pattern === undefined || new RegExp(`^${pattern}$`).test(text))

/** What is refused in other words than whatever is wrongly formed. */
const refusals: Readonly<Record<string, Refusal>> = {
  DurationSeconds: Refusals.durationSeconds,
  Policy: Refusals.policySize
}

const valueOf = (name: string, shape: Scalar, text: string): Result.Result<string | number, Refusal> => {
  const length = name === "Policy" ? Buffer.byteLength(text) : text.length
  const isInteger = shape.type === "integer"
  const isWithin = isInteger ? isIntegerWithin(text, shape) : isTextWithin(text, length, shape)
  if (!isWithin) return Result.fail(refusals[name] ?? Refusals.wronglyFormed(name))
  return Result.succeed(isInteger ? Number(text) : text)
}

/** What parameters say of the fields of an operation, or the first of them that is missing or wrong. */
const fieldsOf = ({ members }: Structure, parameters: Parameters): Result.Result<object, Refusal> =>
  Result.gen(function* () {
    const fields: Record<string, string | number> = {}
    for (const [field, { name, required, shape }] of Object.entries(members)) {
      const text = parameters[name]
      if (required === true && !text) return yield* Result.fail(Refusals.missing(name))
      if (text !== undefined) fields[field] = yield* valueOf(name, shape as Scalar, text)
    }
    return fields
  })

type Operation = Pick<
  Declared<Authentication, object, unknown, unknown, string>,
  "name" | "authentication" | "input"
> &
  Answering<State>

const operations = new Map<string, Operation>(
  [assumeRole, assumeRoleWithOIDC, assumeRoleWithSAML, getCallerIdentity].map((operation) => [
    operation.name,
    operation
  ])
)

const operationOf = (input: Input): Result.Result<Operation, Refusal> => {
  if (input.action === undefined) return Result.fail(Refusals.missingCommon("Action"))
  if (input.version === undefined) return Result.fail(Refusals.missingCommon("Version"))
  if (input.version !== version) return Result.fail(Refusals.invalidVersion)
  return Result.fromNullishOr(operations.get(input.action), () => Refusals.invalidAction)
}

const isUnsigned = ({ form, parameters }: Input): boolean =>
  form === "rpc" && parameters["AccessKeyId"] === undefined && parameters["Signature"] === undefined

const admit = (state: State, request: WireRequest, input: Input, now: number) =>
  Result.gen(function* () {
    if (request.method !== "GET" && request.method !== "POST")
      return yield* Result.fail(Refusals.invalidAction)
    yield* checkForm(request, input)
    const operation = yield* operationOf(input)
    yield* checkTimestamp(input.timestamp, now)
    const anonymous = operation.authentication === "anonymous" && isUnsigned(input)
    const signer = anonymous ? undefined : yield* signerOf(state, request, input, now)
    yield* useNonce(state, signer, input.nonce, now)
    const fields = yield* fieldsOf(operation.input, input.parameters)
    return { operation, call: { caller: signer?.caller, fields, now } }
  })

const authenticationOf = (input: Input): string => (isUnsigned(input) ? "anonymous" : input.form)

/** The service over a state. */
export const make = (state: State): Service => ({
  name: "alibaba",
  throttling: { code: "Throttling.User", message: "Request was denied due to user flow control." },
  headers: { requestId: "x-acs-request-id", retryAfter: "x-acs-retry-after" },
  recognises: () => true,
  open: (request) => {
    const input = read(request)
    const about = (now: number): Effect.Effect<About> =>
      Effect.map(state.generator.requestId, (requestId) => ({
        requestId,
        xml: wantsXml(request, input),
        now
      }))
    return {
      operation: input.action,
      form: authenticationOf(input),
      parameters: input.parameters,
      answer: (now) =>
        Effect.flatMap(about(now), (about) =>
          answered(
            (note) =>
              Effect.flatMap(Effect.fromResult(admit(state, request, input, now)), ({ call, operation }) =>
                operation.run(state, { ...call, note })
              ),
            (content) => success(about, input.action ?? "", content),
            (refusal) => failure(about, refusal)
          )
        ),
      refuse: (now, error) => Effect.map(about(now), (about) => failure(about, error))
    }
  }
})
