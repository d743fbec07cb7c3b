/**
 * The instance metadata service's two APIs, request by request: the newer one, the older one where that is all there
 * is, and profiles that change.
 */
import { deepStrictEqual, fail, strictEqual } from "node:assert"
import * as Effect from "effect/Effect"
import * as Aws from "../../../src/aws.js"
import { StsCredentialError } from "../../../src/schemas/StsError.js"
import { environment, serving, text } from "../../support/metadata.js"
import { type Answer, reply } from "../../support/scripted.js"
import { readJson, type Suite } from "../Suite.js"

interface Expectation {
  readonly get: string
  readonly response: { readonly status: number; readonly body?: unknown }
}

type Outcome = {
  readonly result: "credentials" | "invalid profile" | "no credentials"
  readonly accountId?: string
}

interface Vector {
  readonly summary: string
  readonly config: {
    readonly ec2InstanceProfileName: string | null
    readonly envVars?: Readonly<Record<string, string>>
  }
  readonly expectations: ReadonlyArray<Expectation>
  readonly outcomes: ReadonlyArray<Outcome>
}

const answerOf = ({ body, status }: Expectation["response"]): Answer =>
  typeof body === "object" ? reply(status, body) : text(status, String(body ?? ""))

const reasons = { "invalid profile": "Refused", "no credentials": "NotConfigured" }

/** A case's variables; some stand in its summary alone. */
const variablesOf = ({ config, summary }: Vector): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(Array.from(summary.matchAll(/(\w+)=(\w+)/g), ([, name, value]) => [name, value])),
  ...config.envVars
})

const check = (vector: Vector) => {
  const { config, expectations, outcomes } = vector
  const left = [...expectations]
  const server = serving(({ headers, method, url }) => {
    const path = new URL(url).pathname
    if (method === "PUT" && path === "/latest/api/token") return text(200, "a-token")
    strictEqual(headers["x-aws-ec2-metadata-token"], "a-token")
    const next = left.shift() ?? fail(`${path} was not expected`)
    // A list is the same with a slash at its end and without.
    strictEqual(path.replace(/\/$/, ""), next.get.replace(/\/$/, ""))
    return answerOf(next.response)
  })
  return Effect.gen(function* () {
    const source = yield* Aws.InstanceMetadata.make({
      profileName: config.ec2InstanceProfileName ?? undefined
    })
    for (const { accountId, result } of outcomes) {
      if (result === "credentials") {
        strictEqual((yield* source.get).accountId, accountId)
      } else {
        const error = yield* Effect.flip(source.get)
        strictEqual(error instanceof StsCredentialError && error.reason, reasons[result])
      }
    }
    deepStrictEqual(left, [])
  }).pipe(Effect.provide(server.layer), environment(variablesOf(vector)))
}

export const imds: Suite = {
  name: "aws/imds.json",
  cases: (path) =>
    readJson<ReadonlyArray<Vector>>(path).map((vector) => ({
      name: vector.summary,
      check: check(vector)
    }))
}
