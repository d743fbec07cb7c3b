import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Alibaba from "../../src/alibaba.js"

export const secret = "PLANTED-ACCESS-KEY-SECRET"

export const signing = Layer.mergeAll(
  Alibaba.SignerAcs3.layer,
  Alibaba.Static.layer({ accessKeyId: "LTAI-EXAMPLE", accessKeySecret: secret })
)

export const runOver =
  (http: { readonly layer: Layer.Layer<HttpClient.HttpClient> }) =>
  <A, E>(effect: Effect.Effect<A, E, Alibaba.Signer | Alibaba.CredentialProvider | HttpClient.HttpClient>) =>
    Effect.provide(effect, Layer.merge(http.layer, signing))
