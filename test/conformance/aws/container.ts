/**
 * Which URL a container's environment leads to, and which are refused.
 */
import { strictEqual } from "node:assert"
import * as Effect from "effect/Effect"
import * as Aws from "../../../src/aws.js"
import { StsCredentialError } from "../../../src/schemas/StsError.js"
import type { SourceError } from "../../../src/services/CredentialSource.js"
import { files } from "../../support/files.js"
import { environment, hosts, serving } from "../../support/metadata.js"
import { reply } from "../../support/scripted.js"
import { readJson, type Suite } from "../Suite.js"

interface Vector {
  readonly docs: string
  readonly env: Readonly<Record<string, string>>
  readonly result: { readonly Ok: string } | { readonly ErrorContains: string }
}

const credentials = reply(200, { AccessKeyId: "ASIAEXAMPLE", SecretAccessKey: "secret", Token: "token" })

const isNotConfigured = (error: SourceError): boolean =>
  error instanceof StsCredentialError && error.reason === "NotConfigured"

/** The other implementation's words for a source that nobody configured; all else is a configuration that is wrong. */
const absent = "No environment variables"

const check = ({ env, result }: Vector) => {
  const server = serving(() => credentials)
  const got = Effect.flatMap(Aws.Container.make(), ({ get }) => get).pipe(
    hosts({ localhost: ["127.0.0.1", "::1"] }).provided,
    Effect.provide([server.layer, files({}).layer]),
    environment(env)
  )
  if ("Ok" in result) {
    return Effect.map(got, () => strictEqual(server.seen[0]?.url, result.Ok))
  }
  return Effect.map(Effect.flip(got), (error) => {
    strictEqual(isNotConfigured(error), result.ErrorContains.startsWith(absent), error.message)
    strictEqual(server.seen.length, 0)
  })
}

export const container: Suite = {
  name: "aws/container.json",
  cases: (path) =>
    readJson<{ readonly tests: ReadonlyArray<Vector> }>(path).tests.map((vector) => ({
      name: vector.docs,
      check: check(vector)
    }))
}
