/**
 * The vendor's own clients against the emulator on a port.
 */
import { createRequire } from "node:module"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { AlibabaSeed, Emulator, EmulatorServer } from "../../../src/testing.js"
import { type Key, keyOf } from "./support.js"

// CommonJS whose default export hides in `.default`; `require` is the one way that always finds it.
const require = createRequire(import.meta.url)
const sts = require("@alicloud/sts20150401") as typeof import("@alicloud/sts20150401")
const { $OpenApiUtil } = require("@alicloud/openapi-core") as typeof import("@alicloud/openapi-core")
const { RuntimeOptions } = require("@darabonba/typescript") as typeof import("@darabonba/typescript")
const PopCore = require("@alicloud/pop-core") as typeof import("@alicloud/pop-core")

type Mode = "v3" | "v2"

const sdk = (mode: Mode, key: Key) =>
  Effect.map(EmulatorServer.EmulatorServer, ({ port }) => {
    const config = new $OpenApiUtil.Config({
      accessKeyId: key.accessKeyId,
      accessKeySecret: key.accessKeySecret,
      securityToken: key.securityToken,
      protocol: "HTTP",
      endpoint: `127.0.0.1:${port}`
    })
    if (mode === "v2") config.signatureAlgorithm = "v2"
    return new sts.default(config)
  })

const popCore = (key: Key) =>
  Effect.map(
    EmulatorServer.EmulatorServer,
    ({ endpoint }) =>
      new PopCore({
        endpoint,
        apiVersion: "2015-04-01",
        accessKeyId: key.accessKeyId,
        accessKeySecret: key.accessKeySecret,
        ...(key.securityToken === undefined ? undefined : { securityToken: key.securityToken })
      })
  )

const assume = (roleArn: string = AlibabaSeed.arns.role, more = {}) =>
  new sts.AssumeRoleRequest({ roleArn, roleSessionName: "official", ...more })

const codeOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "code" in error ? String(error.code) : String(error)

const call = <A>(use: () => Promise<A>) => Effect.tryPromise({ try: use, catch: codeOf })

const keyOfBody = (body: { credentials?: object | undefined } | undefined): Key => {
  const { accessKeyId, accessKeySecret, securityToken } = (body?.credentials ?? {}) as Required<Key>
  return { accessKeyId, accessKeySecret, securityToken }
}

const server = Effect.provide(EmulatorServer.layer)

const minutes = 60_000

for (const mode of ["v3", "v2"] as const) {
  it.live(`@alicloud/sts20150401 (${mode}) completes every operation`, () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator.Emulator
      const client = yield* sdk(mode, keyOf("user"))
      const me = yield* call(() => client.getCallerIdentity())
      assert.deepInclude(me.body, { identityType: "RAMUser", arn: AlibabaSeed.arns.user })

      const request = assume(AlibabaSeed.arns.role, {
        durationSeconds: 900,
        externalId: "ext-1",
        sourceIdentity: "alice",
        policy: '{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:*","Resource":"*"}]}'
      })
      const assumed = yield* call(() => client.assumeRole(request))
      assert.strictEqual(assumed.body?.assumedRoleUser?.arn, `${AlibabaSeed.arns.role}/official`)
      assert.strictEqual(assumed.body?.sourceIdentity, "alice")

      const session = yield* sdk(mode, keyOfBody(assumed.body))
      const sessionMe = yield* call(() => session.getCallerIdentity())
      assert.deepInclude(sessionMe.body, {
        identityType: "AssumedRoleUser",
        arn: "acs:ram::1234567890123456:assumed-role/reader/official"
      })
      const chained = yield* call(() => session.assumeRole(assume(AlibabaSeed.arns.chainedRole)))
      assert.strictEqual(chained.body?.sourceIdentity, "alice")

      const token = yield* emulator.alibaba.mintOidcToken()
      const byOidc = yield* call(() =>
        client.assumeRoleWithOIDC(
          new sts.AssumeRoleWithOIDCRequest({
            OIDCProviderArn: AlibabaSeed.arns.oidcProvider,
            OIDCToken: Redacted.value(token),
            roleArn: AlibabaSeed.arns.oidcRole,
            roleSessionName: "official"
          })
        )
      )
      assert.deepInclude(byOidc.body?.OIDCTokenInfo, {
        subject: AlibabaSeed.oidcSubject,
        issuer: AlibabaSeed.oidcIssuer,
        clientIds: AlibabaSeed.oidcClientId,
        verificationInfo: "Success"
      })

      const response = yield* emulator.alibaba.mintSamlResponse()
      const bySaml = yield* call(() =>
        client.assumeRoleWithSAML(
          new sts.AssumeRoleWithSAMLRequest({
            SAMLProviderArn: AlibabaSeed.arns.samlProvider,
            SAMLAssertion: Redacted.value(response),
            roleArn: AlibabaSeed.arns.samlRole
          })
        )
      )
      assert.deepInclude(bySaml.body?.SAMLAssertionInfo, {
        issuer: AlibabaSeed.samlEntityId,
        recipient: AlibabaSeed.samlRecipient
      })
      const federated = yield* sdk(mode, keyOfBody(bySaml.body))
      assert.strictEqual(
        (yield* call(() => federated.getCallerIdentity())).body?.identityType,
        "AssumedRoleUser"
      )

      const forms = (yield* emulator.requests).map(({ form }) => form)
      const signed = mode === "v3" ? "acs3" : "rpc"
      assert.deepStrictEqual(forms, [signed, signed, signed, signed, "anonymous", "anonymous", signed])
    }).pipe(server)
  )

  it.live(`@alicloud/sts20150401 (${mode}) meets the errors of the service`, () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator.Emulator
      const refusal = (key: Key, request = assume()) =>
        Effect.flatMap(sdk(mode, key), (client) => Effect.flip(call(() => client.assumeRole(request))))
      const user = keyOf("user")

      assert.strictEqual(yield* refusal({ ...user, accessKeySecret: "wrong" }), "SignatureDoesNotMatch")
      assert.strictEqual(yield* refusal({ ...user, accessKeyId: "unknown" }), "InvalidAccessKeyId.NotFound")
      assert.strictEqual(yield* refusal(keyOf("inactive")), "InvalidAccessKeyId.Inactive")
      assert.strictEqual(yield* refusal(keyOf("root")), "NoPermission")
      assert.strictEqual(
        yield* refusal({ ...user, securityToken: "made-up" }),
        "InvalidSecurityToken.Malformed"
      )
      assert.strictEqual(
        yield* refusal(user, assume("acs:ram::1234567890123456:role/none")),
        "EntityNotExist.Role"
      )
      assert.strictEqual(yield* refusal(user, assume(AlibabaSeed.arns.nobodysRole)), "NoPermission")
      assert.strictEqual(yield* refusal(user, assume("nonsense")), "InvalidParameter.RoleArn")

      yield* emulator.setClockOffset(20 * minutes)
      assert.strictEqual(yield* refusal(user), "InvalidTimeStamp.Expired")
    }).pipe(server)
  )

  it.live(`@alicloud/sts20150401 (${mode}) is refused with an expired token and a used nonce`, () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator.Emulator
      const client = yield* sdk(mode, keyOf("user"))
      // A quarter of an hour is the shortest session and the widest time window: from one end of it to the other.
      yield* emulator.setClockOffset(-14 * minutes)
      const { body } = yield* call(() =>
        client.assumeRole(assume(AlibabaSeed.arns.role, { durationSeconds: 900 }))
      )
      yield* emulator.setClockOffset(2 * minutes)
      const expired = yield* sdk(mode, keyOfBody(body))
      assert.strictEqual(
        yield* Effect.flip(call(() => expired.getCallerIdentity())),
        "InvalidSecurityToken.Expired"
      )

      const pinned = new RuntimeOptions({
        extendsParameters: {
          headers: { "x-acs-signature-nonce": "the-same" },
          queries: mode === "v2" ? { SignatureNonce: "the-same" } : {}
        }
      })
      yield* call(() => client.assumeRoleWithOptions(assume(), pinned))
      assert.strictEqual(
        yield* Effect.flip(call(() => client.assumeRoleWithOptions(assume(), pinned))),
        "SignatureNonceUsed"
      )
    }).pipe(server)
  )
}

interface PopCoreReply {
  readonly Arn: string
  readonly Credentials: {
    readonly AccessKeyId: string
    readonly AccessKeySecret: string
    readonly SecurityToken: string
  }
}

for (const method of ["GET", "POST"] as const) {
  it.live(`@alicloud/pop-core (${method}) completes every operation and meets the errors`, () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator.Emulator
      const client = yield* popCore(keyOf("user"))
      const request = (rpc: typeof client, action: string, parameters = {}) =>
        call(() => rpc.request<PopCoreReply>(action, parameters, { method }))
      const assumption = {
        RoleArn: AlibabaSeed.arns.role,
        RoleSessionName: "pop.core@test",
        Policy: `{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*/'()! ~ü"}]}`
      }

      assert.strictEqual((yield* request(client, "GetCallerIdentity")).Arn, AlibabaSeed.arns.user)
      const { Credentials } = yield* request(client, "AssumeRole", assumption)
      const session = yield* popCore({
        accessKeyId: Credentials.AccessKeyId,
        accessKeySecret: Credentials.AccessKeySecret,
        securityToken: Credentials.SecurityToken
      })
      assert.include((yield* request(session, "GetCallerIdentity")).Arn, ":assumed-role/reader/")

      const token = yield* emulator.alibaba.mintOidcToken()
      yield* request(client, "AssumeRoleWithOIDC", {
        OIDCProviderArn: AlibabaSeed.arns.oidcProvider,
        OIDCToken: Redacted.value(token),
        RoleArn: AlibabaSeed.arns.oidcRole,
        RoleSessionName: "popcore"
      })
      const response = yield* emulator.alibaba.mintSamlResponse()
      yield* request(client, "AssumeRoleWithSAML", {
        SAMLProviderArn: AlibabaSeed.arns.samlProvider,
        SAMLAssertion: Redacted.value(response),
        RoleArn: AlibabaSeed.arns.samlRole
      })

      const impostor = yield* popCore({ ...keyOf("user"), accessKeySecret: "wrong" })
      assert.strictEqual(
        yield* Effect.flip(request(impostor, "AssumeRole", assumption)),
        "SignatureDoesNotMatch"
      )
      assert.strictEqual(yield* Effect.flip(request(client, "AssumeRoll")), "InvalidAction.NotFound")
      assert.strictEqual(
        yield* Effect.flip(request(client, "AssumeRole", { RoleArn: AlibabaSeed.arns.role })),
        "MissingParameter.RoleSessionName"
      )
      const repeated = { ...assumption, SignatureNonce: "the-same" }
      yield* request(client, "AssumeRole", repeated)
      assert.strictEqual(yield* Effect.flip(request(client, "AssumeRole", repeated)), "SignatureNonceUsed")
    }).pipe(server)
  )
}
