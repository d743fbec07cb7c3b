import { createHmac } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import * as Redacted from "effect/Redacted"
import * as FastCheck from "fast-check"
import { HmacKey, hmacKey } from "../../src/protocol/signature.js"
import { text } from "./arbitraries.js"

describe("an HMAC key", () => {
  it("of any length signs any number of texts as the platform does", () => {
    FastCheck.assert(
      FastCheck.property(
        FastCheck.constantFrom("sha1" as const, "sha256" as const),
        FastCheck.constantFrom("hex" as const, "base64" as const),
        FastCheck.uint8Array({ maxLength: 200 }),
        FastCheck.array(text),
        (algorithm, encoding, bytes, texts) => {
          const ours = new HmacKey(algorithm, bytes)
          for (const each of texts) {
            const theirs = createHmac(algorithm, bytes).update(each).digest(encoding)
            assert.strictEqual(ours.sign(each, encoding), theirs)
          }
        }
      )
    )
  })

  it("signs texts of megabytes", () => {
    const long = "\u20ac".repeat(400_000)
    assert.strictEqual(
      new HmacKey("sha256", "key").sign(long, "hex"),
      createHmac("sha256", "key").update(long).digest("hex")
    )
  })

  it("is made once for each use of a secret, and not where the secret was wiped", () => {
    const secret = Redacted.make("secret")
    const make = (plain: string) => new HmacKey("sha256", plain)
    const first = hmacKey(secret, "one", make)
    assert.strictEqual(hmacKey(secret, "one", make), first)
    assert.notStrictEqual(hmacKey(secret, "other", make), first)
    assert.notStrictEqual(hmacKey(Redacted.make("secret"), "one", make), first)
    Redacted.wipeUnsafe(secret)
    assert.throws(() => hmacKey(secret, "one", make))
  })
})
