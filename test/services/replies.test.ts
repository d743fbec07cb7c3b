import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Alibaba from "../../src/alibaba.js"
import {
  type Answer,
  assumed,
  identity,
  refusal,
  reply,
  runOver,
  scripted,
  secret
} from "../support/scripted.js"

const request = { roleArn: "acs:ram::123456789012:role/reader", roleSessionName: "report" }

const failing = (...answers: ReadonlyArray<Answer>) => {
  const http = scripted(...answers)
  return Alibaba.assumeRole(request).pipe(Effect.flip, runOver(http))
}

describe("replies", () => {
  it.effect("are decoded into responses", () =>
    Effect.gen(function* () {
      const response = yield* Alibaba.assumeRole(request)
      assert.instanceOf(response, Alibaba.AssumeRoleResponse)
      assert.strictEqual(response.requestId, "REQ-OK")
      assert.strictEqual(response.credentials.accessKeyId, "STS.Example")
      assert.strictEqual(response.assumedRoleUser?.arn, "acs:ram::123456789012:role/reader/report")
      assert.notInclude(inspect(response, { depth: null }), "PLANTED")
    }).pipe(runOver(scripted(assumed)))
  )

  it.effect("take the request id from a header when the body has none", () =>
    Effect.gen(function* () {
      const body = { IdentityType: "Account", AccountId: "1", PrincipalId: "1", Arn: "acs:ram::1:root" }
      const me = yield* Alibaba.getCallerIdentity().pipe(
        runOver(scripted(reply(200, body, { "x-acs-request-id": "HEADER-ID" })))
      )
      assert.strictEqual(me.requestId, "HEADER-ID")
    })
  )

  it.effect("refusals have code, status, request id and hint", () =>
    Effect.gen(function* () {
      const error = yield* failing(refusal(403, "NoPermission", "You are not authorized to do this action."))
      assert.strictEqual(error._tag, "StsApiError")
      assert.include(error.message, "NoPermission")
      assert.include(error.message, "REQ-1")
      assert.include(error.message, "lacks the permission")
      assert.include(error.message, "trust policy")
    })
  )

  const echo = (text: string) =>
    `Specified signature is not matched with our calculation. server string to sign is:${text}`

  it.effect("a signature over another text blames a proxy, and does not show the text", () =>
    Effect.gen(function* () {
      const error = yield* failing(refusal(400, "SignatureDoesNotMatch", echo("something else PLANTED-ECHO")))
      assert.include(error.message, "a different text")
      assert.notInclude(error.message, "PLANTED-ECHO")
    })
  )

  const notSts: ReadonlyArray<readonly [string, Parameters<typeof reply>, string]> = [
    [
      "a proxy's page",
      [403, "<html>Blocked by proxy</html>", { "content-type": "text/html" }],
      "ContentType"
    ],
    [
      "cut JSON",
      [200, '{"RequestId":"1","Credentials":{"AccessKeyId":"STS.x","AccessKeySecret":"PLANTED-CUT'],
      "Malformed"
    ],
    ["a JSON list", [200, "[]"], "Malformed"],
    ["an error without a code", [400, { RequestId: "1" }], "Malformed"],
    ["no credentials", [200, { RequestId: "1", AssumedRoleUser: {} }], "Incomplete"],
    [
      "an expiration that is no date",
      [
        200,
        {
          Credentials: {
            AccessKeyId: "STS.x",
            AccessKeySecret: "PLANTED-1",
            SecurityToken: "PLANTED-2",
            Expiration: "soon"
          },
          AssumedRoleUser: {}
        }
      ],
      "Incomplete"
    ]
  ]
  for (const [what, answer, reason] of notSts) {
    it.effect(`are classified: ${what}`, () =>
      Effect.gen(function* () {
        const error = yield* failing(reply(...answer))
        assert.strictEqual(error._tag, "StsResponseError")
        assert.strictEqual(error._tag === "StsResponseError" ? error.reason : "", reason)
        assert.notInclude(error.message, "PLANTED")
      })
    )
  }

  it.effect("that echo the request show no secrets", () =>
    Effect.gen(function* () {
      const error = yield* failing(reply(400, `<html>${secret}</html>`, { "content-type": "text/html" }))
      assert.notInclude(error.message, secret)
      assert.include(error.message, "<redacted>")
    })
  )

  it.effect("are decoded only once the request is valid", () => {
    const http = scripted(identity)
    return Effect.gen(function* () {
      const error = yield* Effect.flip(Alibaba.assumeRole({ ...request, durationSeconds: 60 }))
      assert.strictEqual(error._tag, "StsValidationError")
      assert.strictEqual(error._tag === "StsValidationError" ? error.field : "", "durationSeconds")
      assert.strictEqual(http.sent.length, 0)
    }).pipe(runOver(http))
  })
})
