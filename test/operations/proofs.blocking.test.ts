import { blockingRunners } from "../support/runners.js"
import { proofsOf } from "./proofs.js"

proofsOf(blockingRunners)
