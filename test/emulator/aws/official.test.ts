/**
 * The vendor's own client against the emulator on a port.
 */
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  STSClient,
  STSServiceException
} from "@aws-sdk/client-sts"
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AwsSeed, Emulator, EmulatorServer } from "../../../src/testing.js"
import { type Key, keyOf } from "./support.js"

const server = Effect.provide(EmulatorServer.layer())

const sdk = (key: Key, region = "us-east-1") =>
  Effect.map(
    EmulatorServer.EmulatorServer,
    ({ endpoint }) =>
      new STSClient({
        endpoint,
        region,
        maxAttempts: 1,
        credentials: {
          accessKeyId: key.accessKeyId,
          secretAccessKey: key.secretAccessKey,
          ...(key.sessionToken === undefined ? undefined : { sessionToken: key.sessionToken })
        }
      })
  )

const call = <A>(use: () => Promise<A>) =>
  Effect.tryPromise({
    try: use,
    catch: (error) => (error instanceof STSServiceException ? error.name : String(error))
  })

it.live("@aws-sdk/client-sts assumes a role", () =>
  Effect.gen(function* () {
    const client = yield* sdk(keyOf("user"))
    const me = yield* call(() => client.send(new GetCallerIdentityCommand({})))
    expect(me).toMatchObject({ Arn: AwsSeed.arns.user, Account: AwsSeed.accountId })
    const assumed = yield* call(() =>
      client.send(
        new AssumeRoleCommand({
          RoleArn: AwsSeed.arns.role,
          RoleSessionName: "official",
          Tags: [{ Key: "team", Value: "a b" }],
          TransitiveTagKeys: ["team"],
          SourceIdentity: "alice"
        })
      )
    )
    expect(assumed).toMatchObject({ SourceIdentity: "alice", PackedPolicySize: 1 })
    expect(assumed.Credentials?.Expiration).toBeInstanceOf(Date)
    const { requests } = yield* Emulator.Emulator
    expect((yield* requests).map(({ form, verdict }) => [form, verdict])).toEqual([
      ["sigv4", "OK"],
      ["sigv4", "OK"]
    ])
  }).pipe(server)
)
