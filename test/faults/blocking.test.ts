import { describe } from "@effect/vitest"
import { blockingRunners } from "../support/runners.js"
import { faultsOf } from "./run.js"

faultsOf(blockingRunners, describe)
