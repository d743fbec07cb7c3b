import { blockingRunners } from "../support/runners.js"
import { operationsOf } from "./run.js"

// Each row is signed in both ways by itself.
operationsOf(blockingRunners.slice(0, 1))
