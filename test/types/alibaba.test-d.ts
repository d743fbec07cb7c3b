import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type * as Redacted from "effect/Redacted"
import { describe, expectTypeOf, test } from "vitest"
import { Alibaba, type StsApiError } from "../../src/index.js"

type Requirements<T> = T extends (...args: never) => Effect.Effect<infer _A, infer _E, infer R> ? R : never
type Failure<T> = T extends (...args: never) => Effect.Effect<infer _A, infer E, infer _R> ? E : never

type Http = HttpClient.HttpClient
type Signing = Alibaba.Signer | Alibaba.CredentialProvider | Http

const role = { roleArn: "acs:ram::1:role/reader", roleSessionName: "report" }

describe("requirements", () => {
  test("signed operations need exactly signer, credentials and client", () => {
    expectTypeOf<Requirements<typeof Alibaba.assumeRole>>().toEqualTypeOf<Signing>()
    expectTypeOf<Requirements<typeof Alibaba.getCallerIdentity>>().toEqualTypeOf<Signing>()
  })

  test("anonymous operations need the client alone", () => {
    expectTypeOf<Requirements<typeof Alibaba.assumeRoleWithSAML>>().toEqualTypeOf<Http>()
    expectTypeOf<Requirements<typeof Alibaba.assumeRoleWithOIDC>>().toEqualTypeOf<Http>()
  })

  test("another cloud's provider does not satisfy them", () => {
    class OtherProvider extends Context.Service<
      OtherProvider,
      Context.Service.Shape<Alibaba.CredentialProvider>
    >()("effect-sts/aws/CredentialProvider") {}
    const provided = Alibaba.getCallerIdentity().pipe(
      Effect.provideService(OtherProvider, { name: "other", get: Effect.never })
    )
    expectTypeOf<Effect.Services<typeof provided>>().toEqualTypeOf<Signing>()
    // @ts-expect-error the credentials are still missing
    const run: Effect.Effect<unknown, unknown, Http | Alibaba.Signer> = provided
    expectTypeOf(run).toBeObject()
  })
})

describe("errors", () => {
  type Tags<E> = E extends { readonly _tag: infer Tag } ? Tag : never

  test("are exhaustive for signed operations", () => {
    expectTypeOf<Tags<Failure<typeof Alibaba.assumeRole>>>().toEqualTypeOf<
      | "StsApiError"
      | "StsValidationError"
      | "StsCredentialError"
      | "StsSignatureError"
      | "StsConfigError"
      | "StsTransportError"
      | "StsResponseError"
    >()
  })

  test("are narrow for anonymous operations", () => {
    expectTypeOf<Tags<Failure<typeof Alibaba.assumeRoleWithOIDC>>>().toEqualTypeOf<
      "StsApiError" | "StsValidationError" | "StsConfigError" | "StsTransportError" | "StsResponseError"
    >()
  })

  test("name the operation's codes and take any other", () => {
    const handled = Alibaba.assumeRole(role).pipe(
      Effect.catchTag("StsApiError", (error) => {
        expectTypeOf(error).toExtend<StsApiError>()
        expectTypeOf<"EntityNotExist.Role">().toExtend<typeof error.code>()
        expectTypeOf<"SomethingNew">().toExtend<typeof error.code>()
        return Effect.succeed(error.code)
      })
    )
    expectTypeOf<Extract<Tags<Effect.Error<typeof handled>>, "StsApiError">>().toBeNever()
  })
})

describe("requests", () => {
  test("take secrets plain or redacted, and give them redacted", () => {
    type Input = Parameters<typeof Alibaba.assumeRoleWithOIDC>[0]
    expectTypeOf<string>().toExtend<Input["oidcToken"]>()
    expectTypeOf<Redacted.Redacted>().toExtend<Input["oidcToken"]>()
    expectTypeOf<Alibaba.AssumeRoleWithOIDCRequest["oidcToken"]>().toEqualTypeOf<Redacted.Redacted>()
    expectTypeOf<
      Alibaba.AssumeRoleResponse["credentials"]["securityToken"]
    >().toEqualTypeOf<Redacted.Redacted>()
  })

  test("refuse unknown fields and missing ones", () => {
    // @ts-expect-error roleSessionName is missing
    Alibaba.assumeRole({ roleArn: role.roleArn })
    // @ts-expect-error there is no such field
    Alibaba.assumeRole({ ...role, durationSecond: 900 })
    Alibaba.getCallerIdentity()
  })
})
