/** What a step of the demo is. */

import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Option from "effect/Option"
import type { Alibaba, Aws, StsError } from "../../index.js"
import { StageError } from "./Stage.js"

/** Everything that steps may need. */
export type Services =
  | Alibaba.Signer
  | Alibaba.CredentialProvider
  | Aws.Signer
  | Aws.DefaultChain.Services
  | Aws.CredentialProvider
  | HttpClient.HttpClient

/** A step: what it shows, and a program that answers with lines to print. */
export interface Step {
  readonly title: string
  readonly run: Effect.Effect<ReadonlyArray<string>, StsError | StageError, Services>
}

/** Fails the step where it did not do what it says. */
export const expect = (holds: boolean, detail: string): Effect.Effect<void, StageError> =>
  holds ? Effect.void : Effect.fail(new StageError({ detail }))

/** The name of the demo's role sessions. */
export const session = "effect-sts-demo"

/** Temporary credentials, line by line; the secrets print as what they are, redacted. */
export const shown = (
  credentials: Alibaba.TemporaryCredentials | Aws.TemporaryCredentials
): Effect.Effect<ReadonlyArray<string>> => {
  const secrets =
    "securityToken" in credentials
      ? { accessKeySecret: credentials.accessKeySecret, securityToken: credentials.securityToken }
      : { secretAccessKey: credentials.secretAccessKey, sessionToken: credentials.sessionToken }
  return Effect.map(credentials.timeToExpiry, (left) => {
    const seconds = Math.round(Duration.toSeconds(Option.getOrElse(left, () => Duration.zero)))
    return [
      ...Object.entries({ accessKeyId: `${credentials.accessKeyId.slice(0, 8)}…`, ...secrets }),
      [
        "expiration",
        `${DateTime.formatIso(credentials.expiration)}, in ${Duration.format(Duration.seconds(seconds))}`
      ]
    ].map(([name, value]) => `${String(name).padEnd(17)}${String(value)}`)
  })
}

/** Runs a program that blocks, and tells how long it took. */
export const blocking = <A, E>(program: Effect.Effect<A, E>, describe: (result: A) => string): Step["run"] =>
  Effect.try({
    try: () => {
      const before = performance.now()
      const result = Effect.runSync(program)
      return [
        describe(result),
        `returned after ${Math.round(performance.now() - before)} ms, without a promise`
      ]
    },
    catch: (error) => new StageError({ detail: String(error) })
  })
