/**
 * MFA devices: the codes that they show, and whether a caller has shown one.
 *
 * Source: RFC 6238, "TOTP: Time-Based One-Time Password Algorithm".
 */
import { createHmac } from "node:crypto"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { Refusal } from "../Refusal.js"
import type { MfaDevice } from "./Account.js"
import type { Caller } from "./Identity.js"
import { accessDenied } from "./Refusals.js"

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
const stepMillis = 30_000

const decode = (base32: string): Buffer => {
  const bits = [...base32.replace(/=+$/, "").toUpperCase()]
    .map((character) => alphabet.indexOf(character).toString(2).padStart(5, "0"))
    .join("")
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}

/** The six digits that a device with this secret shows at a time. */
export const code = (secret: Redacted.Redacted, now: number): string => {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(now / stepMillis)))
  const digest = createHmac("sha1", decode(Redacted.value(secret)))
    .update(counter)
    .digest()
  const offset = digest.readUInt8(digest.length - 1) & 0x0f
  const number = digest.readUInt32BE(offset) & 0x7fff_ffff
  return String(number % 1_000_000).padStart(6, "0")
}

/** Whether a device shows this code now, or did a moment ago, or will in a moment. */
export const shows = (secret: Redacted.Redacted, shown: string, now: number): boolean =>
  [now - stepMillis, now, now + stepMillis].some((time) => time >= 0 && code(secret, time) === shown)

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
  Result.fail(accessDenied(`MultiFactorAuthentication failed${detail}`))

/**
 * Whether the caller has shown a device, with this request or when its session began. A device that is shown has to
 * be the caller's own.
 */
export const check = (
  caller: Caller,
  shown: { readonly serialNumber: string | undefined; readonly tokenCode: string | undefined },
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
