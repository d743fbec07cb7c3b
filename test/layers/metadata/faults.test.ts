import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Alibaba from "../../../src/alibaba.js"
import * as Aws from "../../../src/aws.js"
import { StsCredentialError } from "../../../src/schemas/StsError.js"
import type { CredentialSource, SourceError } from "../../../src/services/CredentialSource.js"
import { AlibabaSeed, AwsSeed, Emulator, Fault } from "../../../src/testing.js"
import { watched } from "../../leaks/watched.js"
import { files } from "../../support/files.js"
import { environment } from "../../support/metadata.js"
import { timed } from "../../support/time.js"

type Got = Effect.Effect<string, SourceError, HttpClient.HttpClient>

const idOf = ({ get }: CredentialSource<{ readonly accessKeyId: string }>) =>
  Effect.map(get, ({ accessKeyId }) => accessKeyId)

const uriToken = Redacted.value(AlibabaSeed.credentialsUriToken)
const containerToken = Redacted.value(AwsSeed.containerToken)

const sources: Readonly<Record<string, Got>> = {
  "instance metadata": Effect.flatMap(Aws.InstanceMetadata.make(), idOf),
  "ECS RAM role": Effect.flatMap(Alibaba.EcsRamRole.make(), idOf),
  container: Effect.flatMap(
    Aws.Container.make({
      fullUri: `http://169.254.170.23${AwsSeed.eksContainer.path}`,
      authorizationToken: containerToken
    }),
    idOf
  ).pipe(Effect.provide(files({}).layer)),
  "credentials URI": Effect.flatMap(
    Alibaba.CredentialsUri.make({
      uri: `http://127.0.0.1${AlibabaSeed.credentialsUri.path}?token=${uriToken}`
    }),
    idOf
  )
}

/** What a fault that stays comes to, and whether a source gets over one that passes at once. */
interface Row {
  readonly name: string
  readonly fault: Fault.Fault
  readonly stays: string
  readonly passes: boolean
}

const rows: ReadonlyArray<Row> = [
  {
    name: "silence",
    fault: Fault.latency("1 hour"),
    stays: "Unavailable",
    passes: true
  },
  {
    name: "half an answer and silence",
    fault: Fault.slowBody("1 hour"),
    stays: "Unavailable",
    passes: true
  },
  { name: "a cut", fault: Fault.resetBeforeReply, stays: "Unavailable", passes: true },
  { name: "a cut answer", fault: Fault.resetDuringReply(5), stays: "Unavailable", passes: true },
  { name: "a gateway's page", fault: Fault.badGateway, stays: "Unavailable", passes: true },
  { name: "too many requests", fault: Fault.throttled({ status: 429 }), stays: "Unavailable", passes: true },
  { name: "an outage", fault: Fault.serverError(503), stays: "Unavailable", passes: true },
  { name: "a refusal", fault: Fault.refused(403, "Forbidden"), stays: "Refused", passes: false },
  { name: "a flood", fault: Fault.oversizedReply(2 * 1024 * 1024), stays: "Unavailable", passes: false },
  { name: "another content type", fault: Fault.contentType("text/html"), stays: "credentials", passes: true },
  { name: "another clock", fault: Fault.skewedClock(600_000), stays: "credentials", passes: true }
]

const meet = (got: Got, fault: Fault.Fault, times: number) =>
  Effect.gen(function* () {
    yield* (yield* Emulator.Emulator).addFault(fault, { times })
    const { outcome } = yield* timed(got, 500)
    const { texts } = yield* watched(Effect.fromResult(outcome))
    for (const [place, text] of Object.entries(texts)) {
      for (const secret of [uriToken, containerToken]) assert.notInclude(text, secret, place)
    }
    return Result.match(outcome, {
      onFailure: (error) => (error instanceof StsCredentialError ? error.reason : error._tag),
      onSuccess: () => "credentials"
    })
  }).pipe(Effect.provide(Emulator.layer), environment({}))

describe.each(Object.entries(sources))("%s", (name, got) => {
  const discovers = name === "instance metadata" || name === "ECS RAM role"
  it.effect.each(rows)("meets $name", ({ fault, passes, stays }) =>
    Effect.gen(function* () {
      // Where nobody has asked for a metadata service, what is none says that there is none.
      const expected = discovers && stays !== "credentials" ? "NotConfigured" : stays
      assert.strictEqual(yield* meet(got, fault, 100), expected)
      assert.strictEqual(yield* meet(got, fault, 1), passes ? "credentials" : expected)
    })
  )
})
