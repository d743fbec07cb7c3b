import { execFile, spawnSync } from "node:child_process"
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, beforeEach, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import * as Aws from "../../../src/aws.js"
import { HomeDirectory, RequestPolicy } from "../../../src/index.js"
import { fileSystem } from "../../../src/layers/blocking/SyncFileSystem.js"
import { ofAssumedRole, ofSsoRole } from "../../../src/protocol/aws/cliCacheKey.js"
import type { CredentialSource } from "../../../src/services/CredentialSource.js"
import { AwsSeed, Emulator, EmulatorServer } from "../../../src/testing.js"
import { newFolder } from "../../support/folders.js"
import { isInstalled } from "../../support/installed.js"
import { ScriptedSource } from "../../support/renewable.js"

let home: string
beforeEach(() => {
  home = newFolder()
})

const folder = () => join(home, ".aws", "cli", "cache")
const roleArn = "arn:aws:iam::123456789012:role/auditor"
const ssoRole = {
  accountId: "123456789012",
  roleName: "auditor",
  startUrl: "https://example.awsapps.com/start"
}
const hour = 3600

const scenario = <A, E>(test: Effect.Effect<A, E, FileSystem.FileSystem>) =>
  Effect.suspend(() =>
    test.pipe(
      Effect.provideService(FileSystem.FileSystem, fileSystem),
      Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown({ HOME: home }))
    )
  )

const giving = () => new ScriptedSource(() => ({ _tag: "Gives", seconds: hour }))

const whole: CredentialSource<Aws.Credentials> = {
  name: "role",
  get: Effect.map(
    DateTime.now,
    (now) =>
      new Aws.Credentials({
        accessKeyId: "ASIAOURS",
        secretAccessKey: Redacted.make("our-secret"),
        sessionToken: Redacted.make("our-token"),
        expiration: DateTime.add(now, { seconds: hour, milliseconds: 123 }),
        accountId: "123456789012"
      })
  )
}

const textOf = (key: string | undefined): string => readFileSync(join(folder(), `${key}.json`), "utf8")

describe("the AWS CLI's cache", () => {
  it.effect("reads an assumed role's credentials from the CLI's cache", () =>
    scenario(
      Effect.gen(function* () {
        const cached = yield* Aws.CliCache.assumedRole(whole, { roleArn })
        yield* cached.get
        const key = ofAssumedRole({ roleArn })
        assert.deepStrictEqual(JSON.parse(textOf(key)), {
          Credentials: {
            AccessKeyId: "ASIAOURS",
            SecretAccessKey: "our-secret",
            SessionToken: "our-token",
            Expiration: "1970-01-01T01:00:00UTC",
            AccountId: "123456789012"
          }
        })
        assert.deepStrictEqual(readdirSync(folder()), [`${key}.json`])
        assert.strictEqual(statSync(join(folder(), `${key}.json`)).mode & 0o777, 0o600)
      })
    )
  )

  it.effect("marks a role of IAM Identity Center, so that sso logout removes it", () =>
    scenario(
      Effect.gen(function* () {
        const cached = yield* Aws.CliCache.sso(whole, ssoRole)
        yield* cached.get
        const written = JSON.parse(textOf(ofSsoRole(ssoRole)))
        assert.strictEqual(written.ProviderType, "sso")
        assert.strictEqual(written.Credentials.Expiration, "1970-01-01T01:00:00Z")
      })
    )
  )

  for (const expiration of [
    "1970-01-01T01:00:00UTC",
    "1970-01-01T01:00:00Z",
    "1970-01-01T02:00:00.5+01:00"
  ]) {
    it.effect(`gives cached credentials until ${expiration}`, () =>
      scenario(
        Effect.gen(function* () {
          mkdirSync(folder(), { recursive: true })
          const Credentials = {
            AccessKeyId: "ASIATHEIRS",
            SecretAccessKey: "secret",
            SessionToken: "token",
            Expiration: expiration,
            AccountId: "123456789012"
          }
          const file = join(folder(), `${ofAssumedRole({ roleArn })}.json`)
          writeFileSync(file, JSON.stringify({ Credentials, AssumedRoleUser: {}, ResponseMetadata: {} }), {
            mode: 0o600
          })
          const source = giving()
          const { get } = yield* Aws.CliCache.assumedRole(source, { roleArn })
          const given = yield* get
          assert.strictEqual(given.accessKeyId, "ASIATHEIRS")
          assert.strictEqual(given.accountId, "123456789012")
          yield* TestClock.adjust("43 minutes")
          assert.strictEqual((yield* get).accessKeyId, "ASIATHEIRS")
          yield* TestClock.adjust("1 minute")
          assert.strictEqual((yield* get).accessKeyId, "ASIA0")
        })
      )
    )
  }

  it.effect("is skipped when a policy is not JSON or the home is unknown", () =>
    scenario(
      Effect.gen(function* () {
        const source = giving()
        const spoilt = yield* Aws.CliCache.assumedRole(source, { roleArn, policy: "{" })
        yield* spoilt.get
        const homeless = yield* Aws.CliCache.assumedRole(source, { roleArn })
        yield* homeless.get.pipe(
          Effect.provideService(HomeDirectory, Effect.succeed(undefined)),
          Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown({}))
        )
        assert.strictEqual(source.contacts.length, 2)
        assert.deepStrictEqual(readdirSync(home), [])
      })
    )
  )
})

// botocore's own fetcher over the CLI's own kind of cache; where it has to ask the service it fails, or answers.
const script = `
import datetime, json, sys
from dateutil.tz import tzutc
from botocore.credentials import AssumeRoleCredentialFetcher, SSOCredentialFetcher, JSONFileCache
folder, kind, arguments, answers = json.loads(sys.argv[1])
class Client:
    def assume_role(self, **_):
        if not answers: raise Exception("the service was asked")
        return {"Credentials": {"AccessKeyId": "ASIATHEIRS", "SecretAccessKey": "their-secret", "SessionToken": "their-token",
            "Expiration": datetime.datetime.fromtimestamp(answers, tzutc())},
            "AssumedRoleUser": {"AssumedRoleId": "AROA:x", "Arn": "arn:aws:sts::123456789012:assumed-role/auditor/x"},
            "ResponseMetadata": {"HTTPStatusCode": 200}}
def create(*_, **__): return Client()
class Frozen:
    access_key = secret_key = token = "x"
class Base:
    def get_frozen_credentials(self): return Frozen()
cache = JSONFileCache(folder)
if kind == "role":
    arn = arguments.pop("RoleArn")
    fetcher = AssumeRoleCredentialFetcher(create, Base(), arn, extra_args=arguments, mfa_prompter=lambda _: "123456", cache=cache)
else:
    fetcher = SSOCredentialFetcher(client_creator=None, sso_region="us-east-1", cache=cache, **arguments)
print(json.dumps(fetcher.fetch_credentials()))
`

const botocore = (...given: ReadonlyArray<unknown>): Record<string, string> => {
  const { stderr, stdout } = spawnSync("python3", ["-c", script, JSON.stringify([folder(), ...given])], {
    encoding: "utf8"
  })
  if (stdout === "") throw new Error(stderr)
  return JSON.parse(stdout)
}

const policy =
  '{"Version":"2012-10-17","Statement":[{"Resource":"*","Effect":"Allow","Action":"s3:Get*","Sid":"L\u00fcbeck \ud83d\ude00"}]}'

const roles: ReadonlyArray<readonly [Aws.AssumedRole.Options, Record<string, unknown>]> = [
  [{ roleArn }, { RoleArn: roleArn }],
  [
    {
      roleArn,
      roleSessionName: "alice",
      externalId: 'a "quoted" one',
      durationSeconds: 7200,
      mfaSerial: "arn:aws:iam::123456789012:mfa/alice"
    },
    {
      RoleArn: roleArn,
      RoleSessionName: "alice",
      ExternalId: 'a "quoted" one',
      DurationSeconds: 7200,
      SerialNumber: "arn:aws:iam::123456789012:mfa/alice"
    }
  ],
  [
    {
      roleArn,
      policy,
      policyArns: [{ arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" }],
      tags: [{ key: "team", value: "r\u00e9d" }],
      transitiveTagKeys: ["team"],
      sourceIdentity: "alice"
    },
    {
      RoleArn: roleArn,
      Policy: policy,
      PolicyArns: [{ arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" }],
      Tags: [{ Key: "team", Value: "r\u00e9d" }],
      TransitiveTagKeys: ["team"],
      SourceIdentity: "alice"
    }
  ]
]

const nobody: CredentialSource<Aws.Credentials> = {
  name: "nobody",
  get: Effect.die(new Error("it was asked"))
}

describe.runIf(isInstalled("python3 with boto3"))("botocore and this package", () => {
  for (const [role, theirs] of roles) {
    const which = Object.keys(theirs).join(", ")
    it.live(`find each other's sessions by ${which}`, () =>
      scenario(
        Effect.gen(function* () {
          const ours = yield* Aws.CliCache.assumedRole(whole, role)
          yield* ours.get
          assert.strictEqual(botocore("role", theirs, null).access_key, "ASIAOURS")
          rmSync(folder(), { recursive: true })
          mkdirSync(folder())
          botocore("role", theirs, Math.floor(Date.now() / 1000) + 5 * hour)
          const other = yield* Aws.CliCache.assumedRole(nobody, role)
          const given = yield* other.get
          assert.strictEqual(given.accessKeyId, "ASIATHEIRS")
          assert.strictEqual(given.accountId, "123456789012")
          assert.strictEqual(Redacted.value(given.secretAccessKey), "their-secret")
        })
      )
    )
  }

  it.live("find each other's sessions of IAM Identity Center", () =>
    scenario(
      Effect.gen(function* () {
        for (const sessionName of [undefined, "work"]) {
          const cached = yield* Aws.CliCache.sso(whole, { ...ssoRole, sessionName })
          yield* cached.get
          const found = botocore(
            "sso",
            {
              account_id: ssoRole.accountId,
              role_name: ssoRole.roleName,
              start_url: ssoRole.startUrl,
              sso_session_name: sessionName ?? null
            },
            null
          )
          assert.strictEqual(found.access_key, "ASIAOURS")
        }
        assert.strictEqual(readdirSync(folder()).length, 2)
      })
    )
  )
})

const run = (command: string, options: ReadonlyArray<string>, env: Readonly<Record<string, string>>) =>
  Effect.promise(
    () =>
      new Promise<string>((resolve, reject) => {
        execFile(command, options, { env: { PATH: process.env["PATH"], ...env } }, (error, stdout, stderr) =>
          error === null ? resolve(stdout) : reject(new Error(stderr))
        )
      })
  )

describe.runIf(isInstalled("aws"))("the AWS CLI itself and this package", () => {
  it.live(
    "assume a role once between them, whichever comes first",
    () =>
      scenario(
        Effect.gen(function* () {
          const emulator = yield* Emulator.Emulator
          const { endpoint } = yield* EmulatorServer.EmulatorServer
          const { accessKeyId, secretAccessKey } = AwsSeed.keys.user
          const role = { roleArn: AwsSeed.arns.role, durationSeconds: 3600 }
          writeFileSync(
            join(home, "config"),
            `[profile base]
aws_access_key_id = ${accessKeyId}
aws_secret_access_key = ${Redacted.value(secretAccessKey)}
[profile auditor]
role_arn = ${role.roleArn}
source_profile = base
duration_seconds = 3600
region = us-east-1
`
          )
          const whoAmI = run("aws", ["sts", "get-caller-identity", "--profile", "auditor"], {
            HOME: home,
            AWS_CONFIG_FILE: join(home, "config"),
            AWS_ENDPOINT_URL_STS: endpoint,
            NO_PROXY: "127.0.0.1"
          })
          const base = {
            name: "stated",
            get: Effect.succeed(new Aws.Credentials({ accessKeyId, secretAccessKey }))
          }
          const cached = yield* Aws.AssumedRole.make(base, role).pipe(
            Effect.flatMap((source) => Aws.CliCache.assumedRole(source, role)),
            RequestPolicy.adjust({ aws: { endpoint, region: "us-east-1" } }),
            Effect.provide(Layer.merge(Aws.SignerV4.layer, FetchHttpClient.layer))
          )
          const assumed = Effect.map(
            emulator.requests,
            (requests) => requests.filter(({ operation }) => operation === "AssumeRole").length
          )
          const ours = yield* RequestPolicy.adjust({ aws: { endpoint, region: "us-east-1" } })(cached.get)
          const identity = JSON.parse(yield* whoAmI)
          assert.match(identity.Arn, /assumed-role\/reader\/effect-sts-/)
          assert.strictEqual(yield* assumed, 1)

          rmSync(folder(), { recursive: true })
          yield* whoAmI
          assert.strictEqual(yield* assumed, 2)
          const theirs = yield* cached.get
          assert.notStrictEqual(theirs.accessKeyId, ours.accessKeyId)
          assert.strictEqual(yield* assumed, 2)
        }).pipe(Effect.provide(EmulatorServer.layer))
      ),
    60_000
  )
})
