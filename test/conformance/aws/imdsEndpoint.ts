/**
 * Where the instance metadata service is looked for: a program, the environment and the shared config file decide, in
 * this order, and a URL before a mode.
 */
import { strictEqual } from "node:assert"
import * as Effect from "effect/Effect"
import * as Aws from "../../../src/aws.js"
import * as SharedConfigFiles from "../../../src/layers/aws/SharedConfigFiles.js"
import { SelectedProfile } from "../../../src/services/aws/Settings.js"
import { files } from "../../support/files.js"
import { environment, hosts, serving, text } from "../../support/metadata.js"
import { readJson, type Suite } from "../Suite.js"

interface Vector {
  readonly docs: string
  readonly env: Readonly<Record<string, string>>
  readonly fs: Readonly<Record<string, string>>
  readonly endpoint_override?: string
  readonly mode_override?: string
  readonly result: { readonly Ok: string } | { readonly Err: string }
}

const check = ({ endpoint_override: endpoint, env, fs, mode_override: endpointMode, result }: Vector) => {
  const server = serving(() => text(403, ""))
  const failed = Effect.gen(function* () {
    const load = yield* SharedConfigFiles.make
    const source = yield* Effect.provideService(
      Aws.InstanceMetadata.make({ endpoint, endpointMode }),
      SelectedProfile,
      SharedConfigFiles.rawSettings(load)
    )
    return yield* Effect.flip(source.get)
  }).pipe(
    hosts({ override: ["192.168.0.1"] }).provided,
    Effect.provide([server.layer, files(fs).layer]),
    environment({ HOME: "/home", ...env })
  )
  return Effect.map(failed, ({ _tag }) => {
    strictEqual(_tag, "Ok" in result ? "StsCredentialError" : "StsConfigError")
    strictEqual(server.seen[0]?.url, "Ok" in result ? result.Ok : undefined)
  })
}

export const imdsEndpoint: Suite = {
  name: "aws/imds-endpoint.json",
  cases: (path) =>
    readJson<{ readonly tests: ReadonlyArray<Vector> }>(path).tests.map((vector) => ({
      name: vector.docs,
      check: check(vector)
    }))
}
