/** Finding out who calls: time, key, security token, signature and nonce of a request. */

import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { Refusal } from "../Refusal.js"
import type { WireRequest } from "../Wire.js"
import type { Caller } from "./Caller.js"
import type { Input } from "./Input.js"
import * as Refusals from "./Refusals.js"
import * as Signature from "./Signature.js"
import { type State, windowMillis } from "./State.js"

const timestampForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/

/** Refuses a time that is missing, malformed, or more than 15 minutes off. */
export const checkTimestamp = (timestamp: string | undefined, now: number): Result.Result<void, Refusal> => {
  if (timestamp === undefined) return Result.fail(Refusals.missingCommon("Timestamp"))
  const time = timestampForm.test(timestamp) ? Date.parse(timestamp) : Number.NaN
  if (Number.isNaN(time)) return Result.fail(Refusals.timestampFormat)
  return Math.abs(now - time) > windowMillis ? Result.fail(Refusals.timestampExpired) : Result.void
}

interface KeyFound {
  readonly secret: Redacted.Redacted
  readonly caller: Caller
}

const findSession = (
  state: State,
  accessKeyId: string,
  securityToken: string,
  now: number
): Result.Result<KeyFound, Refusal> => {
  const session = state.findSession(securityToken, now)
  if (session === undefined) return Result.fail(Refusals.tokenMalformed)
  if (session.accessKeyId !== accessKeyId) return Result.fail(Refusals.tokenMismatch)
  if (session.expiration <= now) return Result.fail(Refusals.tokenExpired)
  return Result.succeed({
    secret: session.accessKeySecret,
    caller: { _tag: "AssumedRoleUser", account: session.account, session }
  })
}

const findKey = (
  state: State,
  accessKeyId: string,
  securityToken: string | undefined,
  now: number
): Result.Result<KeyFound, Refusal> => {
  const owner = state.findKey(accessKeyId)
  const isSessionKey = state.isSessionKey(accessKeyId, now)
  if (owner === undefined && !isSessionKey) return Result.fail(Refusals.keyNotFound)
  if (securityToken !== undefined) return findSession(state, accessKeyId, securityToken, now)
  if (owner === undefined) return Result.fail(Refusals.tokenMissing)
  return owner.key.active
    ? Result.succeed({ secret: owner.key.accessKeySecret, caller: owner.caller })
    : Result.fail(Refusals.keyInactive)
}

/** Who signed a request, and with which access key. */
export interface Signer {
  readonly accessKeyId: string
  readonly caller: Caller
}

/** Who signed a request. */
export const signerOf = (
  state: State,
  request: WireRequest,
  input: Input,
  now: number
): Result.Result<Signer, Refusal> =>
  Result.gen(function* () {
    const signed = yield* Signature.read(request, input)
    const { caller, secret } = yield* findKey(state, signed.accessKeyId, input.securityToken, now)
    yield* signed.verify(Redacted.value(secret))
    return { accessKeyId: signed.accessKeyId, caller }
  })

/**
 * Uses up a nonce. It comes last, so that nobody can use up the nonces of another. What is not signed needs none: the
 * vendor's own credential packages send none with AssumeRoleWithOIDC.
 */
export const useNonce = (
  state: State,
  signer: Signer | undefined,
  nonce: string | undefined,
  now: number
): Result.Result<void, Refusal> => {
  if (nonce === undefined || nonce === "") {
    return signer === undefined ? Result.void : Result.fail(Refusals.missingCommon("SignatureNonce"))
  }
  return state.useNonce(signer?.accessKeyId, nonce, now) ? Result.void : Result.fail(Refusals.nonceUsed)
}
