import { createPublicKey, generateKeyPairSync, verify } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import * as Redacted from "effect/Redacted"
import { proof } from "../../../src/protocol/aws/signIn.js"

const possession = (key: string) => ({
  key: Redacted.make(key),
  method: "POST" as const,
  url: "https://us-east-1.signin.aws.amazon.com/v1/token?x=1#y",
  nonce: "nonce-1",
  now: 1_700_000_000_999
})

const decoded = (part = ""): Record<string, unknown> =>
  JSON.parse(Buffer.from(part, "base64url").toString("utf8"))

const pemOf = (curve: string, type: "sec1" | "pkcs8"): string =>
  generateKeyPairSync("ec", { namedCurve: curve }).privateKey.export({ format: "pem", type }).toString()

describe("a proof of possession", () => {
  for (const type of ["sec1", "pkcs8"] as const) {
    it(`is a JWT that the public key in its header verifies (${type})`, () => {
      const [header, claims, signature] = (proof(possession(pemOf("P-256", type))) ?? "").split(".")
      const { alg, jwk, typ } = decoded(header) as { alg: string; jwk: JsonWebKey; typ: string }
      assert.deepStrictEqual([typ, alg], ["dpop+jwt", "ES256"])
      assert.hasAllKeys(jwk, ["kty", "crv", "x", "y"])
      assert.deepStrictEqual(decoded(claims), {
        jti: "nonce-1",
        htm: "POST",
        htu: "https://us-east-1.signin.aws.amazon.com/v1/token",
        iat: 1_700_000_000
      })
      const key = createPublicKey({ key: jwk as never, format: "jwk" })
      const bytes = Buffer.from(signature ?? "", "base64url")
      assert.strictEqual(bytes.length, 64)
      assert.isTrue(
        verify("sha256", Buffer.from(`${header}.${claims}`), { key, dsaEncoding: "ieee-p1363" }, bytes)
      )
    })
  }

  it("needs a private key of its curve", () => {
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey
    for (const key of [pemOf("P-384", "sec1"), rsa.export({ format: "pem", type: "pkcs8" }), "", "no key"]) {
      assert.isUndefined(proof(possession(String(key))))
    }
  })
})
