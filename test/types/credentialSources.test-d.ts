import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as HttpClient from "effect/http/HttpClient"
import type * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { describe, expectTypeOf, test } from "vitest"
import {
  Alibaba,
  Aws,
  type CredentialSource,
  GithubActions,
  MfaTokenCode,
  type SourceError,
  type StsConfigError,
  type StsCredentialError
} from "../../src/index.js"
import { MfaPrompt } from "../../src/node.js"

type Http = HttpClient.HttpClient
type Files = FileSystem.FileSystem
type AwsSource = CredentialSource<Aws.Credentials>
type AlibabaSource = CredentialSource<Alibaba.Credentials>

const awsRole = { roleArn: "arn:aws:iam::123456789012:role/reader" }
const alibabaRole = { roleArn: "acs:ram::123456789012:role/reader" }
const token = Effect.succeed(Redacted.make("token"))

class Vault extends Context.Service<Vault, { readonly token: Redacted.Redacted }>()("test/Vault") {}

describe("roles", () => {
  test("need a signer and a client when they are made", () => {
    expectTypeOf(Aws.AssumedRole.make(Aws.Environment.source, awsRole)).toEqualTypeOf<
      Effect.Effect<AwsSource, never, Aws.Signer | Http>
    >()
    expectTypeOf(Alibaba.RamRoleArn.make(Alibaba.Environment.source, alibabaRole)).toEqualTypeOf<
      Effect.Effect<AlibabaSource, never, Alibaba.Signer | Http>
    >()
  })

  test("as layers need whom they are assumed by", () => {
    expectTypeOf(Aws.AssumedRole.layer(awsRole)).toEqualTypeOf<
      Layer.Layer<Aws.CredentialProvider, never, Aws.CredentialProvider | Aws.Signer | Http>
    >()
    expectTypeOf(Alibaba.RamRoleArn.layer(alibabaRole)).toEqualTypeOf<
      Layer.Layer<Alibaba.CredentialProvider, never, Alibaba.CredentialProvider | Alibaba.Signer | Http>
    >()
  })

  test("do not take the other cloud's credentials", () => {
    // @ts-expect-error these are Alibaba Cloud's credentials
    Aws.AssumedRole.make(Alibaba.Environment.source, awsRole)
    // @ts-expect-error these are AWS's credentials
    Alibaba.RamRoleArn.make(Aws.Environment.source, alibabaRole)
  })
})

describe("identity tokens", () => {
  test("are exchanged without a signer", () => {
    expectTypeOf(Aws.WebIdentity.make({ ...awsRole, token })).toEqualTypeOf<
      Effect.Effect<AwsSource, never, Http | Files>
    >()
    expectTypeOf(Aws.WebIdentity.make({ ...awsRole, token: { file: "/token" } })).toEqualTypeOf<
      Effect.Effect<AwsSource, never, Http | Files>
    >()
    expectTypeOf(Aws.WebIdentity.fromEnvironment).toEqualTypeOf<
      Effect.Effect<AwsSource, never, Http | Files>
    >()
    expectTypeOf(Alibaba.Oidc.fromEnvironment).toEqualTypeOf<
      Effect.Effect<AlibabaSource, never, Http | Files>
    >()
  })

  test("may come from an effect that needs services of its own", () => {
    const fromVault = Effect.map(Vault, (vault) => vault.token)
    expectTypeOf(Aws.WebIdentity.layer({ ...awsRole, token: fromVault })).toEqualTypeOf<
      Layer.Layer<Aws.CredentialProvider, never, Vault | Http | Files>
    >()
    const oidcProviderArn = "acs:ram::123456789012:oidc-provider/ci"
    expectTypeOf(Alibaba.Oidc.layer({ ...alibabaRole, oidcProviderArn, token: fromVault })).toEqualTypeOf<
      Layer.Layer<Alibaba.CredentialProvider, never, Vault | Http | Files>
    >()
  })

  test("of GitHub Actions need a client", () => {
    expectTypeOf(GithubActions.token("audience", "aws")).toEqualTypeOf<
      Effect.Effect<Redacted.Redacted, SourceError, Http>
    >()
    expectTypeOf(Aws.WebIdentity.layer({ ...awsRole, token: Aws.WebIdentity.githubActions() })).toEqualTypeOf<
      Layer.Layer<Aws.CredentialProvider, never, Http | Files>
    >()
  })

  test("are not plain strings", () => {
    // @ts-expect-error a token is Redacted
    Aws.WebIdentity.make({ ...awsRole, token: Effect.succeed("token") })
  })
})

describe("keyed roles", () => {
  test("need the program's own provider and a place to be kept in", () => {
    expectTypeOf(Aws.roleCredentials(awsRole)).toEqualTypeOf<
      Effect.Effect<
        Aws.Credentials,
        SourceError,
        Aws.RoleCredentialsCache | Aws.CredentialProvider | Aws.Signer | Http
      >
    >()
    expectTypeOf(Alibaba.roleCredentials(alibabaRole)).toEqualTypeOf<
      Effect.Effect<
        Alibaba.Credentials,
        SourceError,
        Alibaba.RoleCredentialsCache | Alibaba.CredentialProvider | Alibaba.Signer | Http
      >
    >()
    expectTypeOf(Aws.RoleCredentialsCache.layer).toEqualTypeOf<Layer.Layer<Aws.RoleCredentialsCache>>()
  })

  test("run other effects, whose other needs stay", () => {
    const program = Effect.andThen(Vault, Effect.fail("broken" as const))
    expectTypeOf(Aws.asRole(awsRole)(program)).toEqualTypeOf<
      Effect.Effect<never, "broken" | StsConfigError, Vault | Aws.RoleServices>
    >()
    expectTypeOf(Alibaba.asRole(alibabaRole)(Alibaba.getCallerIdentity())).toEqualTypeOf<
      Effect.Effect<
        Alibaba.GetCallerIdentityResponse,
        Effect.Error<ReturnType<typeof Alibaba.getCallerIdentity>>,
        Alibaba.RoleServices
      >
    >()
  })
})

describe("guards", () => {
  test("add what they ask with, in a pipe too", () => {
    expectTypeOf(Aws.Environment.layer.pipe(Aws.expectAccount("123456789012"))).toEqualTypeOf<
      Layer.Layer<Aws.CredentialProvider, never, Aws.Signer | Http>
    >()
    const stated = Aws.Static.layer({ accessKeyId: "id", secretAccessKey: "secret" })
    expectTypeOf(Aws.expectArn("arn:aws:iam::123456789012:role/reader")(stated)).toEqualTypeOf<
      Layer.Layer<Aws.CredentialProvider, StsCredentialError, Aws.Signer | Http>
    >()
    expectTypeOf(Aws.AssumedRole.layer(awsRole).pipe(Aws.expectAccount("1"))).toEqualTypeOf<
      Layer.Layer<Aws.CredentialProvider, never, Aws.CredentialProvider | Aws.Signer | Http>
    >()
    expectTypeOf(Alibaba.Environment.layer.pipe(Alibaba.expectArn("acs:*"))).toEqualTypeOf<
      Layer.Layer<Alibaba.CredentialProvider, never, Alibaba.Signer | Http>
    >()
  })

  test("wrap sources as well", () => {
    expectTypeOf(Aws.expectAccount("1")(Aws.Environment.source)).toEqualTypeOf<
      Effect.Effect<AwsSource, never, Aws.Signer | Http>
    >()
    // @ts-expect-error these are Alibaba Cloud's credentials
    Aws.expectAccount("1")(Alibaba.Environment.source)
    // @ts-expect-error this provides Alibaba Cloud's credentials
    Aws.expectAccount("1")(Alibaba.Environment.layer)
  })
})

describe("codes of devices", () => {
  test("need nothing to be asked for", () => {
    expectTypeOf(MfaPrompt.layer).toEqualTypeOf<Layer.Layer<never>>()
    expectTypeOf(MfaTokenCode.layer(() => token)).toEqualTypeOf<Layer.Layer<never>>()
  })
})
