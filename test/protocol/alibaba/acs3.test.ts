import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "fast-check"
import * as acs3 from "../../../src/protocol/alibaba/acs3.js"

import { key, millis, pairs, plainName, text } from "../arbitraries.js"

const request: acs3.Signable = {
  method: "POST",
  path: "/",
  query: {},
  headers: {
    "x-acs-version": "2015-04-01",
    accept: "application/json",
    host: "sts.aliyuncs.com",
    "content-type": "application/x-www-form-urlencoded",
    "x-acs-action": " GetCallerIdentity\t"
  },
  contentSha256: acs3.sha256("")
}

describe("ACS3 requests", () => {
  it("cover host, content-type and x-acs- headers, in order and trimmed", () => {
    assert.strictEqual(
      acs3.canonicalRequest(request),
      [
        "POST",
        "/",
        "",
        "content-type:application/x-www-form-urlencoded",
        "host:sts.aliyuncs.com",
        "x-acs-action:GetCallerIdentity",
        "x-acs-version:2015-04-01",
        "",
        "content-type;host;x-acs-action;x-acs-version",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
      ].join("\n")
    )
  })

  it("hash bytes and text alike", () => {
    assert.strictEqual(acs3.sha256(new TextEncoder().encode("é")), acs3.sha256("é"))
  })

  it("contain the key's id, never its secret", () => {
    const signed = acs3.authorization(request, { accessKeyId: "id", accessKeySecret: "kept-to-myself" })
    assert.match(
      signed.authorization,
      /^ACS3-HMAC-SHA256 Credential=id,SignedHeaders=content-type;host;x-acs-action;x-acs-version,Signature=[0-9a-f]{64}$/
    )
    assert.notInclude(JSON.stringify(signed), "kept-to-myself")
    assert.strictEqual(signed.stringToSign, acs3.stringToSign(acs3.canonicalRequest(request)))
  })

  it("of a call are signed over the headers that they have", () => {
    const call = FastCheck.record({
      action: text,
      version: text,
      parameters: pairs(plainName),
      time: millis,
      nonce: text,
      host: text
    })
    FastCheck.assert(
      FastCheck.property(call, key, (given, who) => {
        const { body, headers, stringToSign } = acs3.sign(given, who)
        const { authorization, ...others } = headers
        const contentSha256 = acs3.sha256(body)
        const signable = { method: "POST", path: "/", query: {}, headers: others, contentSha256 }
        assert.deepStrictEqual({ authorization, stringToSign }, acs3.authorization(signable, who))
        assert.strictEqual(others["x-acs-content-sha256"], contentSha256)
        assert.strictEqual(others["x-acs-security-token"], who.securityToken)
      })
    )
  })
})
