/**
 * Text that only who has the key can read, and that nobody else can make or change: AES-256-GCM.
 *
 * Sources: NIST SP 800-38D, "Recommendation for Block Cipher Modes of Operation: Galois/Counter Mode (GCM) and GMAC";
 * RFC 7914, "The scrypt Password-Based Key Derivation Function".
 */
import { createCipheriv, createDecipheriv, scryptSync } from "node:crypto"

const algorithm = "aes-256-gcm"
const tagLength = 16

/** How many bytes a key, a nonce and a salt have. */
export const lengths = { key: 32, nonce: 12, salt: 16 } as const

// 32 MiB and about a tenth of a second for each try at a passphrase.
const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 }

/** The key that a passphrase and a salt make. */
export const keyOf = (passphrase: string, salt: Uint8Array): Uint8Array =>
  scryptSync(passphrase.normalize("NFC"), salt, lengths.key, cost)

/**
 * Seals a text together with a header, which stays readable and must be the same when it is opened. A nonce must never
 * be used twice with one key.
 */
export const seal = (key: Uint8Array, nonce: Uint8Array, header: string, text: string): Uint8Array => {
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagLength }).setAAD(
    Buffer.from(header)
  )
  return Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()])
}

/** Opens what was sealed; none where the key or the header is another, or anything was changed. */
export const open = (
  key: Uint8Array,
  nonce: Uint8Array,
  header: string,
  sealed: Uint8Array
): string | undefined => {
  if (nonce.length !== lengths.nonce || sealed.length < tagLength) return undefined
  const end = sealed.length - tagLength
  const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagLength })
    .setAAD(Buffer.from(header))
    .setAuthTag(sealed.subarray(end))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]).toString("utf8")
  } catch {
    return undefined
  }
}
