/**
 * What the demo plays on: an emulator in a process of its own, or the real service.
 *
 * @since 0.1.0
 */
import { spawn } from "node:child_process"
import process from "node:process"
import { createInterface } from "node:readline"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Config from "effect/Config"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { StageError } from "./StageError.js"

/**
 * A role and the proof that opens it.
 *
 * @category models
 * @since 0.1.0
 */
export interface Federation {
  readonly oidcProviderArn: string
  readonly roleArn: string
  readonly token: Effect.Effect<Redacted.Redacted, unknown, HttpClient.HttpClient>
}

/**
 * What the demo plays on. What is absent is skipped.
 *
 * @category models
 * @since 0.1.0
 */
export interface Stage {
  readonly name: string
  /** The variables that the library reads. */
  readonly config: ConfigProvider.ConfigProvider
  readonly accessKeyId: string
  readonly roleArn: string | undefined
  readonly oidc: Federation | undefined
  /** Whether a wrong secret may be tried: not against somebody's real account. */
  readonly mayGuess: boolean
}

const Ready = Schema.parseJson(
  Schema.Struct({
    endpoint: Schema.String,
    alibaba: Schema.Struct({
      accessKeyId: Schema.String,
      accessKeySecret: Schema.String,
      roleArn: Schema.String,
      oidcProviderArn: Schema.String,
      oidcRoleArn: Schema.String
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
    Effect.async<string, StageError>((resume) => {
      createInterface({ input: child.stdout }).once("line", (line) => resume(Effect.succeed(line)))
      child.once("exit", (code) =>
        resume(new StageError({ detail: `the emulator ended with code ${code ?? "none"}` }))
      )
    })
  )
)

const Token = Schema.parseJson(Schema.Struct({ token: Schema.Redacted(Schema.String) }))

const mint = (endpoint: string) =>
  HttpClientRequest.post(`${endpoint}/_emulator/alibaba/oidc-tokens`).pipe(
    HttpClientRequest.bodyText("{}", "application/json"),
    HttpClient.execute,
    Effect.flatMap((reply) => reply.text),
    Effect.flatMap(Schema.decode(Token)),
    Effect.map(({ token }) => token)
  )

/**
 * Starts an emulator in a process of its own, so that blocking this one does not block it.
 *
 * @category constructors
 * @since 0.1.0
 */
export const emulator: Effect.Effect<Stage, StageError, Scope.Scope> = firstLine.pipe(
  Effect.flatMap(Schema.decode(Ready)),
  Effect.mapError((error) => new StageError({ detail: error.message })),
  Effect.map(({ alibaba, endpoint }) => ({
    name: `the embedded emulator at ${endpoint}`,
    config: ConfigProvider.fromMap(
      new Map([
        ["ALIBABA_CLOUD_STS_ENDPOINT", endpoint],
        ["ALIBABA_CLOUD_ACCESS_KEY_ID", alibaba.accessKeyId],
        ["ALIBABA_CLOUD_ACCESS_KEY_SECRET", alibaba.accessKeySecret]
      ])
    ),
    accessKeyId: alibaba.accessKeyId,
    roleArn: alibaba.roleArn,
    oidc: {
      oidcProviderArn: alibaba.oidcProviderArn,
      roleArn: alibaba.oidcRoleArn,
      token: mint(endpoint)
    },
    mayGuess: true
  }))
)

const optional = (name: string) => Config.option(Config.nonEmptyString(name))

/**
 * The real service, with whatever the environment configures: `ALIBABA_CLOUD_ROLE_ARN` for a role to assume, and with
 * `ALIBABA_CLOUD_OIDC_PROVIDER_ARN` and `ALIBABA_CLOUD_OIDC_TOKEN` one to assume by token.
 *
 * @category constructors
 * @since 0.1.0
 */
export const live: Effect.Effect<Stage> = Effect.gen(function* () {
  const roleArn = yield* optional("ALIBABA_CLOUD_ROLE_ARN")
  const oidcProviderArn = yield* optional("ALIBABA_CLOUD_OIDC_PROVIDER_ARN")
  const token = yield* optional("ALIBABA_CLOUD_OIDC_TOKEN")
  return {
    name: "the real service",
    config: yield* Effect.configProviderWith(Effect.succeed),
    accessKeyId: "",
    roleArn: Option.getOrUndefined(roleArn),
    oidc: Option.getOrUndefined(
      Option.map(Option.all([roleArn, oidcProviderArn, token]), ([role, provider, jwt]) => ({
        roleArn: role,
        oidcProviderArn: provider,
        token: Effect.succeed(Redacted.make(jwt))
      }))
    ),
    mayGuess: false
  }
}).pipe(Effect.orDie)
