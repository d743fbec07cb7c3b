import { asyncRunners } from "../support/runners.js"
import { proofsOf } from "./proofs.js"

proofsOf(asyncRunners)
