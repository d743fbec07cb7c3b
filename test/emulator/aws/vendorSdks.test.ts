/**
 * The vendor's own client against the emulator on a port.
 */
import * as Sdk from "@aws-sdk/client-sts"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { createRemoteJWKSet, jwtVerify } from "jose"
import { AwsSeed, Emulator, EmulatorServer, Fault } from "../../../src/testing.js"
import { type Key, keyOf, requestOf, whoAmI } from "./support.js"

const server = Effect.provide(EmulatorServer.layer)

interface SdkOptions {
  readonly region?: string
  readonly maxAttempts?: number
}

const sdk = (key: Key, { maxAttempts = 1, region = "us-east-1" }: SdkOptions = {}) =>
  Effect.map(
    EmulatorServer.EmulatorServer,
    ({ endpoint }) =>
      new Sdk.STSClient({
        endpoint,
        region,
        maxAttempts,
        credentials: {
          accessKeyId: key.accessKeyId,
          secretAccessKey: key.secretAccessKey,
          ...(key.sessionToken === undefined ? undefined : { sessionToken: key.sessionToken })
        }
      })
  )

const nameOf = (error: unknown): string =>
  error instanceof Sdk.STSServiceException ? error.name : String(error)

const call = <A>(use: () => Promise<A>) => Effect.tryPromise({ try: use, catch: nameOf })

const keyOfReply = ({ Credentials }: { readonly Credentials?: Sdk.Credentials | undefined }): Key => ({
  accessKeyId: Credentials?.AccessKeyId ?? "",
  secretAccessKey: Credentials?.SecretAccessKey ?? "",
  sessionToken: Credentials?.SessionToken
})

const { arns } = AwsSeed
const minutes = 60_000

it.live("completes AssumeRole, chained, and GetCallerIdentity", () =>
  Effect.gen(function* () {
    const client = yield* sdk(keyOf("user"))
    const me = yield* call(() => client.send(new Sdk.GetCallerIdentityCommand({})))
    assert.deepInclude(me, { Arn: arns.user, Account: AwsSeed.accountId, UserId: "AIDAEMULATORALICE0001" })
    const reply = yield* call(() =>
      client.send(
        new Sdk.AssumeRoleCommand({
          RoleArn: arns.role,
          RoleSessionName: "official",
          DurationSeconds: 900,
          PolicyArns: [{ arn: "arn:aws:iam::aws:policy/AdministratorAccess" }],
          Policy: '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:*","Resource":"*"}}',
          Tags: [{ Key: "team", Value: "a b/ü" }],
          TransitiveTagKeys: ["team"],
          SourceIdentity: "alice",
          ProvidedContexts: [{ ProviderArn: "arn:aws:iam::aws:contextProvider/x", ContextAssertion: "abcd" }]
        })
      )
    )
    assert.deepInclude(reply, {
      AssumedRoleUser: {
        Arn: "arn:aws:sts::123456789012:assumed-role/reader/official",
        AssumedRoleId: "AROAEMULATORREADER001:official"
      },
      SourceIdentity: "alice"
    })
    assert.isNumber(reply.PackedPolicySize)
    assert.isAbove(reply.Credentials?.Expiration?.getTime() ?? 0, Date.now() + 14 * minutes)
    const session = yield* sdk(keyOfReply(reply))
    const chained = yield* call(() =>
      session.send(new Sdk.AssumeRoleCommand({ RoleArn: arns.chainedRole, RoleSessionName: "next" }))
    )
    assert.strictEqual(chained.SourceIdentity, "alice")
  }).pipe(server)
)

it.live("completes the operations for identity providers, without credentials", () =>
  Effect.gen(function* () {
    const { aws, requests } = yield* Emulator.Emulator
    const client = yield* sdk(keyOf("user"))
    const token = Redacted.value(yield* aws.mintOidcToken())
    const byToken = yield* call(() =>
      client.send(
        new Sdk.AssumeRoleWithWebIdentityCommand({
          RoleArn: arns.oidcRole,
          RoleSessionName: "pod",
          WebIdentityToken: token
        })
      )
    )
    assert.deepInclude(byToken, {
      SubjectFromWebIdentityToken: AwsSeed.oidcSubject,
      Provider: AwsSeed.oidcIssuer,
      Audience: AwsSeed.oidcClientId
    })
    const response = Redacted.value(yield* aws.mintSamlResponse())
    const bySaml = yield* call(() =>
      client.send(
        new Sdk.AssumeRoleWithSAMLCommand({
          RoleArn: arns.samlRole,
          PrincipalArn: arns.samlProvider,
          SAMLAssertion: response
        })
      )
    )
    assert.deepInclude(bySaml, {
      Issuer: AwsSeed.samlEntityId,
      Audience: AwsSeed.samlRecipient,
      SubjectType: "persistent"
    })
    assert.match(bySaml.NameQualifier ?? "", /^[A-Za-z0-9+/]{27}=$/)
    const session = yield* sdk(keyOfReply(bySaml))
    const me = yield* call(() => session.send(new Sdk.GetCallerIdentityCommand({})))
    assert.strictEqual(me.Arn, "arn:aws:sts::123456789012:assumed-role/saml/alice")
    assert.deepStrictEqual(
      (yield* requests).map(({ form }) => form),
      ["anonymous", "anonymous", "sigv4"]
    )
  }).pipe(server)
)

it.live("completes every other operation", () =>
  Effect.gen(function* () {
    const { aws } = yield* Emulator.Emulator
    const { endpoint } = yield* EmulatorServer.EmulatorServer
    const client = yield* sdk(keyOf("user"))
    const root = yield* call(() =>
      client.send(
        new Sdk.AssumeRootCommand({
          TargetPrincipal: AwsSeed.memberAccountId,
          TaskPolicyArn: { arn: "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy" }
        })
      )
    )
    const member = yield* sdk(keyOfReply(root))
    const me = yield* call(() => member.send(new Sdk.GetCallerIdentityCommand({})))
    assert.deepInclude(me, { Arn: `arn:aws:iam::${AwsSeed.memberAccountId}:root` })

    const EncodedMessage = yield* aws.mintAuthorizationMessage({ action: "ec2:StopInstances" })
    const decoded = yield* call(() =>
      client.send(new Sdk.DecodeAuthorizationMessageCommand({ EncodedMessage }))
    )
    assert.deepNestedInclude(JSON.parse(decoded.DecodedMessage ?? ""), {
      allowed: false,
      "context.action": "ec2:StopInstances"
    })
    const info = yield* call(() =>
      client.send(new Sdk.GetAccessKeyInfoCommand({ AccessKeyId: keyOfReply(root).accessKeyId }))
    )
    assert.strictEqual(info.Account, AwsSeed.memberAccountId)

    const TradeInToken = Redacted.value(yield* aws.mintTradeInToken())
    const delegated = yield* call(() => client.send(new Sdk.GetDelegatedAccessTokenCommand({ TradeInToken })))
    assert.deepInclude(delegated, { AssumedPrincipal: arns.role, PackedPolicySize: 0 })
    const federated = yield* call(() => client.send(new Sdk.GetFederationTokenCommand({ Name: "carol" })))
    assert.deepStrictEqual(federated.FederatedUser, {
      Arn: "arn:aws:sts::123456789012:federated-user/carol",
      FederatedUserId: "123456789012:carol"
    })
    const session = yield* call(async () =>
      client.send(
        new Sdk.GetSessionTokenCommand({
          SerialNumber: AwsSeed.mfaDevice.serialNumber,
          TokenCode: await Effect.runPromise(aws.mfaCode())
        })
      )
    )
    const withMfa = yield* sdk(keyOfReply(session))
    yield* call(() =>
      withMfa.send(new Sdk.AssumeRoleCommand({ RoleArn: arns.mfaRole, RoleSessionName: "session" }))
    )
    const { WebIdentityToken = "" } = yield* call(() =>
      client.send(new Sdk.GetWebIdentityTokenCommand({ Audience: ["api"], SigningAlgorithm: "ES384" }))
    )
    const discovery = yield* call(async () => {
      const reply = await fetch(`${endpoint}/.well-known/openid-configuration`)
      return (await reply.json()) as { readonly issuer: string; readonly jwks_uri: string }
    })
    const { payload, protectedHeader } = yield* call(() =>
      jwtVerify(WebIdentityToken, createRemoteJWKSet(new URL(discovery.jwks_uri)), {
        issuer: discovery.issuer,
        audience: "api"
      })
    )
    assert.deepStrictEqual([payload.sub, protectedHeader.alg], [arns.user, "ES384"])
  }).pipe(server)
)

it.live("meets the errors of the service", () =>
  Effect.gen(function* () {
    const refusal = (key: Key, command = new Sdk.GetCallerIdentityCommand({}), options: SdkOptions = {}) =>
      Effect.flatMap(sdk(key, options), (client) => Effect.flip(call(() => client.send(command))))
    const assume = (RoleArn: string) =>
      Effect.flatMap(sdk(keyOf("user")), (client) =>
        Effect.flip(
          call(() => client.send(new Sdk.AssumeRoleCommand({ RoleArn, RoleSessionName: "session" })))
        )
      )
    const user = keyOf("user")
    assert.strictEqual(yield* refusal({ ...user, secretAccessKey: "wrong" }), "SignatureDoesNotMatch")
    assert.strictEqual(yield* refusal({ ...user, accessKeyId: "AKIAUNKNOWN" }), "InvalidClientTokenId")
    assert.strictEqual(yield* refusal(keyOf("inactive")), "InvalidClientTokenId")
    assert.strictEqual(yield* refusal({ ...user, sessionToken: "made-up" }), "InvalidClientTokenId")
    assert.strictEqual(yield* refusal(user, undefined, { region: "mars-north-1" }), "SignatureDoesNotMatch")
    assert.strictEqual(yield* assume(arns.nobodysRole), "AccessDenied")
    assert.strictEqual(yield* assume("nonsense-nonsense-nonsense"), "ValidationError")
  }).pipe(server)
)

it.live("is refused with an expired token, and corrects a clock that is off", () =>
  Effect.gen(function* () {
    const { requests, setClockOffset } = yield* Emulator.Emulator
    const client = yield* sdk(keyOf("user"), { maxAttempts: 3 })
    const reply = yield* call(() =>
      client.send(
        new Sdk.AssumeRoleCommand({ RoleArn: arns.role, RoleSessionName: "session", DurationSeconds: 900 })
      )
    )
    yield* setClockOffset(20 * minutes)
    const expired = yield* sdk(keyOfReply(reply))
    const error = yield* Effect.flip(call(() => expired.send(new Sdk.GetCallerIdentityCommand({}))))
    assert.match(error, /^ExpiredToken/)
    yield* call(() => client.send(new Sdk.GetCallerIdentityCommand({})))
    assert.deepStrictEqual(
      (yield* requests).map(({ verdict }) => verdict),
      ["OK", "ExpiredToken", "SignatureDoesNotMatch", "OK"]
    )
  }).pipe(server)
)

it.live("retries after throttling and server errors", () =>
  Effect.gen(function* () {
    const { addFault, requests } = yield* Emulator.Emulator
    const client = yield* sdk(keyOf("user"), { maxAttempts: 3 })
    yield* addFault(Fault.throttled({ retryAfter: 1 }))
    yield* addFault(Fault.serverError())
    yield* call(() => client.send(new Sdk.GetCallerIdentityCommand({})))
    assert.deepStrictEqual(
      (yield* requests).map(({ fields }) => [fields.status, fields.verdict]),
      [
        [400, "Throttling"],
        [503, "ServiceUnavailable"],
        [200, "OK"]
      ]
    )
  }).pipe(server)
)

it.live("answers whoever has a signed URL", () =>
  Effect.gen(function* () {
    const { endpoint, port } = yield* EmulatorServer.EmulatorServer
    const { query } = yield* requestOf(whoAmI({ form: "presigned", host: `127.0.0.1:${port}` }))
    const ask = (query: string) => call(async () => (await fetch(`${endpoint}/?${query}`)).text())
    assert.include(yield* ask(query), `<Arn>${arns.user}</Arn>`)
    assert.include(yield* ask(query.replace("Expires=60", "Expires=61")), "SignatureDoesNotMatch")
    assert.include(yield* ask("Action=GetCallerIdentity&Version=2011-06-15"), "MissingAuthenticationToken")
  }).pipe(server)
)
