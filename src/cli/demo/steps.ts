/** The demo's steps in their order. */
import { alibabaSteps } from "./alibabaSteps.js"
import { awsSteps } from "./awsSteps.js"
import type { Stage } from "./Stage.js"
import type { Step } from "./Step.js"

/** The steps that make sense on a stage. */
export const stepsFor = (stage: Stage): ReadonlyArray<Step> => [
  ...(stage.alibaba === undefined ? [] : alibabaSteps(stage, stage.alibaba)),
  ...(stage.aws === undefined ? [] : awsSteps(stage, stage.aws))
]
