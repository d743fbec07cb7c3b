/**
 * Access key ids, which carry the number of the account that they belong to.
 *
 * After a prefix of four letters come 80 bits in base32: first a 1, then the account's number in 40 bits.
 */
import * as Effect from "effect/Effect"
import type { Generator } from "../Generator.js"

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
const form = /^A[A-Z]{3}([A-Z2-7]{16})$/

const accountShift = 39n
const accountMask = (1n << 40n) - 1n
const marker = 1n << 79n

const decode = (text: string): bigint => {
  let bits = 0n
  for (const character of text) bits = (bits << 5n) | BigInt(alphabet.indexOf(character))
  return bits
}

const encode = (bits: bigint): string => {
  let text = ""
  for (let shift = 75n; shift >= 0n; shift -= 5n) text += alphabet[Number((bits >> shift) & 31n)]
  return text
}

/** The account that an access key id belongs to, unless the id is of the older kind that does not tell. */
export const accountOf = (accessKeyId: string): string | undefined => {
  const [, body] = form.exec(accessKeyId) ?? []
  if (body === undefined) return undefined
  const bits = decode(body)
  if ((bits & marker) === 0n) return undefined
  return String((bits >> accountShift) & accountMask).padStart(12, "0")
}

/** A new access key id of an account, for temporary credentials. */
export const makeTemporary = (accountId: string, generator: Generator): Effect.Effect<string> =>
  Effect.map(generator.base32(7), (text) => {
    const account = marker | (BigInt(accountId) << accountShift)
    return `ASIA${encode(account | decode(text))}`
  })
