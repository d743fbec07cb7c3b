/**
 * The credential refresh behaviour that AWS's SDKs agreed on, step by step, by a test's clock.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as TestClock from "effect/testing/TestClock"
import { Credentials } from "../../../src/schemas/aws/Credentials.js"
import { StsCredentialError } from "../../../src/schemas/StsError.js"
import type { SourceError } from "../../../src/services/CredentialSource.js"
import * as Refreshing from "../../../src/services/Refreshing.js"
import { drawing } from "../../support/majors.js"
import { readJson, type Suite } from "../Suite.js"

type Stage = "none" | "valid" | "advisory" | "mandatory" | "expired"

interface Expected {
  readonly result: "cachedCredentials" | "newCredentials" | "noCredentialsError" | "nonRecoverableError"
  readonly sourceContacted: boolean
  readonly rateLimited: boolean
  readonly advisoryWindowSeconds?: number
}

type Step =
  | { readonly type: "advanceTime"; readonly seconds: number }
  | { readonly type: "invalidate"; readonly rejectedAccessKeyId: string }
  | {
      readonly type: "getCredentials"
      readonly response?: "freshCredentials" | "staleCredentials" | "error" | "nonRecoverableError"
      readonly lifetimeSeconds?: number
      readonly expected: Expected
    }

interface Vector {
  readonly documentation: string
  readonly given: {
    readonly cachedCredentials: Stage
    readonly accessKeyId?: string
    readonly configuredAdvisoryWindowSeconds?: number
    readonly refreshBackoffSeconds?: number
  }
  readonly steps: ReadonlyArray<Step>
}

const lifetime = 3_600

/** Seconds after credentials of an hour were got. */
const ages: Readonly<Record<Exclude<Stage, "none">, number>> = {
  valid: 0,
  advisory: 2_700,
  mandatory: 3_540,
  expired: 3_601
}

/** The share of the longest backoff's spread that makes it as long as the vector wants. */
const randomOf = (backoffSeconds = 420): number => (backoffSeconds - 300) / 300

const failure = (reason: "Unavailable" | "Refused") =>
  new StsCredentialError({ cloud: "aws", source: "scripted", reason, detail: "it was told to fail" })

const secretAccessKey = Redacted.make("secret")

/** A source that does as it is told, and counts. */
class Scripted {
  contacts = 0
  private issued = 0
  next: { readonly response: string | undefined; readonly lifetime: number; readonly id?: string } = {
    response: undefined,
    lifetime
  }

  readonly get: Effect.Effect<Credentials, SourceError> = Effect.flatMap(DateTime.now, (now) => {
    this.contacts++
    const { id = `AKID-NEW-${++this.issued}`, lifetime: seconds, response } = this.next
    if (response === "error") return Effect.fail(failure("Unavailable"))
    if (response === "nonRecoverableError") return Effect.fail(failure("Refused"))
    ok(response !== undefined, "the source was asked without need")
    const expiration = response === "staleCredentials" ? now : DateTime.add(now, { seconds })
    return Effect.succeed(new Credentials({ accessKeyId: id, secretAccessKey, expiration }))
  })
}

const resultOf = (outcome: Result.Result<Credentials, SourceError>, before: string | undefined) => {
  if (Result.isSuccess(outcome)) {
    return outcome.success.accessKeyId === before ? "cachedCredentials" : "newCredentials"
  }
  const { failure: left } = outcome
  return left instanceof StsCredentialError && left.reason === "Unavailable"
    ? "noCredentialsError"
    : "nonRecoverableError"
}

const check = ({ given, steps }: Vector) =>
  Effect.gen(function* () {
    const source = new Scripted()
    const seconds = given.configuredAdvisoryWindowSeconds
    const kept = Refreshing.make(
      "aws",
      { name: "scripted", get: source.get },
      { advisoryWindow: seconds === undefined ? undefined : seconds * 1_000 }
    )
    if (given.cachedCredentials !== "none") {
      source.next = { response: "freshCredentials", lifetime, id: given.accessKeyId ?? "AKID-SEED" }
      yield* kept.get
      yield* TestClock.adjust(ages[given.cachedCredentials] * 1_000)
    }
    for (const step of steps) {
      if (step.type === "advanceTime") yield* TestClock.adjust(step.seconds * 1_000)
      else if (step.type === "invalidate") yield* kept.invalidate(step.rejectedAccessKeyId)
      else {
        const { expected } = step
        const before = yield* kept.status
        source.contacts = 0
        source.next = { response: step.response, lifetime: step.lifetimeSeconds ?? lifetime }
        const outcome = yield* Effect.result(kept.get)
        const after = yield* kept.status
        deepStrictEqual(
          {
            result: resultOf(outcome, before?.accessKeyId),
            sourceContacted: source.contacts > 0,
            rateLimited: source.contacts === 0 && before?.retryAt !== undefined
          },
          {
            result: expected.result,
            sourceContacted: expected.sourceContacted,
            rateLimited: expected.rateLimited
          }
        )
        if (expected.advisoryWindowSeconds !== undefined) {
          strictEqual(after?.advisoryWindow, expected.advisoryWindowSeconds * 1_000)
        }
      }
    }
  }).pipe(drawing(randomOf(given.refreshBackoffSeconds)), Effect.provide(TestClock.layer()))

export const refresh: Suite = {
  name: "aws/refresh.json",
  cases: (path) =>
    readJson<ReadonlyArray<Vector>>(path).map((vector) => ({
      name: vector.documentation,
      check: check(vector)
    }))
}
