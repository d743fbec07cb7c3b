/** The library at work, step by step. */

import process from "node:process"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import { AlibabaNode, AwsNode } from "../../node.js"
import { alibabaSteps } from "./alibabaSteps.js"
import { awsSteps } from "./awsSteps.js"
import * as Stage from "./Stage.js"
import type { Step } from "./Step.js"

/** The steps that make sense on a stage. */
const stepsFor = (stage: Stage.Stage): ReadonlyArray<Step> => [
  ...(stage.alibaba === undefined ? [] : alibabaSteps(stage, stage.alibaba)),
  ...(stage.aws === undefined ? [] : awsSteps(stage, stage.aws))
]

const print = (text: string) => Effect.sync(() => process.stdout.write(`${text}\n`))

const playStep = (step: Step, number: number) =>
  Effect.gen(function* () {
    yield* print(`\n${number}. ${step.title}`)
    for (const line of yield* step.run) yield* print(`   ${line}`)
  })

/**
 * Plays the demo; it succeeds only if every step did what it says.
 *
 * @param live whether on the real service
 */
export const play = (live: boolean) =>
  Effect.gen(function* () {
    const stage = live ? yield* Stage.live : yield* Stage.emulator
    yield* print(`effect-sts at work on ${stage.name}.`)
    const steps = stepsFor(stage)
    yield* Effect.forEach(steps, (step, index) => playStep(step, index + 1), { discard: true }).pipe(
      Effect.provide([AlibabaNode.layer, AwsNode.layer]),
      Effect.provideService(ConfigProvider.ConfigProvider, stage.config)
    )
    yield* print(`\nAll ${steps.length} steps did what they say.`)
  }).pipe(Effect.scoped)
