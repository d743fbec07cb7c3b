/** Sealing what a cache keeps with a key or a passphrase. */

import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { keyOf, lengths, open, type Seal, seal } from "../../protocol/cacheEntry.js"
import { type JsonObject, textIfAny } from "../../protocol/json.js"
import { StsConfigError } from "../../schemas/StsError.js"
import { RandomBytes } from "./RandomBytes.js"

/** 32 bytes, or a passphrase that a key is made of. */
export type EncryptionKey = Redacted.Redacted<Uint8Array> | Redacted.Redacted<string>

const wrong = (detail: string): Result.Result<never, StsConfigError> =>
  Result.fail(new StsConfigError({ key: "FileCache.encryptionKey", detail }))

const inBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64")

const bytes = (object: JsonObject, name: string): Uint8Array =>
  Buffer.from(textIfAny(object, name) ?? "", "base64")

type KeyFor = (salt: Uint8Array) => Uint8Array

// Making a key of a passphrase is slow by design, so the last one is remembered.
const remembering = (passphrase: Redacted.Redacted<string>): KeyFor => {
  let last: { readonly salt: string; readonly key: Redacted.Redacted<Uint8Array> } | undefined
  return (salt) => {
    const name = inBase64(salt)
    if (last?.salt !== name) {
      last = { salt: name, key: Redacted.make(keyOf(Redacted.value(passphrase), salt)) }
    }
    return Redacted.value(last.key)
  }
}

/**
 * Makes seals, each with a nonce of its own. A key of another length than 32 bytes or an empty passphrase is a
 * `StsConfigError`.
 */
export const make = (encryptionKey: EncryptionKey): Result.Result<Effect.Effect<Seal>, StsConfigError> => {
  const secret: string | Uint8Array = Redacted.value<string | Uint8Array>(encryptionKey)
  if (secret.length === 0) return wrong("is empty")
  const isKey = typeof secret !== "string"
  if (isKey && secret.length !== lengths.key) return wrong(`must be ${lengths.key} bytes`)
  const keyFor: KeyFor = isKey ? () => secret : remembering(Redacted.make(secret))
  const sealing = (nonce: Uint8Array, salt: Uint8Array): Seal => ({
    close: (header, content) => ({
      ...(isKey ? {} : { salt: inBase64(salt) }),
      nonce: inBase64(nonce),
      text: inBase64(seal(keyFor(salt), nonce, header, content))
    }),
    open: (header, sealed) =>
      open(keyFor(bytes(sealed, "salt")), bytes(sealed, "nonce"), header, bytes(sealed, "text"))
  })
  return Result.succeed(
    Effect.flatMap(RandomBytes, (random) =>
      Effect.zipWith(random(lengths.nonce), random(lengths.salt), sealing)
    )
  )
}
