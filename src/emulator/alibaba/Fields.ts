/**
 * The forms that the operations' parameters have to have.
 *
 * Source: "Security Token Service 2015-04-01", API reference.
 */
import * as Result from "effect/Result"
import type { Parameters } from "../../protocol/encoding.js"
import { Ram, type RamDocument } from "../Policy.js"
import type { Refusal } from "../Service.js"
import * as Refusals from "./Refusals.js"

type Checked<A> = Result.Result<A, Refusal>

const defaultDuration = 3600
const minDuration = 900
const maxDuration = 43_200
const maxPolicyBytes = 2048

/** A parameter that has to be there. */
const required = (parameters: Parameters, name: string): Checked<string> => {
  const value = parameters[name]
  return value === undefined || value === "" ? Result.fail(Refusals.missing(name)) : Result.succeed(value)
}

const formed = (name: string, value: string, min: number, max: number, form: RegExp): Checked<string> =>
  value.length >= min && value.length <= max && form.test(value)
    ? Result.succeed(value)
    : Result.fail(Refusals.wronglyFormed(name))

const requiredForm = (parameters: Parameters, name: string, min: number, max: number, form: RegExp) =>
  Result.flatMap(required(parameters, name), (value) => formed(name, value, min, max, form))

const optionalForm = (
  parameters: Parameters,
  name: string,
  min: number,
  max: number,
  form: RegExp
): Checked<string | undefined> => {
  const value = parameters[name]
  return value === undefined ? Result.succeed(undefined) : formed(name, value, min, max, form)
}

/** The ARN of a role or provider. */
export const arn = (parameters: Parameters, name: string, kind: string): Checked<string> =>
  requiredForm(parameters, name, 1, 256, new RegExp(`^acs:ram::\\d{1,32}:${kind}/[A-Za-z0-9.@_-]{1,128}$`))

/** `RoleArn`. */
export const roleArn = (parameters: Parameters): Checked<string> => arn(parameters, "RoleArn", "role")

const sessionName = /^[A-Za-z0-9.@_-]*$/

/** `RoleSessionName`. */
export const roleSessionName = (parameters: Parameters): Checked<string> =>
  requiredForm(parameters, "RoleSessionName", 2, 64, sessionName)

/** `ExternalId`. */
export const externalId = (parameters: Parameters): Checked<string | undefined> =>
  optionalForm(parameters, "ExternalId", 2, 1224, /^[\w+=,.@:/-]*$/)

/** `SourceIdentity`. */
export const sourceIdentity = (parameters: Parameters): Checked<string | undefined> =>
  optionalForm(parameters, "SourceIdentity", 2, 64, /^(?!acs:|aliyun:|alibabacloud:)[\w+=,.@-]*$/i)

/** `OIDCToken` and `SAMLAssertion`: their length only. */
export const proof = (parameters: Parameters, name: string, max: number): Checked<string> =>
  requiredForm(parameters, name, 4, max, /^/)

/** `DurationSeconds`, within the bounds that hold for every role. */
export const durationSeconds = (parameters: Parameters): Checked<number> => {
  const text = parameters["DurationSeconds"]
  if (text === undefined) return Result.succeed(defaultDuration)
  const seconds = /^\d+$/.test(text) ? Number(text) : 0
  return seconds >= minDuration && seconds <= maxDuration
    ? Result.succeed(seconds)
    : Result.fail(Refusals.durationSeconds)
}

/** `Policy`: its size, then its grammar. */
export const policy = (parameters: Parameters): Checked<RamDocument | undefined> => {
  const text = parameters["Policy"]
  if (text === undefined) return Result.succeed(undefined)
  if (new TextEncoder().encode(text).length > maxPolicyBytes) return Result.fail(Refusals.policySize)
  return Result.fromOption(Ram.parse(text), () => Refusals.policyGrammar)
}

/** A role session's name where an identity provider states it. */
export const isSessionName = (text: string): boolean =>
  text.length >= 2 && text.length <= 64 && sessionName.test(text)
