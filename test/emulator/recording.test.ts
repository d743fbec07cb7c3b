import { inspect } from "node:util"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { AlibabaSeed, Emulator } from "../../src/testing.js"
import { assumeRole, issuedKey, keyOf, send } from "./alibaba/support.js"

it.effect("records requests in order, up to its limit", () =>
  Effect.gen(function* () {
    const { clearRequests, requests } = yield* Emulator.Emulator
    yield* send(assumeRole({ RoleArn: AlibabaSeed.arns.nobodysRole }))
    const reply = yield* send(assumeRole({}, { form: "acs3" }))
    yield* send({ action: "GetCallerIdentity", key: null })
    const [refused, issued, anonymous] = yield* requests
    assert.deepStrictEqual(
      [refused?.verdict, issued?.verdict, anonymous?.verdict],
      ["NoPermission", "OK", "MissingAccessKeyId"]
    )
    assert.deepStrictEqual([refused?.form, issued?.form, anonymous?.form], ["rpc", "acs3", "anonymous"])
    assert.deepInclude(issued?.fields, { operation: "AssumeRole", method: "POST", path: "/", status: 200 })
    assert.strictEqual(issued?.fields.requestId, reply.json["RequestId"])
    assert.strictEqual(issued?.parameter("RoleArn"), AlibabaSeed.arns.role)
    yield* send({ action: "GetCallerIdentity" })
    assert.strictEqual((yield* requests)[0]?.form, "acs3")
    yield* clearRequests
    assert.deepStrictEqual(yield* requests, [])
  }).pipe(Effect.provide(Emulator.layerWith({ maxRecordedRequests: 3 })))
)

it.effect("shows no secret in output, only to code", () =>
  Effect.gen(function* () {
    const { alibaba, requests } = yield* Emulator.Emulator
    const key = issuedKey(yield* send(assumeRole()))
    const token = Redacted.value(yield* alibaba.mintOidcToken())
    const response = Redacted.value(yield* alibaba.mintSamlResponse())
    yield* send({ action: "GetCallerIdentity", key })
    yield* send({ action: "GetCallerIdentity", key, form: "acs3", place: "query" })
    yield* send({ action: "AssumeRoleWithOIDC", key: null, parameters: { OIDCToken: token } })
    yield* send({ action: "AssumeRoleWithSAML", key: null, parameters: { SAMLAssertion: response } })

    const recorded = yield* requests
    const parameters = recorded.map((request) => request.parameter("SecurityToken"))
    const secrets = [
      key.securityToken,
      key.accessKeySecret,
      keyOf("user").accessKeySecret,
      token,
      response,
      ...recorded.map((request) => request.parameter("Signature")),
      ...recorded.map((request) => request.header("Authorization")?.split("Signature=")[1])
    ].filter((secret) => secret !== undefined)
    assert.include(parameters, key.securityToken)
    assert.strictEqual(recorded[2]?.header("x-acs-security-token"), key.securityToken)
    assert.lengthOf(secrets, 8)

    const printouts = [
      JSON.stringify(recorded),
      inspect(recorded, { depth: 10 }),
      inspect(recorded, { depth: 10, customInspect: false, showHidden: true }),
      recorded.join("\n"),
      JSON.stringify(yield* alibaba.accounts),
      inspect(yield* alibaba.accounts, { depth: 10 })
    ]
    for (const printout of printouts) {
      assert.deepStrictEqual(
        secrets.filter((secret) => printout.includes(secret)),
        []
      )
    }
    assert.include(printouts[0], '"SecurityToken":"<redacted>"')
  }).pipe(Effect.provide(Emulator.layer))
)
