/**
 * What holds secrets, and what is said of secrets that are wrong.
 */
import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Alibaba from "../../src/alibaba.js"
import { NodeHttp } from "../../src/node.js"
import { CredentialsFromWire } from "../../src/schemas/alibaba/Credentials.js"
import { UndiciHttp } from "../../src/undici.js"
import { services } from "../support/alibabaEnvironment.js"
import { files } from "../support/files.js"
import { request } from "./calls.js"
import { hides } from "./hides.js"
import { planted } from "./planted.js"
import { printouts } from "./printouts.js"
import { search } from "./search.js"
import { metrics, watched } from "./watched.js"

const { accessKeySecret, issuedSecret, issuedToken, oidcToken, proxyPassword, samlAssertion, securityToken } =
  planted

const wire = {
  AccessKeyId: "STS.Issued",
  AccessKeySecret: issuedSecret,
  SecurityToken: issuedToken,
  Expiration: "2099-01-01T00:00:00Z"
}

const assumed = {
  RequestId: "REQ",
  Credentials: wire,
  AssumedRoleUser: { Arn: "acs:ram::1:role/r/s", AssumedRoleId: "3:s" }
}

const decode = <A, I>(schema: Schema.Codec<A, I>, input: unknown): unknown =>
  Schema.decodeUnknownSync(schema)(input)

const values: Readonly<Record<string, () => unknown>> = {
  "credentials from the wire": () => decode(CredentialsFromWire, wire),
  "credentials that were made": () =>
    new Alibaba.Credentials({
      accessKeyId: "LTAI",
      accessKeySecret: Redacted.make(accessKeySecret),
      securityToken: Redacted.make(securityToken)
    }),
  "credentials encoded": () =>
    Schema.encodeUnknownSync(CredentialsFromWire)(decode(CredentialsFromWire, wire)),
  "an AssumeRoleWithOIDC request": () => Alibaba.AssumeRoleWithOIDCRequest.make(request.oidc),
  "an AssumeRoleWithSAML request": () => Alibaba.AssumeRoleWithSAMLRequest.make(request.saml),
  "an AssumeRole response": () => decode(Alibaba.AssumeRoleOperation.response, assumed),
  "an AssumeRoleWithOIDC response": () => decode(Alibaba.AssumeRoleWithOIDCOperation.response, assumed),
  "an AssumeRoleWithSAML response": () => decode(Alibaba.AssumeRoleWithSAMLOperation.response, assumed)
}

describe("nothing secret is printed of", () => {
  for (const [name, make] of Object.entries(values)) it(name, () => hides(make()))
})

const refused = <A, E>(validated: Result.Result<A, E>): E => Result.getOrThrow(Result.flip(validated))

const requests: Readonly<Record<string, () => unknown>> = {
  "a secret in another field": () =>
    refused(Alibaba.AssumeRoleRequest.validate({ roleArn: accessKeySecret, roleSessionName: securityToken })),
  "a token that is too long": () =>
    refused(
      Alibaba.AssumeRoleWithOIDCRequest.validate({ ...request.oidc, oidcToken: oidcToken.repeat(900) })
    ),
  "an assertion that is too long": () =>
    refused(
      Alibaba.AssumeRoleWithSAMLRequest.validate({
        ...request.saml,
        samlAssertion: samlAssertion.repeat(3_000)
      })
    ),
  "a secret in a field that does not exist": () =>
    refused(Alibaba.AssumeRoleRequest.validate({ ...request.role, accessKeySecret } as typeof request.role)),
  "a token of the wrong kind": () =>
    refused(Alibaba.AssumeRoleWithOIDCRequest.validate({ ...request.oidc, oidcToken: [oidcToken] as never }))
}

describe("an invalid request shows nothing of", () => {
  for (const [name, validate] of Object.entries(requests)) it(name, () => hides(validate()))
})

const parses: Readonly<Record<string, readonly [Schema.Top, unknown]>> = {
  "credentials with a secret in a list": [Alibaba.Credentials, { ...wire, AccessKeySecret: [issuedSecret] }],
  "credentials with a token in a record": [
    Alibaba.Credentials,
    { ...wire, SecurityToken: { was: issuedToken } }
  ],
  "credentials without an id": [Alibaba.Credentials, { ...wire, AccessKeyId: undefined }],
  "a response without credentials' end": [
    Alibaba.AssumeRoleResponse,
    { ...assumed, Credentials: { ...wire, Expiration: undefined } }
  ],
  "a response with a token of the wrong kind": [
    Alibaba.AssumeRoleWithOIDCResponse,
    { ...assumed, Credentials: { ...wire, SecurityToken: [issuedToken] } }
  ],
  "a request without its role": [Alibaba.AssumeRoleWithOIDCRequest, { ...request.oidc, roleArn: undefined }],
  "a request with a token of the wrong kind": [
    Alibaba.AssumeRoleWithSAMLRequest,
    { ...request.saml, samlAssertion: [samlAssertion] }
  ]
}

// The parser's own error keeps what it refused, as a field of a field; this is what becomes of it as text.
const said = new Set([
  "String",
  "message",
  "stack",
  "toJSON",
  "JSON.stringify",
  "util.inspect",
  "Cause.pretty"
])

describe("a parser shows no secrets of", () => {
  for (const [name, [schema, input]] of Object.entries(parses)) {
    it(name, () => {
      const result = Schema.decodeUnknownResult(schema as Schema.Codec<unknown>, { errors: "all" })(input)
      const error = result._tag === "Failure" ? result.failure : result.success
      assert.isTrue(Schema.isSchemaError(error))
      for (const [way, text] of printouts(error)) {
        if (said.has(way)) assert.deepStrictEqual(search(text, planted), [], way)
      }
    })
  }
})

const fileOf = (...lines: ReadonlyArray<string>): string => ["[default]", ...lines].join("\n")

const environments: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "a secret with a line break": {
    ALIBABA_CLOUD_ACCESS_KEY_ID: "LTAI",
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: `${accessKeySecret}\n`
  },
  "a secret without an id": { ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret },
  "a token alone": { ALIBABA_CLOUD_SECURITY_TOKEN: securityToken },
  "a secret instead of an id": { ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeySecret },
  "all that is right": {
    ALIBABA_CLOUD_ACCESS_KEY_ID: "LTAI",
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret,
    ALIBABA_CLOUD_SECURITY_TOKEN: securityToken
  }
}

const texts: Readonly<Record<string, string>> = {
  "a secret without an id": fileOf("type = access_key", `access_key_secret = ${accessKeySecret}`),
  "a secret as the type": fileOf(`type = ${accessKeySecret}`),
  "a secret as its own line": fileOf("type = access_key", accessKeySecret),
  "a secret with a space": fileOf(
    "type = access_key",
    "access_key_id = LTAI",
    `access_key_secret = ${accessKeySecret} ${accessKeySecret}`
  ),
  "a secret before any section": `access_key_secret = ${accessKeySecret}\n${fileOf()}`,
  "all that is right": fileOf(
    "type = access_key",
    "access_key_id = LTAI",
    `access_key_secret = ${accessKeySecret}`
  )
}

const resolved = Effect.flatMap(Alibaba.CredentialProvider, (provider) =>
  Effect.map(watched(provider.get, { provider }), (seen) => ({ ...seen, provider }))
)

const hidesSource = (source: Effect.Effect<Effect.Success<typeof resolved>>) =>
  Effect.gen(function* () {
    const { provider, result, texts } = yield* source
    hides(result)
    hides(provider)
    for (const [path, text] of Object.entries({ ...texts, metrics: yield* metrics })) {
      assert.deepStrictEqual(search(text, planted), [], path)
    }
  })

describe("errors about the environment show no secret of", () => {
  for (const [name, variables] of Object.entries(environments)) {
    it.effect(name, () =>
      hidesSource(resolved.pipe(Effect.provide(Alibaba.Environment.layer))).pipe(
        Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(variables))
      )
    )
  }
})

describe("errors about the credentials file show no secret of", () => {
  for (const [name, text] of Object.entries(texts)) {
    it.effect(name, () =>
      hidesSource(
        resolved.pipe(
          Effect.provide(
            Alibaba.CredentialsFile.layerWith({ credentialsFile: "/credentials" }).pipe(
              Layer.provide(services(files({ "/credentials": { text, mode: 0o644 } }).layer))
            )
          )
        )
      )
    )
  }
})

const proxies = [
  `http://user:${proxyPassword}@[`,
  `socks4://user:${proxyPassword}@localhost`,
  `socks5://user:${proxyPassword}@[`,
  `${proxyPassword}@:::`
]

describe("an invalid proxy URL does not show its password", () => {
  for (const [name, layer] of Object.entries({
    NodeHttp: NodeHttp.layerWith,
    UndiciHttp: UndiciHttp.layerWith
  })) {
    it.effect(name, () =>
      Effect.forEach(proxies, (proxy) =>
        Effect.map(Effect.flip(Effect.scoped(Layer.build(layer({ proxy })))), (error) => hides(error))
      )
    )
  }
})
