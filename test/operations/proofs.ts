/**
 * Proofs of identity that somebody else checks, by some runners: presigned requests, cluster tokens, and the way from
 * AWS to Alibaba Cloud without keys.
 */

import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import { AlibabaSeed, AwsSeed } from "../../src/testing.js"
import { type Servers, startServers } from "../support/emulators.js"
import { calling, type Runner, signedForAws, signedWith } from "../support/runners.js"
import { signed } from "./awsCalls.js"
import type { Program } from "./row.js"

type Headers = Readonly<Record<string, string>>

/** Asks as somebody who has nothing but the address. */
const get = (url: string, headers: Headers = {}) =>
  Effect.flatMap(HttpClient.execute(HttpClientRequest.get(url, { headers })), ({ status, text }) =>
    Effect.map(text, (body) => ({ status, body }))
  )

const json = <A, I>(schema: Schema.Codec<A, I>, url: string) =>
  Effect.flatMap(get(url), ({ body }) => Schema.decodeEffect(Schema.fromJsonString(schema))(body))

/** Whom an answer names, or the code it refuses with. */
const named = ({ body }: { readonly body: string }) => /<(?:Arn|Code)>([^<]*)</.exec(body)?.[1]

const presigned =
  (
    options: Aws.PresignOptions,
    headers: Headers | undefined = options.headers,
    change: (url: string) => string = (url) => url
  ): Program<string | undefined> =>
  (...runner) =>
    Effect.flatMap(signed(Aws.presignGetCallerIdentity(options))(...runner), (url) =>
      Effect.map(get(change(Redacted.value(url)), headers), named)
    )

/** What a cluster does with a token: only for itself, and only as it is meant. */
const shownTo =
  (cluster: string, prefix = "k8s-aws-v1."): Program<string | undefined> =>
  (...runner) =>
    Effect.flatMap(signed(Aws.eksToken("demo"))(...runner), (token) => {
      const text = Redacted.value(token)
      assert.isTrue(text.startsWith(prefix))
      assert.notInclude(text, "=")
      const url = Buffer.from(text.slice(prefix.length), "base64url").toString("utf8")
      return Effect.map(get(url, { "x-k8s-aws-id": cluster }), named)
    })

const vault = { "X-Vault-AWS-IAM-Server-ID": "vault.test" }
const { arns } = AwsSeed

const proofs: Readonly<Record<string, readonly [Program<string | undefined>, string]>> = {
  "a presigned URL": [presigned({}), arns.user],
  "a presigned URL for a minute": [presigned({ expiresIn: "1 minute" }), arns.user],
  "a presigned URL with a signed header": [presigned({ headers: vault }), arns.user],
  "a presigned URL without its signed header": [presigned({ headers: vault }, {}), "SignatureDoesNotMatch"],
  "a presigned URL with another's header": [
    presigned({ headers: vault }, { "X-Vault-AWS-IAM-Server-ID": "other.test" }),
    "SignatureDoesNotMatch"
  ],
  "a presigned URL that is made to last": [
    presigned({ expiresIn: "1 minute" }, {}, (url) => url.replace("X-Amz-Expires=60", "X-Amz-Expires=900")),
    "SignatureDoesNotMatch"
  ],
  "a presigned URL for another operation": [
    presigned({}, {}, (url) => url.replace("GetCallerIdentity", "GetSessionToken")),
    "SignatureDoesNotMatch"
  ],
  "a presigned URL whose time is over": [
    (emulated, form) =>
      Effect.flatMap(signed(Aws.presignGetCallerIdentity({ expiresIn: "1 minute" }))(emulated, form), (url) =>
        emulated
          .setClockOffset(120_000)
          .pipe(
            Effect.andThen(Effect.map(get(Redacted.value(url)), named)),
            Effect.ensuring(emulated.setClockOffset(0))
          )
      ),
    "RequestExpired"
  ],
  "a cluster's token": [shownTo("demo"), arns.user],
  "a cluster's token at another cluster": [shownTo("other"), "SignatureDoesNotMatch"]
}

const Discovery = Schema.Struct({ issuer: Schema.String, jwks_uri: Schema.String })
const Keys = Schema.Struct({
  keys: Schema.Array(Schema.Record(Schema.String, Schema.Unknown))
})

const audience = AlibabaSeed.oidcClientId

/** AWS vouches for the caller, and Alibaba Cloud takes its word. */
const bridge =
  (signingAlgorithm: Aws.SigningAlgorithm, { signing }: Runner): Program<Crossing> =>
  ({ endpoint }) =>
    Effect.gen(function* () {
      const { webIdentityToken } = yield* Aws.getWebIdentityToken({
        audience: [audience],
        signingAlgorithm
      }).pipe(signedForAws())
      const discovery = yield* json(Discovery, `${endpoint}/.well-known/openid-configuration`)
      const keys = yield* json(Keys, discovery.jwks_uri)
      const { credentials } = yield* Alibaba.assumeRoleWithOIDC({
        oidcProviderArn: AlibabaSeed.arns.awsOidcProvider,
        roleArn: AlibabaSeed.arns.awsRole,
        oidcToken: webIdentityToken,
        roleSessionName: "bridge"
      })
      const me = yield* Alibaba.getCallerIdentity().pipe(signedWith(signing, credentials))
      return { token: Redacted.value(webIdentityToken), issuer: discovery.issuer, keys, arn: me.arn }
    }).pipe(calling(endpoint))

interface Crossing {
  readonly token: string
  readonly issuer: string
  readonly keys: unknown
  readonly arn: string
}

/** Registers the tests for some runners. */
export const proofsOf = (runners: ReadonlyArray<Runner>): void => {
  let servers: Servers
  beforeAll(async () => {
    servers = await startServers()
  })
  afterAll(() => servers.close())

  const run = <A>(runner: Runner, program: Program<A>) =>
    runner.run(servers, (emulated) => program(emulated, "sigv4"))

  for (const runner of runners) {
    describe(runner.name, () => {
      for (const [name, [program, answer]] of Object.entries(proofs)) {
        it(name, async () => assert.strictEqual(await run(runner, program), answer))
      }

      for (const algorithm of ["RS256", "ES384"] as const) {
        it(`from AWS to Alibaba Cloud without keys, ${algorithm}`, async () => {
          const { arn, issuer, keys, token } = await run(runner, bridge(algorithm, runner))
          const { payload, protectedHeader } = await jwtVerify(
            token,
            createLocalJWKSet(keys as JSONWebKeySet),
            { issuer, audience, algorithms: [algorithm] }
          )
          assert.deepStrictEqual(
            { alg: protectedHeader.alg, iss: payload.iss, sub: payload.sub },
            { alg: algorithm, iss: AwsSeed.webIdentityIssuer, sub: arns.user }
          )
          assert.strictEqual(arn, `${AlibabaSeed.arns.awsRole.replace(":role/", ":assumed-role/")}/bridge`)
        })
      }
    })
  }
}
