/** `demo`: the library at work, step by step. */

import process from "node:process"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import { AlibabaNode, AwsNode } from "../node.js"
import { alibabaSteps } from "./demo/alibabaSteps.js"
import { awsSteps } from "./demo/awsSteps.js"
import * as Stage from "./demo/Stage.js"
import type { Step } from "./demo/Step.js"

/** The steps that make sense on a stage. */
const stepsFor = (stage: Stage.Stage): ReadonlyArray<Step> => [
  ...(stage.alibaba === undefined ? [] : alibabaSteps(stage, stage.alibaba)),
  ...(stage.aws === undefined ? [] : awsSteps(stage, stage.aws))
]

const usage = `Usage: npm run demo [-- --live]

  --live  use the real service with the ALIBABA_CLOUD_* and AWS_* variables of the environment
`

const print = (text: string) => Effect.sync(() => process.stdout.write(`${text}\n`))

const play = (step: Step, number: number) =>
  Effect.gen(function* () {
    yield* print(`\n${number}. ${step.title}`)
    for (const line of yield* step.run) yield* print(`   ${line}`)
  })

const demo = (live: boolean) =>
  Effect.gen(function* () {
    const stage = live ? yield* Stage.live : yield* Stage.emulator
    yield* print(`effect-sts at work on ${stage.name}.`)
    const steps = stepsFor(stage)
    yield* Effect.forEach(steps, (step, index) => play(step, index + 1), { discard: true }).pipe(
      Effect.provide([AlibabaNode.layer, AwsNode.layer]),
      Effect.provideService(ConfigProvider.ConfigProvider, stage.config)
    )
    yield* print(`\nAll ${steps.length} steps did what they say.`)
  }).pipe(Effect.scoped)

/** Plays the demo; the code is 0 only if every step did what it says. */
export const run = (args: ReadonlyArray<string>): Promise<number> => {
  const [only] = args
  if (args.length > 1 || (only !== undefined && only !== "--live")) {
    process.stderr.write(usage)
    return Promise.resolve(2)
  }
  return Effect.runPromise(
    demo(only === "--live").pipe(
      Effect.as(0),
      Effect.catch((error) =>
        Effect.sync(() => {
          process.stderr.write(`\nThis did not work: ${error.message}\n`)
          return 1
        })
      )
    )
  )
}
