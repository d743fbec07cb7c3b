import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { Credentials, CredentialsFromWire } from "../../../src/schemas/alibaba/Credentials.js"
import { shownForms } from "../exposure.js"

const lasting = new Credentials({ accessKeyId: "id", accessKeySecret: Redacted.make("planted-secret") })

// The test clock starts at the epoch.
const anHour = new Credentials({
  accessKeyId: "STS.id",
  accessKeySecret: Redacted.make("planted-secret"),
  securityToken: Redacted.make("planted-token"),
  expiration: DateTime.makeUnsafe(3_600_000)
})

describe("the secrets of credentials", () => {
  it.each([lasting, anHour])("are not shown, even encoded: %o", (credentials) => {
    const encoded = Schema.encodeSync(CredentialsFromWire)(credentials)
    for (const form of [...shownForms(credentials), ...shownForms(encoded)]) {
      assert.notInclude(form, "planted-")
    }
  })

  it("may be given plain or redacted", () => {
    const decode = Schema.decodeUnknownSync(CredentialsFromWire)
    for (const AccessKeySecret of ["planted-secret", Redacted.make("planted-secret")]) {
      const { accessKeySecret } = decode({ AccessKeyId: "id", AccessKeySecret })
      assert.isTrue(Redacted.isRedacted(accessKeySecret))
      assert.strictEqual(Redacted.value(accessKeySecret), "planted-secret")
    }
  })

  it("are not in decoding errors", () => {
    const decode = Schema.decodeUnknownResult(CredentialsFromWire, { errors: "all" })
    const failure = decode({
      AccessKeyId: "",
      AccessKeySecret: ["planted-secret"],
      SecurityToken: { planted: 1 }
    })
    assert.strictEqual(failure._tag, "Failure")
    for (const form of shownForms(String(failure))) assert.notInclude(form, "planted-secret")
  })
})
