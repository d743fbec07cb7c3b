import { blockingWorlds } from "../support/worlds.js"
import { proofsOf } from "./proofs.js"

proofsOf(blockingWorlds)
