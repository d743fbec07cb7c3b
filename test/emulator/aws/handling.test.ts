import { inspect } from "node:util"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { AwsSeed, Emulator, EmulatorServer, Fault } from "../../../src/testing.js"
import { assumeRole, issuedKey, keyOf, refusal, send, verdict, whoAmI } from "./support.js"

const emulator = Effect.provide(Emulator.layer)

it.effect("makes faults in the cloud's own shape", () =>
  Effect.gen(function* () {
    const { addFault } = yield* Emulator.Emulator
    yield* addFault(Fault.throttled({ retryAfter: "2 seconds" }))
    const throttled = yield* send(whoAmI())
    assert.deepStrictEqual(
      [throttled.status, throttled.text("Code"), throttled.text("Message")],
      [400, "Throttling", "Rate exceeded"]
    )
    assert.strictEqual(throttled.text("Type"), "Sender")
    assert.strictEqual(throttled.headers["x-amz-retry-after"], "2000")
    yield* addFault(Fault.serverError(), { operation: "GetCallerIdentity" })
    const broken = yield* send(whoAmI())
    assert.deepStrictEqual(
      [broken.status, broken.text("Type"), broken.text("Code")],
      [503, "Receiver", "ServiceUnavailable"]
    )
    yield* addFault(Fault.refused(400, "IDPCommunicationError", "no answer"))
    assert.strictEqual(
      yield* refusal({ action: "AssumeRoleWithWebIdentity", key: null }),
      "400 IDPCommunicationError: no answer"
    )
    yield* addFault(Fault.skewedClock(600_000))
    assert.strictEqual(yield* verdict(whoAmI()), "SignatureDoesNotMatch")
    assert.strictEqual(yield* verdict(whoAmI()), "OK")
  }).pipe(emulator)
)

it.effect("records requests without secrets", () =>
  Effect.gen(function* () {
    const { aws, requests } = yield* Emulator.Emulator
    const key = issuedKey(
      yield* send(assumeRole({ "ProvidedContexts.member.1.ContextAssertion": "assertion-of-context" }))
    )
    const secrets = {
      WebIdentityToken: Redacted.value(yield* aws.mintOidcToken()),
      SAMLAssertion: Redacted.value(yield* aws.mintSamlResponse()),
      TradeInToken: Redacted.value(yield* aws.mintTradeInToken()),
      TokenCode: "918273"
    }
    for (const [name, secret] of Object.entries(secrets)) {
      yield* send({ action: "AssumeNothing", key: null, parameters: { [name]: secret } })
    }
    yield* send(whoAmI({ key }))
    yield* send(whoAmI({ key, form: "presigned" }))
    const recorded = yield* requests
    assert.deepStrictEqual(
      recorded.map(({ form }) => form),
      ["sigv4", ...["anonymous", "anonymous", "anonymous", "anonymous"], "sigv4", "presigned"]
    )
    assert.deepInclude(recorded[0]?.fields, { cloud: "aws", operation: "AssumeRole", status: 200 })
    assert.match(recorded[0]?.fields.requestId ?? "", /^[0-9a-f-]{36}$/)
    const signature = recorded[6]?.parameter("X-Amz-Signature")
    const all = [
      ...Object.values(secrets),
      "assertion-of-context",
      key.sessionToken,
      key.secretAccessKey,
      keyOf("user").secretAccessKey,
      signature,
      recorded[5]?.header("Authorization")?.split("Signature=")[1]
    ].filter((secret) => secret !== undefined)
    assert.lengthOf(all, 10)
    for (const printout of [
      JSON.stringify(recorded),
      inspect(recorded, { depth: 10 }),
      inspect(yield* aws.accounts, { depth: 10 }),
      JSON.stringify(yield* aws.accounts)
    ]) {
      assert.deepStrictEqual(
        all.filter((secret) => printout.includes(secret)),
        []
      )
    }
  }).pipe(emulator)
)

it.effect("issues the same from the same seed", () => {
  const issued = Effect.provide(
    Effect.map(send(assumeRole()), issuedKey),
    Emulator.layerWith({ randomSeed: "seed" })
  )
  return Effect.gen(function* () {
    assert.deepStrictEqual(yield* issued, yield* issued)
  })
})

it.live("is handled by another process", () =>
  Effect.gen(function* () {
    const { endpoint } = yield* EmulatorServer.EmulatorServer
    const control = (path: string, content?: object) =>
      Effect.promise(async () => {
        const reply = await fetch(`${endpoint}/_emulator/aws/${path}`, {
          headers: { "content-type": "application/json" },
          ...(content === undefined ? {} : { method: "POST", body: JSON.stringify(content) })
        })
        return (await reply.json()) as Record<string, string>
      })
    const { token = "" } = yield* control("oidc-tokens", { subject: AwsSeed.oidcSubject, expiresIn: 60_000 })
    const parameters = { RoleArn: AwsSeed.arns.oidcRole, RoleSessionName: "pod", WebIdentityToken: token }
    assert.strictEqual(yield* verdict({ action: "AssumeRoleWithWebIdentity", key: null, parameters }), "OK")
    assert.isString((yield* control("saml-responses", { roleSessionName: "carol" }))["samlResponse"])
    assert.match((yield* control("mfa-code"))["code"] ?? "", /^\d{6}$/)
    const { encodedMessage: EncodedMessage = "" } = yield* control("authorization-messages", {
      action: "s3:Get"
    })
    assert.strictEqual(
      yield* verdict({ action: "DecodeAuthorizationMessage", parameters: { EncodedMessage } }),
      "OK"
    )
    const { token: TradeInToken = "" } = yield* control("trade-in-tokens", {})
    assert.strictEqual(
      yield* verdict({ action: "GetDelegatedAccessToken", parameters: { TradeInToken } }),
      "OK"
    )
  }).pipe(Effect.provide(EmulatorServer.layer))
)
