/** An emulator for tests of the program, and what the program's environment holds to reach it. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import { AlibabaSeed, AwsSeed, EmulatorServer } from "../../src/testing.js"

export interface CliEmulator {
  readonly endpoint: string
  readonly env: Readonly<Record<"aws" | "alibaba", Readonly<Record<string, string>>>>
  readonly stop: () => Promise<void>
}

export const startEmulator = async (): Promise<CliEmulator> => {
  const scope = Effect.runSync(Scope.make())
  const context = await Effect.runPromise(Layer.buildWithScope(EmulatorServer.layer, scope))
  const { endpoint } = Context.get(context, EmulatorServer.EmulatorServer)
  return {
    endpoint,
    stop: () => Effect.runPromise(Scope.close(scope, Exit.void)),
    env: {
      aws: {
        AWS_ENDPOINT_URL_STS: endpoint,
        AWS_REGION: AwsSeed.region,
        AWS_ACCESS_KEY_ID: AwsSeed.keys.user.accessKeyId,
        AWS_SECRET_ACCESS_KEY: Redacted.value(AwsSeed.keys.user.secretAccessKey)
      },
      alibaba: {
        ALIBABA_CLOUD_STS_ENDPOINT: endpoint,
        ALIBABA_CLOUD_ACCESS_KEY_ID: AlibabaSeed.keys.user.accessKeyId,
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: Redacted.value(AlibabaSeed.keys.user.accessKeySecret)
      }
    }
  }
}
