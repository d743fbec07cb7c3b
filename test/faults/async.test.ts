import { describe } from "@effect/vitest"
import { asyncRunners } from "../support/runners.js"
import { faultsOf } from "./run.js"

faultsOf(asyncRunners, describe.concurrent)
