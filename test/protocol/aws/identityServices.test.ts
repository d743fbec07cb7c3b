import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import {
  codeOf,
  type IdentityService,
  refusalOf,
  resolve
} from "../../../src/protocol/aws/identityServices.js"

type Row = readonly [IdentityService, region: string, wanted: "" | "fips" | "dual" | "both", host: string]

const rows: ReadonlyArray<Row> = [
  ["portal", "eu-central-1", "", "portal.sso.eu-central-1.amazonaws.com"],
  ["portal", "us-east-2", "fips", "portal.sso-fips.us-east-2.amazonaws.com"],
  ["portal", "us-east-2", "dual", "portal.sso.us-east-2.api.aws"],
  ["portal", "us-east-2", "both", "portal.sso-fips.us-east-2.api.aws"],
  ["portal", "us-gov-west-1", "fips", "portal.sso.us-gov-west-1.amazonaws.com"],
  ["portal", "us-gov-west-1", "both", "portal.sso-fips.us-gov-west-1.api.aws"],
  ["portal", "cn-north-1", "", "portal.sso.cn-north-1.amazonaws.com.cn"],
  ["oidc", "eu-west-1", "", "oidc.eu-west-1.amazonaws.com"],
  ["oidc", "cn-north-1", "both", "oidc-fips.cn-north-1.api.amazonwebservices.com.cn"],
  ["signin", "eu-west-1", "", "eu-west-1.signin.aws.amazon.com"],
  ["signin", "eu-west-1", "dual", "signin.eu-west-1.api.aws"],
  ["signin", "eu-west-1", "fips", "signin-fips.eu-west-1.amazonaws.com"],
  ["signin", "eu-west-1", "both", "signin-fips.eu-west-1.api.aws"],
  ["signin", "us-gov-west-1", "", "us-gov-west-1.signin.amazonaws-us-gov.com"],
  ["signin", "us-gov-west-1", "fips", "signin-fips.amazonaws-us-gov.com"],
  ["signin", "us-gov-east-1", "fips", "us-gov-east-1.signin-fips.amazonaws-us-gov.com"],
  ["signin", "us-gov-east-1", "both", "signin-fips.us-gov-east-1.api.aws"],
  ["signin", "cn-northwest-1", "", "cn-northwest-1.signin.amazonaws.cn"],
  ["signin", "eusc-de-east-1", "", "eusc-de-east-1.signin.amazonaws-eusc.eu"]
]

describe("the endpoints of signing in", () => {
  for (const [service, region, wanted, host] of rows) {
    it(`${service} of ${region} ${wanted} is ${host}`, () => {
      const useFips = wanted === "fips" || wanted === "both"
      const useDualStack = wanted === "dual" || wanted === "both"
      assert.deepStrictEqual(
        resolve(service, { region, useFips, useDualStack }),
        Result.succeed(`https://${host}`)
      )
    })
  }

  it("can be configured, without variants", () => {
    const endpoint = "https://sso.example.com"
    assert.deepStrictEqual(resolve("portal", { endpoint }), Result.succeed(endpoint))
    for (const [parameter, wanted] of [
      ["useFips", { useFips: true }],
      ["useDualStack", { useDualStack: true }]
    ] as const) {
      const answer = Result.flip(resolve("portal", { endpoint, ...wanted }))
      assert.strictEqual(Result.getOrThrow(answer).parameter, parameter)
    }
  })

  it("need a region that is one", () => {
    for (const region of [undefined, "evil.example.com/", "a b", ""]) {
      const answer = Result.flip(resolve("oidc", { region }))
      assert.strictEqual(Result.getOrThrow(answer).parameter, "region")
    }
  })
})

const said = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) => ({
  status,
  headers,
  body: typeof body === "string" ? body : JSON.stringify(body)
})

describe("a reply without credentials", () => {
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

  it("shows the code, and nothing else of the reply", () => {
    assert.strictEqual(codeOf(said(400, { error: "token PLANTED secret" })), undefined)
    const { detail } = refusalOf("the portal", said(400, { error: "nope", error_description: "PLANTED" }))
    assert.strictEqual(detail, "the portal answered nope (HTTP 400)")
    assert.strictEqual(refusalOf("the portal", said(418, "PLANTED")).detail, "the portal answered HTTP 418")
  })
})
