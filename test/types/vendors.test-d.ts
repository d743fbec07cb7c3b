import type AlibabaClient from "@alicloud/credentials"
import type { DynamoDBClientConfig } from "@aws-sdk/client-dynamodb"
import type { S3ClientConfig } from "@aws-sdk/client-s3"
import { fromIni, fromNodeProviderChain, fromTemporaryCredentials } from "@aws-sdk/credential-providers"
import type {
  AwsCredentialIdentity,
  AwsCredentialIdentityProvider,
  RuntimeConfigAwsCredentialIdentityProvider
} from "@aws-sdk/types"
import type * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import { expectTypeOf, test } from "vitest"
import { type Alibaba, Aws } from "../../src/index.js"

type Value<E> = E extends Effect.Effect<infer A, infer _E, infer _R> ? A : never

test("our provider is what AWS's clients take", () => {
  expectTypeOf<Aws.AwsIdentity>().toExtend<AwsCredentialIdentity>()
  expectTypeOf<Aws.AwsProvider>().toExtend<AwsCredentialIdentityProvider>()
  expectTypeOf<Aws.AwsProvider>().toExtend<RuntimeConfigAwsCredentialIdentityProvider>()
  expectTypeOf<Aws.AwsProvider>().toExtend<NonNullable<S3ClientConfig["credentials"]>>()
  expectTypeOf<Aws.AwsProvider>().toExtend<NonNullable<DynamoDBClientConfig["credentials"]>>()
})

test("AWS's providers are what we take", () => {
  Aws.fromAwsProvider(fromIni())
  Aws.fromAwsProvider(fromNodeProviderChain())
  Aws.fromAwsProvider(fromTemporaryCredentials({ params: { RoleArn: "r", RoleSessionName: "s" } }))
  expectTypeOf<AwsCredentialIdentityProvider>().toExtend<Parameters<typeof Aws.fromAwsProvider>[0]>()
})

test("our credential is what Alibaba Cloud's clients take, and theirs what we take", () => {
  expectTypeOf<Alibaba.AlibabaCredential>().toExtend<AlibabaClient.default["credential"]>()
  expectTypeOf<Alibaba.AlibabaCredential>().toExtend<AlibabaClient.CredentialsProvider>()
  expectTypeOf<AlibabaClient.default>().toExtend<Alibaba.AlibabaCredentialLike>()
})

test("a signed client is a client", () => {
  expectTypeOf<Value<ReturnType<typeof Aws.signedHttpClient>>>().toEqualTypeOf<
    (client: HttpClient.HttpClient) => HttpClient.HttpClient
  >()
  expectTypeOf<ReturnType<typeof Alibaba.signedHttpClient>>().toEqualTypeOf<
    Effect.Effect<(client: HttpClient.HttpClient) => HttpClient.HttpClient, never, Alibaba.CredentialProvider>
  >()
})
