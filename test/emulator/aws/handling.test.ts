import { inspect } from "node:util"
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { AwsSeed, Emulator, EmulatorServer, Fault } from "../../../src/testing.js"
import { assumeRole, issuedKey, keyOf, refusal, send, verdict, whoAmI } from "./support.js"

const emulator = Effect.provide(Emulator.layer())

it.effect("makes faults in the cloud's own shape", () =>
  Effect.gen(function* () {
    const { addFault } = yield* Emulator.Emulator
    yield* addFault(Fault.throttled({ retryAfter: "2 seconds" }))
    const throttled = yield* send(whoAmI())
    expect([throttled.status, throttled.text("Code"), throttled.text("Message")]).toEqual([
      400,
      "Throttling",
      "Rate exceeded"
    ])
    expect(throttled.text("Type")).toBe("Sender")
    expect(throttled.headers["x-amz-retry-after"]).toBe("2000")
    yield* addFault(Fault.serverError(), { operation: "GetCallerIdentity" })
    const broken = yield* send(whoAmI())
    expect([broken.status, broken.text("Type"), broken.text("Code")]).toEqual([
      503,
      "Receiver",
      "ServiceUnavailable"
    ])
    yield* addFault(Fault.refused(400, "IDPCommunicationError", "no answer"))
    expect(yield* refusal({ action: "AssumeRoleWithWebIdentity", key: null })).toBe(
      "400 IDPCommunicationError: no answer"
    )
    yield* addFault(Fault.skewedClock(600_000))
    expect(yield* verdict(whoAmI())).toBe("SignatureDoesNotMatch")
    expect(yield* verdict(whoAmI())).toBe("OK")
  }).pipe(emulator)
)

it.effect("records requests and shows no secret of them", () =>
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
    expect(recorded.map(({ form }) => form)).toEqual([
      "sigv4",
      ...["anonymous", "anonymous", "anonymous", "anonymous"],
      "sigv4",
      "presigned"
    ])
    expect(recorded[0]?.fields).toMatchObject({ cloud: "aws", operation: "AssumeRole", status: 200 })
    expect(recorded[0]?.fields.requestId).toMatch(/^[0-9a-f-]{36}$/)
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
    expect(all).toHaveLength(10)
    for (const printout of [
      JSON.stringify(recorded),
      inspect(recorded, { depth: 10 }),
      inspect(yield* aws.accounts, { depth: 10 }),
      JSON.stringify(yield* aws.accounts)
    ]) {
      expect(all.filter((secret) => printout.includes(secret))).toEqual([])
    }
  }).pipe(emulator)
)

it.effect("issues the same from the same seed", () => {
  const issued = Effect.provide(
    Effect.map(send(assumeRole()), issuedKey),
    Emulator.layer({ randomSeed: "seed" })
  )
  return Effect.gen(function* () {
    expect(yield* issued).toEqual(yield* issued)
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
    expect(yield* verdict({ action: "AssumeRoleWithWebIdentity", key: null, parameters })).toBe("OK")
    expect((yield* control("saml-responses", { roleSessionName: "carol" }))["samlResponse"]).toEqual(
      expect.any(String)
    )
    expect((yield* control("mfa-code"))["code"]).toMatch(/^\d{6}$/)
    const { encodedMessage: EncodedMessage = "" } = yield* control("authorization-messages", {
      action: "s3:Get"
    })
    expect(yield* verdict({ action: "DecodeAuthorizationMessage", parameters: { EncodedMessage } })).toBe(
      "OK"
    )
    const { token: TradeInToken = "" } = yield* control("trade-in-tokens", {})
    expect(yield* verdict({ action: "GetDelegatedAccessToken", parameters: { TradeInToken } })).toBe("OK")
  }).pipe(Effect.provide(EmulatorServer.layer()))
)
