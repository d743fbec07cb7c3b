/** Finding out who calls: key, session token, scope, time and signature of a request. */
import * as Duration from "effect/Duration"
import type * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { Refusal } from "../Refusal.js"
import type { WireRequest } from "../Wire.js"
import type { Caller } from "./Identity.js"
import type { Input } from "./Input.js"
import * as Refusals from "./Refusals.js"
import { regionOf, serves } from "./Regions.js"
import * as Signature from "./Signature.js"
import type { State } from "./State.js"

/** How far the time of a request may be off. */
export const windowMillis = Duration.toMillis("5 minutes")

type Checked<A = void> = Result.Result<A, Refusal>

interface KeyFound {
  readonly secret: Redacted.Redacted
  readonly caller: Caller
}

const findSession = (state: State, accessKeyId: string, token: string, now: number): Checked<KeyFound> => {
  const session = state.sessions.find(token, now)
  if (session?.accessKeyId !== accessKeyId) return Result.fail(Refusals.invalidToken)
  return session.expiration <= now
    ? Result.fail(Refusals.expiredToken)
    : Result.succeed({ secret: session.secretAccessKey, caller: { identity: session.identity, session } })
}

const findKey = (
  state: State,
  { accessKeyId, sessionToken }: Signature.Signed,
  now: number
): Checked<KeyFound> => {
  if (sessionToken !== undefined) return findSession(state, accessKeyId, sessionToken, now)
  const owner = state.findKey(accessKeyId)
  return owner?.key.active === true
    ? Result.succeed({
        secret: owner.key.secretAccessKey,
        caller: { identity: owner.identity, session: undefined }
      })
    : Result.fail(Refusals.invalidToken)
}

const checkScope = ({ date, scope }: Signature.Signed, host: string): Checked => {
  const wrong = (detail: string) => Result.fail(Refusals.wrongScope(detail))
  if (scope.terminator !== "aws4_request") {
    return wrong(
      `Credential should be scoped with a valid terminator: 'aws4_request', not '${scope.terminator}'.`
    )
  }
  if (scope.service !== "sts") return wrong("Credential should be scoped to correct service: 'sts'.")
  if (!serves(host, scope.region)) {
    const only = regionOf(host)
    return wrong(
      only === undefined
        ? `Credential should be scoped to a valid region, not '${scope.region}'.`
        : `Credential should be scoped to a valid region, not '${scope.region}'. This endpoint is for '${only}'.`
    )
  }
  return scope.day === date.slice(0, 8)
    ? Result.void
    : wrong(
        `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scope.day}' != '${date.slice(0, 8)}', from '${date}'.`
      )
}

const checkTime = ({ expiresInSeconds, time }: Signature.Signed, now: number): Checked => {
  if (time - now > windowMillis) return Result.fail(Refusals.notYetCurrent(time, now, windowMillis))
  if (expiresInSeconds !== undefined) {
    return now < time + expiresInSeconds * 1000 ? Result.void : Result.fail(Refusals.requestExpired)
  }
  return now - time > windowMillis
    ? Result.fail(Refusals.signatureExpired(time, now, windowMillis))
    : Result.void
}

/** Who signed a request. */
export const callerOf = (
  state: State,
  request: WireRequest,
  input: Input,
  now: number
): Result.Result<Caller, Refusal> =>
  Result.gen(function* () {
    const signed = yield* Signature.read(request, input)
    const { caller, secret } = yield* findKey(state, signed, now)
    yield* checkScope(signed, input.host)
    yield* checkTime(signed, now)
    yield* signed.verify(secret)
    return caller
  })
