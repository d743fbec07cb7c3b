/**
 * What an operation of the emulated service is, and what it is given: the parameters that its declaration names, checked
 * by the same shapes that the client's own checks come from.
 */
import type * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Parameters } from "../../protocol/encoding.js"
import type { Scalar } from "../../protocol/shape.js"
import type { Operation as Declared, Plain } from "../../schemas/Operation.js"
import type { Authentication } from "../../schemas/Request.js"
import type { Refusal } from "../Service.js"
import type { Caller } from "./Identity.js"
import * as Refusals from "./Refusals.js"
import type { State } from "./State.js"

/** One call. */
export interface Call<Fields, Auth extends Authentication = "signed"> {
  /** By this library's names, and as the service wants them. */
  readonly fields: Fields
  readonly caller: Auth extends "signed" ? Caller : Caller | undefined
  /** Milliseconds since 1970, by the emulator's clock. */
  readonly now: number
}

type Run<Fields, Auth extends Authentication> = (
  state: State,
  call: Call<Fields, Auth>
) => Effect.Effect<object, Refusal>

/** An operation: how its request looks on the wire, and its answer as the service writes it. */
export interface Operation
  extends Pick<
    Declared<Authentication, object, unknown, unknown, string>,
    "name" | "authentication" | "input"
  > {
  run(state: State, call: Call<unknown, Authentication>): Effect.Effect<object, Refusal>
}

/** A declared operation and how it is answered. */
export const operation = <
  Auth extends Authentication,
  Request extends object,
  Input,
  Response,
  Code extends string
>(
  declared: Declared<Auth, Request, Input, Response, Code>,
  run: Run<Plain<Input>, Auth>
): Operation => ({ ...declared, run })

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

/** What parameters say of an operation's fields, or the first of them that is missing or wrong. */
export const fieldsOf = ({ input }: Operation, parameters: Parameters): Result.Result<object, Refusal> =>
  Result.gen(function* () {
    const fields: Record<string, string | number> = {}
    for (const [field, { name, required, shape }] of Object.entries(input.members)) {
      const text = parameters[name]
      if (required === true && !text) return yield* Result.fail(Refusals.missing(name))
      if (text !== undefined) fields[field] = yield* valueOf(name, shape as Scalar, text)
    }
    return fields
  })
