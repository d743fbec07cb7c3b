import { assert, describe, it } from "@effect/vitest"
import * as rpc from "../../../src/protocol/alibaba/rpc.js"

const call: rpc.Call = {
  action: "AssumeRole",
  version: "2015-04-01",
  parameters: { RoleSessionName: "report" },
  time: Date.UTC(2026, 0, 31, 12),
  nonce: "n-1"
}

const fields = ({ body }: { readonly body: string }): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(body))

describe("RPC requests", () => {
  it("have the common parameters, and no key when anonymous", () => {
    assert.deepStrictEqual(rpc.unsignedParameters(call), {
      RoleSessionName: "report",
      Action: "AssumeRole",
      Version: "2015-04-01",
      Format: "JSON",
      Timestamp: "2026-01-31T12:00:00Z",
      SignatureNonce: "n-1"
    })
  })

  it("name the key and the scheme when signed", () => {
    const { Signature, ...signed } = fields(rpc.sign(call, { accessKeyId: "id", accessKeySecret: "secret" }))
    assert.match(Signature ?? "", /^[A-Za-z0-9+/]{27}=$/)
    assert.deepStrictEqual(signed, {
      ...rpc.unsignedParameters(call),
      AccessKeyId: "id",
      SignatureMethod: "HMAC-SHA1",
      SignatureVersion: "1.0"
    })
  })

  it("carry and sign the security token of temporary credentials", () => {
    const lasting = rpc.sign(call, { accessKeyId: "id", accessKeySecret: "secret" })
    const temporary = rpc.sign(call, { accessKeyId: "id", accessKeySecret: "secret", securityToken: "a/b" })
    assert.strictEqual(fields(temporary)["SecurityToken"], "a/b")
    assert.include(temporary.stringToSign, "SecurityToken%3Da%252Fb")
    assert.notStrictEqual(fields(temporary)["Signature"], fields(lasting)["Signature"])
  })

  it("are signed for one HTTP method", () => {
    assert.notStrictEqual(rpc.stringToSign("GET", { a: "b" }), rpc.stringToSign("POST", { a: "b" }))
  })

  it("never contain the secret", () => {
    assert.notInclude(
      JSON.stringify(rpc.sign(call, { accessKeyId: "id", accessKeySecret: "kept-to-myself" })),
      "kept-to-myself"
    )
  })
})
