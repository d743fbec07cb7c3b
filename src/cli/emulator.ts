/**
 * `emulator`: serves an emulator until it is told to stop.
 *
 * @since 0.1.0
 */
import process from "node:process"
import { parseArgs } from "node:util"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"
import { AlibabaSeed, AwsSeed, EmulatorServer } from "../testing.js"

const usage = `Usage: npm run emulator -- [--port N] [--json]

  --port N  the port to listen on; any free one where left out, or 0
  --json    say where and with what in one line of JSON
`

interface Settings {
  readonly port: number
  readonly json: boolean
  readonly help: boolean
}

const settingsOf = (args: ReadonlyArray<string>): Either.Either<Settings, string> =>
  Either.flatMap(
    Either.try({
      try: () =>
        parseArgs({
          args: [...args],
          options: {
            port: { type: "string", default: "0" },
            json: { type: "boolean", default: false },
            help: { type: "boolean", default: false }
          }
        }).values,
      catch: (error) => (error instanceof Error ? error.message : String(error))
    }),
    ({ help, json, port }) =>
      /^\d{1,5}$/.test(port) && Number(port) < 65_536
        ? Either.right({ port: Number(port), json, help })
        : Either.left(`--port must be a number from 0 to 65535, not ${port}`)
  )

const alibaba = {
  accessKeyId: AlibabaSeed.keys.user.accessKeyId,
  accessKeySecret: Redacted.value(AlibabaSeed.keys.user.accessKeySecret),
  roleArn: AlibabaSeed.arns.role,
  oidcProviderArn: AlibabaSeed.arns.oidcProvider,
  oidcRoleArn: AlibabaSeed.arns.oidcRole,
  samlProviderArn: AlibabaSeed.arns.samlProvider,
  samlRoleArn: AlibabaSeed.arns.samlRole,
  awsOidcProviderArn: AlibabaSeed.arns.awsOidcProvider,
  awsOidcRoleArn: AlibabaSeed.arns.awsRole,
  awsOidcAudience: AlibabaSeed.oidcClientId
}

const aws = {
  accessKeyId: AwsSeed.keys.user.accessKeyId,
  secretAccessKey: Redacted.value(AwsSeed.keys.user.secretAccessKey),
  region: AwsSeed.region,
  roleArn: AwsSeed.arns.role,
  oidcProviderArn: AwsSeed.arns.oidcProvider,
  oidcRoleArn: AwsSeed.arns.oidcRole,
  samlProviderArn: AwsSeed.arns.samlProvider,
  samlRoleArn: AwsSeed.arns.samlRole
}

const mint = (endpoint: string, path: string): string =>
  `curl -d '{}' -H 'content-type: application/json' ${endpoint}/_emulator/${path}`

const asText = (endpoint: string): string => `The emulator listens on ${endpoint}. Stop it with Ctrl-C.

Alibaba Cloud

export ALIBABA_CLOUD_STS_ENDPOINT=${endpoint}
export ALIBABA_CLOUD_ACCESS_KEY_ID=${alibaba.accessKeyId}
export ALIBABA_CLOUD_ACCESS_KEY_SECRET=${alibaba.accessKeySecret}

A role to assume:   ${alibaba.roleArn}
With an OIDC token: ${alibaba.oidcRoleArn} through ${alibaba.oidcProviderArn}
With a SAML proof:  ${alibaba.samlRoleArn} through ${alibaba.samlProviderArn}

Tokens and proofs:  ${mint(endpoint, "alibaba/oidc-tokens")}
                    ${mint(endpoint, "alibaba/saml-responses")}

AWS

export AWS_ENDPOINT_URL_STS=${endpoint}
export AWS_REGION=${aws.region}
export AWS_ACCESS_KEY_ID=${aws.accessKeyId}
export AWS_SECRET_ACCESS_KEY=${aws.secretAccessKey}

A role to assume:   ${aws.roleArn}
With an OIDC token: ${aws.oidcRoleArn} through ${aws.oidcProviderArn}
With a SAML proof:  ${aws.samlRoleArn} through ${aws.samlProviderArn}

Tokens and proofs:  ${mint(endpoint, "aws/oidc-tokens")}
                    ${mint(endpoint, "aws/saml-responses")}
`

const signals = ["SIGINT", "SIGTERM"] as const

// Listened for from the start, so that whoever reads the first line may stop the program at once.
const listenForStop: Effect.Effect<Effect.Effect<void>> = Effect.map(Deferred.make<void>(), (stopped) => {
  for (const signal of signals) process.once(signal, () => Deferred.unsafeDone(stopped, Effect.void))
  return Deferred.await(stopped)
})

const serveUntil = (stopped: Effect.Effect<void>, settings: Settings) =>
  Effect.gen(function* () {
    const { endpoint } = yield* EmulatorServer.EmulatorServer
    process.stdout.write(settings.json ? `${JSON.stringify({ endpoint, alibaba, aws })}\n` : asText(endpoint))
    yield* stopped
    return 0
  }).pipe(Effect.provide(EmulatorServer.layer({ port: settings.port })))

const serve = (settings: Settings): Effect.Effect<number> =>
  Effect.flatMap(listenForStop, (stopped) => serveUntil(stopped, settings)).pipe(
    Effect.catchAll((error) =>
      Effect.sync(() => {
        process.stderr.write(`${error.message}\n`)
        return 1
      })
    )
  )

/**
 * Serves an emulator until it is told to stop.
 *
 * @category commands
 * @since 0.1.0
 */
export const run = (args: ReadonlyArray<string>): Promise<number> =>
  Either.match(settingsOf(args), {
    onLeft: async (message) => {
      process.stderr.write(`${message}\n\n${usage}`)
      return 2
    },
    onRight: async (settings) => {
      if (!settings.help) return Effect.runPromise(serve(settings))
      process.stdout.write(usage)
      return 0
    }
  })
