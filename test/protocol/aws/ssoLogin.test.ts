import { assert, describe, it } from "@effect/vitest"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import {
  authorizeUrl,
  deviceIn,
  registered,
  registrationFile,
  registrationIn,
  registrationRequest,
  tokenFileOf
} from "../../../src/protocol/aws/ssoLogin.js"

const wanted = { startUrl: "https://d-1.awsapps.com/start", region: "us-east-1" }
const session = { ...wanted, sessionName: "my-sso" }
const now = Date.parse("2026-01-01T00:00:00Z")

describe("a client's file", () => {
  it("has the name that botocore gives it", () => {
    assert.strictEqual(
      registrationFile({ ...session, scopes: ["sso:account:access"] }),
      "7b98dedaa873d1d1e92f3e3979594aeaefc64a95.json"
    )
    assert.strictEqual(registrationFile(wanted), "4c8232f5b856247191190eb9e4a2d778dc4f2b56.json")
  })

  const reply = JSON.stringify({
    clientId: "id",
    clientSecret: "secret",
    clientSecretExpiresAt: now / 1_000 + 3_600
  })

  it("is used for one way of signing in only", () => {
    const ways = ["browser", "device"] as const
    for (const way of ways) {
      const { text } = Result.getOrThrow(registered(session, way, reply))
      const found = ways.filter((one) => registrationIn(text, one, now) !== undefined)
      assert.deepStrictEqual(found, [way])
      assert.isUndefined(registrationIn(text, way, now + 45 * 60_000))
      assert.isDefined(registrationIn(text, way, now + 44 * 60_000))
    }
    for (const text of ["", "{}", "[]", '{"clientId":1,"clientSecret":"","expiresAt":"x"}']) {
      assert.isUndefined(registrationIn(text, "device", now))
    }
  })

  it("is registered as by the AWS CLI", () => {
    assert.deepStrictEqual(JSON.parse(registrationRequest(session, "browser", "name")), {
      clientName: "name",
      clientType: "public",
      scopes: ["sso:account:access"],
      grantTypes: ["authorization_code", "refresh_token"],
      redirectUris: ["http://127.0.0.1/oauth/callback"],
      issuerUrl: wanted.startUrl
    })
    assert.deepStrictEqual(JSON.parse(registrationRequest(wanted, "device", "name")), {
      clientName: "name",
      clientType: "public"
    })
  })
})

describe("replies", () => {
  it("with missing members, or members of another type, are refused", () => {
    const whole = {
      deviceCode: "d",
      userCode: "u",
      verificationUri: "https://d/",
      expiresIn: 600,
      interval: 1
    }
    assert.strictEqual(Result.getOrThrow(deviceIn(JSON.stringify(whole))).urlWithCode, "https://d/")
    const bad = [
      {},
      { ...whole, deviceCode: 1 },
      { ...whole, userCode: undefined },
      { ...whole, verificationUri: "javascript:alert(1)" },
      { ...whole, interval: "1" }
    ]
    for (const one of bad) assert.isTrue(Result.isFailure(deviceIn(JSON.stringify(one))))
    const script = { ...whole, verificationUriComplete: "file:///etc/passwd" }
    assert.strictEqual(Result.getOrThrow(deviceIn(JSON.stringify(script))).urlWithCode, "https://d/")
    const client = { clientId: "id", clientSecret: Redacted.make("s"), expiresAt: "2026-01-01T00:00:00Z" }
    for (const body of ["", "{}", '{"accessToken":1,"expiresIn":1}', '{"accessToken":"a"}']) {
      assert.isTrue(Result.isFailure(tokenFileOf(session, client, body, now)))
      assert.isTrue(Result.isFailure(registered(session, "device", body)))
    }
  })
})

it("the sign-in page is the token service's", () => {
  const client = { clientId: "id", clientSecret: Redacted.make("s"), expiresAt: "" }
  const url = authorizeUrl("https://oidc.us-east-1.amazonaws.com/", client, session, {
    redirectUri: "http://127.0.0.1:4000/oauth/callback",
    state: Redacted.make("state"),
    challenge: "challenge"
  })
  assert.strictEqual(
    url,
    "https://oidc.us-east-1.amazonaws.com/authorize?response_type=code&client_id=id&redirect_uri=http%3A%2F%2F127.0.0.1%3A4000%2Foauth%2Fcallback&state=state&code_challenge_method=S256&scopes=sso%3Aaccount%3Aaccess&code_challenge=challenge"
  )
})
