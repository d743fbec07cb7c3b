/** Finding out who calls: key, session token, scope with its region, time and signature of a request. */
import * as Duration from "effect/Duration"
import type * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { Refusal, WireRequest } from "../Service.js"
import type { Caller } from "./Identity.js"
import type { Input } from "./Input.js"
import * as Refusals from "./Refusals.js"
import * as Signature from "./Signature.js"
import type { State } from "./State.js"

const regions: ReadonlySet<string> = new Set([
  "af-south-1",
  "ap-east-1",
  "ap-east-2",
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-northeast-3",
  "ap-south-1",
  "ap-south-2",
  "ap-southeast-1",
  "ap-southeast-2",
  "ap-southeast-3",
  "ap-southeast-4",
  "ap-southeast-5",
  "ap-southeast-6",
  "ap-southeast-7",
  "ca-central-1",
  "ca-west-1",
  "cn-north-1",
  "cn-northwest-1",
  "eu-central-1",
  "eu-central-2",
  "eu-north-1",
  "eu-south-1",
  "eu-south-2",
  "eu-west-1",
  "eu-west-2",
  "eu-west-3",
  "eusc-de-east-1",
  "il-central-1",
  "me-central-1",
  "me-south-1",
  "mx-central-1",
  "sa-east-1",
  "us-east-1",
  "us-east-2",
  "us-gov-east-1",
  "us-gov-west-1",
  "us-west-1",
  "us-west-2"
])

const global = "sts.amazonaws.com"
const regional = /^sts(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws|api\.aws|api\.amazonwebservices)\b/

/** Whether a host is the global endpoint. */
export const isGlobal = (host: string): boolean => host.split(":")[0] === global

/** The only region that requests to a host may be signed for; none where the host's name does not tell. */
export const regionOf = (host: string): string | undefined =>
  isGlobal(host) ? "us-east-1" : regional.exec(host)?.[1]

/** Whether a request to a host may be signed for a region. */
export const serves = (host: string, region: string): boolean =>
  regions.has(region) && (regionOf(host) ?? region) === region

/** How far the time of a request may be off. */
const windowMillis = Duration.toMillis("5 minutes")

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
  const wrong = (detail: string) => Result.fail(Refusals.mismatch(detail))
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
