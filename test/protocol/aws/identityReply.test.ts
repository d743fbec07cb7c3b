import { assert, describe, it } from "@effect/vitest"
import { codeOf, refusalOf } from "../../../src/protocol/aws/identityReply.js"

const said = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) => ({
  status,
  headers,
  body: typeof body === "string" ? body : JSON.stringify(body)
})

describe("what an answer without credentials means", () => {
  const rows = [
    [said(401, { message: "no" }, { "x-amzn-errortype": "UnauthorizedException:http://x/" }), "Expired"],
    [said(403, { message: "No access", __type: "com.amazonaws.sso#ForbiddenException" }), "Refused"],
    [said(404, {}, { "x-amzn-errortype": "ResourceNotFoundException" }), "Refused"],
    [said(429, {}, { "x-amzn-errortype": "TooManyRequestsException" }), "Unavailable"],
    [said(503, "<html>"), "Unavailable"],
    [said(302, ""), "Refused"],
    [said(400, { error: "invalid_grant", error_description: "x" }), "Expired"],
    [said(400, { error: "ExpiredTokenException" }), "Expired"],
    [said(401, { error: "invalid_client" }), "Expired"],
    [said(400, { error: "slow_down" }), "Unavailable"],
    [said(400, { error: "unsupported_grant_type" }), "Refused"],
    [said(401, { error: "TOKEN_EXPIRED" }), "Expired"],
    [said(403, { error: "USER_CREDENTIALS_CHANGED" }), "Expired"],
    [said(403, { error: "INSUFFICIENT_PERMISSIONS" }), "Refused"],
    [said(500, { error: "server_error" }), "Unavailable"]
  ] as const
  for (const [reply, reason] of rows) {
    const { detail, reason: actual } = refusalOf("the service", reply)
    it(`${detail}: ${reason}`, () => assert.strictEqual(actual, reason))
  }

  it("names the code, and nothing else of the answer", () => {
    assert.strictEqual(codeOf(said(400, { error: "token PLANTED secret" })), undefined)
    const { detail } = refusalOf("the portal", said(400, { error: "nope", error_description: "PLANTED" }))
    assert.strictEqual(detail, "the portal answered nope (HTTP 400)")
    assert.strictEqual(refusalOf("the portal", said(418, "PLANTED")).detail, "the portal answered HTTP 418")
  })
})
