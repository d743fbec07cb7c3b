import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { vi } from "vitest"
import { AlibabaSeed, Emulator } from "../../src/testing.js"
import { send } from "./alibaba/support.js"

vi.mock("jose", () => {
  throw new Error("Cannot find package 'jose'")
})
vi.mock("xml-crypto", () => {
  throw new Error("Cannot find package 'xml-crypto'")
})

const { arns } = AlibabaSeed

it.effect("names the package that is missing and how to install it", () =>
  Effect.gen(function* () {
    const { alibaba } = yield* Emulator.Emulator
    const oidc = yield* Effect.flip(alibaba.mintOidcToken())
    assert.strictEqual(
      oidc.message,
      "The emulator needs the package jose to mint and verify OIDC tokens. Install it: npm install --save-dev jose"
    )
    const saml = yield* Effect.flip(alibaba.mintSamlResponse())
    assert.include(saml.message, "npm install --save-dev xml-crypto")

    const RoleSessionName = "session"
    const byOidc = yield* send({
      action: "AssumeRoleWithOIDC",
      key: null,
      parameters: {
        OIDCProviderArn: arns.oidcProvider,
        RoleArn: arns.oidcRole,
        RoleSessionName,
        OIDCToken: "a.b.c"
      }
    })
    assert.deepInclude(byOidc.json, { Code: "Emulator.MissingPackage", Message: oidc.message })
    const bySaml = yield* send({
      action: "AssumeRoleWithSAML",
      key: null,
      parameters: { SAMLProviderArn: arns.samlProvider, RoleArn: arns.samlRole, SAMLAssertion: "abcd" }
    })
    assert.deepInclude(bySaml.json, { Code: "Emulator.MissingPackage", Message: saml.message })
  }).pipe(Effect.provide(Emulator.layer))
)
