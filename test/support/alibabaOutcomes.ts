/**
 * What comes of asking Alibaba Cloud's sources, which find certain files, variables and answers.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Alibaba from "../../src/alibaba.js"
import type { Explanation } from "../../src/schemas/Explanation.js"
import type { CredentialSource, SourceError } from "../../src/services/CredentialSource.js"
import { environment, services } from "./alibabaEnvironment.js"
import { files } from "./files.js"
import { type Answer, fault, type Sent, scripted } from "./scripted.js"

/** What a source finds. */
export interface Setup {
  readonly variables?: Readonly<Record<string, string>>
  readonly files?: Parameters<typeof files>[0]
  /** Who answers over HTTP; nobody, where it is left out. */
  readonly answer?: Answer
}

export type Making = Effect.Effect<CredentialSource<Alibaba.Credentials>, never, Alibaba.CliProfile.Services>

export interface Outcome {
  readonly credentials: Alibaba.Credentials | undefined
  readonly error: SourceError | undefined
  readonly sent: ReadonlyArray<Sent>
}

const setUp =
  (setup: Setup, http: ReturnType<typeof scripted>) =>
  <A, E>(effect: Effect.Effect<A, E, Alibaba.CliProfile.Services>): Effect.Effect<A, E> =>
    effect.pipe(
      Effect.provide(services(files(setup.files ?? {}).layer, http.layer)),
      environment(setup.variables)
    )

/** Asks a source once. */
export const asking = (making: Making, setup: Setup = {}): Effect.Effect<Outcome> =>
  Effect.suspend(() => {
    const http = scripted(setup.answer ?? fault("EHOSTUNREACH"))
    return Effect.map(
      Effect.result(setUp(setup, http)(Effect.flatMap(making, ({ get }) => get))),
      (given) => ({
        credentials: Result.getOrUndefined(given),
        error: Result.isFailure(given) ? given.failure : undefined,
        sent: http.sent
      })
    )
  })

/** The parameters of the first request that went to STS. */
export const parametersOf = ({ sent }: Outcome): URLSearchParams =>
  new URLSearchParams(sent.find(({ body }) => body.includes("="))?.body ?? "")

/** The explanation of the default chain there. */
export const explaining = (
  setup: Setup = {},
  options?: Alibaba.DefaultChain.Options
): Effect.Effect<Explanation> =>
  Effect.suspend(() =>
    setUp(setup, scripted(setup.answer ?? fault("EHOSTUNREACH")))(Alibaba.explain(options))
  )
