/**
 * Whether a caller may do what it asks, and the devices that it shows with it.
 *
 * Source: "Policy evaluation logic", IAM User Guide; RFC 6238, "TOTP: Time-Based One-Time Password Algorithm".
 */

import { createHmac } from "node:crypto"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { type Context, Iam, type Question, trustOf } from "../Policy.js"
import type { Refusal } from "../Service.js"
import { base32 } from "../State.js"
import { arnOf, type Held, type MfaDevice, type Role } from "./Account.js"
import * as Refusals from "./Refusals.js"
import { tagContext } from "./Session.js"
import {
  accountNamesOf,
  arnOfIdentity,
  type Caller,
  ownNamesOf,
  policiesOf,
  type SignedCall,
  userIdOf
} from "./State.js"

/** What conditions may ask about a caller. */
export const contextOf = (
  { identity, session }: Caller,
  now: number,
  mfa = session?.mfa ?? false
): Context => ({
  "aws:CurrentTime": [new Date(now).toISOString()],
  "aws:PrincipalArn": ownNamesOf(identity).slice(0, 1),
  "aws:PrincipalAccount": [identity.account.id],
  "aws:userid": [userIdOf(identity)],
  "aws:username": identity._tag === "User" ? [identity.user.name] : [],
  // A long-term key says nothing of devices.
  "aws:MultiFactorAuthPresent": session === undefined && !mfa ? [] : [String(mfa)],
  ...(identity._tag === "AssumedRole"
    ? {
        "aws:SourceIdentity": identity.sourceIdentity === undefined ? [] : [identity.sourceIdentity],
        ...tagContext("aws:PrincipalTag", identity.tags)
      }
    : {})
})

const refused = (caller: Caller, { action, resource = "*" }: Question) =>
  Result.fail(Refusals.notAuthorized(arnOfIdentity(caller.identity), action, resource))

/** Refuses what the caller's own policies do not allow. */
export const check = (
  { caller, note, now }: Pick<SignedCall<unknown>, "caller" | "note" | "now">,
  action: string,
  { context = {}, resource = "*" }: Partial<Question> = {}
): Result.Result<void, Refusal> => {
  const question: Question = { action, resource, context: { ...contextOf(caller, now), ...context } }
  return policiesOf(caller.identity).every(({ documents, name }) =>
    Iam.allows(note, name, documents, question)
  )
    ? Result.void
    : refused(caller, question)
}

/**
 * Refuses a role that does not trust the caller. A role that names the caller itself needs no policy of the caller's
 * within the account; one that names the whole account, or stands in another, does.
 */
export const checkTrust = (
  { caller, note }: Pick<SignedCall<unknown>, "caller" | "note">,
  { account, value: role }: Held<Role>,
  question: Question & { readonly resource: string }
): Result.Result<void, Refusal> => {
  const { identity } = caller
  const { action, context } = question
  const own = ownNamesOf(identity)
  const trustedAs = (names: ReadonlyArray<string>): Question => ({
    action,
    context,
    principal: { kind: "AWS", names }
  })
  const isTrusted = Iam.allows(
    note,
    trustOf(arnOf(account, "role", role.name)),
    [role.trustPolicy],
    trustedAs([...own, ...accountNamesOf(identity)])
  )
  const isNamed =
    identity.account.id === account.id && Iam.decide([role.trustPolicy], trustedAs(own)).effect === "Allow"
  const stops = policiesOf(identity).filter(({ documents, name: policies }) => {
    const outcome = Iam.decide(documents, question)
    const isAsked = !isNamed || outcome.effect === "Deny"
    if (isAsked) note({ policies, action, ...outcome })
    return isAsked && outcome.effect !== "Allow"
  })
  return isTrusted && stops.length === 0 ? Result.void : refused(caller, question)
}

const stepMillis = 30_000

const decodeBase32 = (text: string): Buffer => {
  const bits = [...text.replace(/=+$/, "").toUpperCase()]
    .map((character) => base32.indexOf(character).toString(2).padStart(5, "0"))
    .join("")
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}

/** The six digits that a device with this secret shows at a time. */
export const mfaCode = (secret: Redacted.Redacted, now: number): string => {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(now / stepMillis)))
  const digest = createHmac("sha1", decodeBase32(Redacted.value(secret)))
    .update(counter)
    .digest()
  const offset = digest.readUInt8(digest.length - 1) & 0x0f
  const number = digest.readUInt32BE(offset) & 0x7fff_ffff
  return String(number % 1_000_000).padStart(6, "0")
}

/** Whether a device shows this code now, or did a moment ago, or will in a moment. */
const shows = (secret: Redacted.Redacted, shown: string, now: number): boolean =>
  [now - stepMillis, now, now + stepMillis].some((time) => time >= 0 && mfaCode(secret, time) === shown)

const devicesOf = ({ identity }: Caller): ReadonlyArray<MfaDevice> => {
  switch (identity._tag) {
    case "Root":
      return identity.account.mfaDevices
    case "User":
      return identity.user.mfaDevices
    default:
      return []
  }
}

const failed = (detail: string): Result.Result<never, Refusal> =>
  Result.fail(Refusals.accessDenied(`MultiFactorAuthentication failed${detail}`))

/**
 * Whether the caller has shown a device, with this request or when its session began. A device that is shown has to
 * be the caller's own.
 */
export const checkMfa = (
  caller: Caller,
  shown: { readonly serialNumber?: string | undefined; readonly tokenCode?: string | undefined },
  now: number
): Result.Result<boolean, Refusal> => {
  const { serialNumber, tokenCode } = shown
  if (serialNumber === undefined && tokenCode === undefined)
    return Result.succeed(caller.session?.mfa ?? false)
  if (serialNumber === undefined || tokenCode === undefined) {
    return failed(", must provide both MFA serial number and one time pass code. ")
  }
  const device = devicesOf(caller).find((one) => one.serialNumber === serialNumber)
  if (device === undefined) {
    return failed(
      ", unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user. "
    )
  }
  return shows(device.secret, tokenCode, now)
    ? Result.succeed(true)
    : failed(" with invalid MFA one time pass code. ")
}
