import { inspect } from "node:util"
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { AlibabaSeed, Emulator } from "../../src/testing.js"
import { assumeRole, issuedKey, keyOf, send } from "./support.js"

it.effect("records what was asked and answered, oldest first, up to its bound", () =>
  Effect.gen(function* () {
    const { clearRequests, requests } = yield* Emulator.Emulator
    yield* send(assumeRole({ RoleArn: AlibabaSeed.arns.nobodysRole }))
    const reply = yield* send(assumeRole({}, { form: "acs3" }))
    yield* send({ action: "GetCallerIdentity", key: null })
    const [refused, issued, anonymous] = yield* requests
    expect([refused?.verdict, issued?.verdict, anonymous?.verdict]).toEqual([
      "NoPermission",
      "OK",
      "MissingAccessKeyId"
    ])
    expect([refused?.form, issued?.form, anonymous?.form]).toEqual(["rpc", "acs3", "anonymous"])
    expect(issued?.fields).toMatchObject({ operation: "AssumeRole", method: "POST", path: "/", status: 200 })
    expect(issued?.fields.requestId).toBe(reply.json["RequestId"])
    expect(issued?.parameter("RoleArn")).toBe(AlibabaSeed.arns.role)
    yield* send({ action: "GetCallerIdentity" })
    expect((yield* requests)[0]?.form).toBe("acs3")
    yield* clearRequests
    expect(yield* requests).toEqual([])
  }).pipe(Effect.provide(Emulator.layer({ maxRecordedRequests: 3 })))
)

it.effect("shows no secret in any printout, but to code that asks", () =>
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
    expect(parameters).toContain(key.securityToken)
    expect(recorded[2]?.header("x-acs-security-token")).toBe(key.securityToken)
    expect(secrets).toHaveLength(8)

    const printouts = [
      JSON.stringify(recorded),
      inspect(recorded, { depth: 10 }),
      inspect(recorded, { depth: 10, customInspect: false, showHidden: true }),
      recorded.join("\n"),
      JSON.stringify(yield* alibaba.accounts),
      inspect(yield* alibaba.accounts, { depth: 10 })
    ]
    for (const printout of printouts) {
      expect(secrets.filter((secret) => printout.includes(secret))).toEqual([])
    }
    expect(printouts[0]).toContain('"SecurityToken":"<redacted>"')
  }).pipe(Effect.provide(Emulator.layer()))
)
