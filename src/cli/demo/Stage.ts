/** What the demo plays on: an emulator in a process of its own, or the real service. */

import { spawn } from "node:child_process"
import process from "node:process"
import { createInterface } from "node:readline"
import * as Config from "effect/Config"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"

/** The demo cannot start, or a step did not do what it says. */
export class StageError extends Data.TaggedError("StageError")<{ readonly detail: string }> {
  override get message(): string {
    return this.detail
  }
}

/** A role and the proof that opens it. */
export interface Federation {
  readonly oidcProviderArn: string
  readonly roleArn: string
  readonly token: Effect.Effect<Redacted.Redacted, unknown, HttpClient.HttpClient>
}

/** What of Alibaba Cloud is at hand. */
export interface AlibabaStage {
  readonly accessKeyId: string
  readonly roleArn: string | undefined
  readonly oidc: Federation | undefined
}

/** A role of Alibaba Cloud that trusts tokens of AWS. */
export interface Bridge {
  readonly audience: string
  readonly oidcProviderArn: string
  readonly roleArn: string
}

/** What of AWS is at hand. */
export interface AwsStage {
  readonly roleArn: string | undefined
  readonly bridge: Bridge | undefined
}

/** What the demo plays on. What is absent is skipped. */
export interface Stage {
  readonly name: string
  /** The variables that the library reads. */
  readonly config: ConfigProvider.ConfigProvider
  readonly alibaba: AlibabaStage | undefined
  readonly aws: AwsStage | undefined
  /** Whether a wrong secret may be tried: not against somebody's real account. */
  readonly mayGuess: boolean
}

const Ready = Schema.fromJsonString(
  Schema.Struct({
    endpoint: Schema.String,
    alibaba: Schema.Struct({
      accessKeyId: Schema.String,
      accessKeySecret: Schema.String,
      roleArn: Schema.String,
      oidcProviderArn: Schema.String,
      oidcRoleArn: Schema.String,
      awsOidcProviderArn: Schema.String,
      awsOidcRoleArn: Schema.String,
      awsOidcAudience: Schema.String
    }),
    aws: Schema.Struct({
      accessKeyId: Schema.String,
      secretAccessKey: Schema.String,
      region: Schema.String,
      roleArn: Schema.String
    })
  })
)

const firstLine = Effect.acquireRelease(
  Effect.sync(() =>
    spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1, 2), "emulator", "--json"], {
      stdio: ["ignore", "pipe", "inherit"]
    })
  ),
  (child) => Effect.sync(() => child.kill())
).pipe(
  Effect.flatMap((child) =>
    Effect.callback<string, StageError>((resume) => {
      createInterface({ input: child.stdout }).once("line", (line) => resume(Effect.succeed(line)))
      child.once("exit", (code) =>
        resume(new StageError({ detail: `the emulator ended with code ${code ?? "none"}` }))
      )
    })
  )
)

const Token = Schema.fromJsonString(Schema.Struct({ token: Schema.String }))

const mint = (endpoint: string) =>
  HttpClientRequest.post(`${endpoint}/_emulator/alibaba/oidc-tokens`).pipe(
    HttpClientRequest.bodyText("{}", "application/json"),
    HttpClient.execute,
    Effect.flatMap((reply) => reply.text),
    Effect.flatMap(Schema.decodeEffect(Token)),
    Effect.map(({ token }) => Redacted.make(token))
  )

/** Starts an emulator in a process of its own, so that blocking this one does not block it. */
export const emulator: Effect.Effect<Stage, StageError, Scope.Scope> = firstLine.pipe(
  Effect.flatMap(Schema.decodeEffect(Ready)),
  Effect.mapError((error) => new StageError({ detail: error.message })),
  Effect.map(({ alibaba, aws, endpoint }) => ({
    name: `the embedded emulator at ${endpoint}`,
    config: ConfigProvider.fromUnknown({
      ALIBABA_CLOUD_STS_ENDPOINT: endpoint,
      ALIBABA_CLOUD_ACCESS_KEY_ID: alibaba.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: alibaba.accessKeySecret,
      AWS_ENDPOINT_URL_STS: endpoint,
      AWS_REGION: aws.region,
      AWS_ACCESS_KEY_ID: aws.accessKeyId,
      AWS_SECRET_ACCESS_KEY: aws.secretAccessKey
    }),
    alibaba: {
      accessKeyId: alibaba.accessKeyId,
      roleArn: alibaba.roleArn,
      oidc: {
        oidcProviderArn: alibaba.oidcProviderArn,
        roleArn: alibaba.oidcRoleArn,
        token: mint(endpoint)
      }
    },
    aws: {
      roleArn: aws.roleArn,
      bridge: {
        audience: alibaba.awsOidcAudience,
        oidcProviderArn: alibaba.awsOidcProviderArn,
        roleArn: alibaba.awsOidcRoleArn
      }
    },
    mayGuess: true
  }))
)

const optional = (name: string) =>
  Config.map(
    Config.option(Config.String(name)),
    Option.filter((text) => text !== "")
  )

const oidcFromEnvironment = Effect.gen(function* () {
  const roleArn = yield* optional("ALIBABA_CLOUD_ROLE_ARN")
  const provider = yield* optional("ALIBABA_CLOUD_OIDC_PROVIDER_ARN")
  const token = yield* optional("ALIBABA_CLOUD_OIDC_TOKEN")
  return Option.map(Option.all({ roleArn, provider, token }), (all) => ({
    roleArn: all.roleArn,
    oidcProviderArn: all.provider,
    token: Effect.succeed(Redacted.make(all.token))
  }))
})

/**
 * The real services, with whatever the environment configures: Alibaba Cloud, unless there are only AWS keys, and AWS
 * where there are. `ALIBABA_CLOUD_ROLE_ARN` and `AWS_ROLE_ARN` name roles to assume; with
 * `ALIBABA_CLOUD_OIDC_PROVIDER_ARN` and `ALIBABA_CLOUD_OIDC_TOKEN` the former is assumed by token too.
 */
export const live: Effect.Effect<Stage> = Effect.gen(function* () {
  const alibabaKey = yield* optional("ALIBABA_CLOUD_ACCESS_KEY_ID")
  const awsKey = yield* optional("AWS_ACCESS_KEY_ID")
  const oidc = yield* oidcFromEnvironment
  const alibabaRole = yield* optional("ALIBABA_CLOUD_ROLE_ARN")
  const awsRole = yield* optional("AWS_ROLE_ARN")
  return {
    name: "the real service",
    config: ConfigProvider.fromEnv(),
    alibaba:
      Option.isSome(awsKey) && Option.isNone(alibabaKey)
        ? undefined
        : {
            accessKeyId: Option.getOrElse(alibabaKey, () => ""),
            roleArn: Option.getOrUndefined(alibabaRole),
            oidc: Option.getOrUndefined(oidc)
          },
    aws: Option.isNone(awsKey) ? undefined : { roleArn: Option.getOrUndefined(awsRole), bridge: undefined },
    mayGuess: false
  }
}).pipe(Effect.orDie)
