/**
 * The codes of virtual MFA devices.
 *
 * Source: RFC 6238, "TOTP: Time-Based One-Time Password Algorithm".
 */
import { createHmac } from "node:crypto"
import * as Redacted from "effect/Redacted"

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
