import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { Credentials } from "../../../src/schemas/aws/Credentials.js"
import { shownForms } from "../exposure.js"

const lasting = new Credentials({
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: Redacted.make("planted-secret"),
  accountId: "123456789012"
})

// The test clock starts at the epoch.
const anHour = new Credentials({
  accessKeyId: "ASIAIOSFODNN7EXAMPLE",
  secretAccessKey: Redacted.make("planted-secret"),
  sessionToken: Redacted.make("planted-token"),
  expiration: DateTime.makeUnsafe(3_600_000)
})

describe("the secrets of credentials", () => {
  it.each([lasting, anHour])("are not shown, even encoded: %o", (credentials) => {
    const encoded = Schema.encodeSync(Credentials)(credentials)
    for (const form of [...shownForms(credentials), ...shownForms(encoded)]) {
      assert.notInclude(form, "planted-")
    }
  })

  it("may be given plain or redacted", () => {
    const decode = Schema.decodeUnknownSync(Credentials)
    for (const secret of ["planted-secret", Redacted.make("planted-secret")]) {
      const { secretAccessKey } = decode({ accessKeyId: "id", secretAccessKey: secret })
      assert.strictEqual(Redacted.value(secretAccessKey), "planted-secret")
    }
  })

  it("are not in decoding errors", () => {
    const decode = Schema.decodeUnknownResult(Credentials, { errors: "all" })
    const failure = decode({
      accessKeyId: "",
      secretAccessKey: ["planted-secret"],
      sessionToken: { a: "planted-" }
    })
    assert.strictEqual(failure._tag, "Failure")
    for (const form of shownForms(String(failure))) assert.notInclude(form, "planted-")
  })
})
