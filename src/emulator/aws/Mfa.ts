/** MFA devices, and whether a caller has shown one. */
import * as Result from "effect/Result"
import type { Refusal } from "../Refusal.js"
import type { MfaDevice } from "./Account.js"
import type { Caller } from "./Identity.js"
import { accessDenied } from "./Refusals.js"
import * as Totp from "./Totp.js"

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
  return Totp.shows(device.secret, tokenCode, now)
    ? Result.succeed(true)
    : failed(" with invalid MFA one time pass code. ")
}
