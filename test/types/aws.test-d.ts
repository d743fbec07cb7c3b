import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type * as Redacted from "effect/Redacted"
import { describe, expectTypeOf, test } from "vitest"
import { Alibaba, Aws } from "../../src/index.js"
import { settings, switchedOn } from "../../src/services/setting.js"

type Requirements<T> = T extends (...args: never) => Effect.Effect<infer _A, infer _E, infer R> ? R : never
type Failure<T> = T extends (...args: never) => Effect.Effect<infer _A, infer E, infer _R> ? E : never
type Tags<E> = E extends { readonly _tag: infer Tag } ? Tag : never

type Http = HttpClient.HttpClient
type Signing = Aws.Signer | Aws.CredentialProvider | Http

const role = { roleArn: "arn:aws:iam::123456789012:role/reader", roleSessionName: "report" }

describe("requirements", () => {
  test("signed operations need exactly signer, credentials and client", () => {
    expectTypeOf<Requirements<typeof Aws.assumeRole>>().toEqualTypeOf<Signing>()
    expectTypeOf<Requirements<typeof Aws.assumeRoot>>().toEqualTypeOf<Signing>()
    expectTypeOf<Requirements<typeof Aws.decodeAuthorizationMessage>>().toEqualTypeOf<Signing>()
    expectTypeOf<Requirements<typeof Aws.getAccessKeyInfo>>().toEqualTypeOf<Signing>()
    expectTypeOf<Requirements<typeof Aws.getCallerIdentity>>().toEqualTypeOf<Signing>()
    expectTypeOf<Requirements<typeof Aws.getDelegatedAccessToken>>().toEqualTypeOf<Signing>()
    expectTypeOf<Requirements<typeof Aws.getFederationToken>>().toEqualTypeOf<Signing>()
    expectTypeOf<Requirements<typeof Aws.getSessionToken>>().toEqualTypeOf<Signing>()
    expectTypeOf<Requirements<typeof Aws.getWebIdentityToken>>().toEqualTypeOf<Signing>()
  })

  test("anonymous operations need the client alone", () => {
    expectTypeOf<Requirements<typeof Aws.assumeRoleWithSAML>>().toEqualTypeOf<Http>()
    expectTypeOf<Requirements<typeof Aws.assumeRoleWithWebIdentity>>().toEqualTypeOf<Http>()
  })

  test("proofs of identity are made without a client", () => {
    expectTypeOf<Requirements<typeof Aws.presignGetCallerIdentity>>().toEqualTypeOf<
      Aws.Signer | Aws.CredentialProvider
    >()
    expectTypeOf<Requirements<typeof Aws.eksToken>>().toEqualTypeOf<Aws.Signer | Aws.CredentialProvider>()
  })
})

describe("two clouds in one program", () => {
  const both = Effect.all([Aws.getCallerIdentity(), Alibaba.getCallerIdentity()])

  test("need the services of both", () => {
    expectTypeOf<Effect.Services<typeof both>>().toEqualTypeOf<
      Signing | Alibaba.Signer | Alibaba.CredentialProvider
    >()
  })

  test("take each cloud's credentials, and not the other's", () => {
    const key = { accessKeyId: "id", accessKeySecret: "secret" }
    Alibaba.Static.layer(key)
    // @ts-expect-error these are Alibaba Cloud's names
    Aws.Static.layer(key)
    const provide = (credentials: Aws.Credentials) =>
      // @ts-expect-error these are AWS's credentials
      Effect.provideService(both, Alibaba.CredentialProvider, { name: "x", get: Effect.succeed(credentials) })
    expectTypeOf(provide).toBeFunction()
  })
})

describe("errors", () => {
  test("are narrow for anonymous operations", () => {
    expectTypeOf<Tags<Failure<typeof Aws.assumeRoleWithWebIdentity>>>().toEqualTypeOf<
      "StsApiError" | "StsValidationError" | "StsConfigError" | "StsTransportError" | "StsResponseError"
    >()
  })

  test("name the operation's modelled codes and take any other", () => {
    Aws.assumeRole(role).pipe(
      Effect.catchTag("StsApiError", (error) => {
        expectTypeOf<"MalformedPolicyDocument">().toExtend<typeof error.code>()
        expectTypeOf<"SomethingNew">().toExtend<typeof error.code>()
        return Effect.succeed(error.code)
      })
    )
  })
})

describe("secrets", () => {
  test("are redacted in what comes out", () => {
    expectTypeOf<Aws.AssumeRoleResponse["credentials"]["sessionToken"]>().toEqualTypeOf<Redacted.Redacted>()
    expectTypeOf<Effect.Success<ReturnType<typeof Aws.eksToken>>>().toEqualTypeOf<Redacted.Redacted>()
  })
})

describe("settings", () => {
  test("are read by the names in the table alone, and switches as such", () => {
    settings(["AWS_REGION", "ALIBABA_CLOUD_PROFILE", "HOME"])
    // @ts-expect-error no row of the table has it
    settings(["AWS_COLOUR"])
    switchedOn("EFFECT_STS_ALLOW_HTTP")
    // @ts-expect-error it is no switch
    switchedOn("AWS_REGION")
  })
})
