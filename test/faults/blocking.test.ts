import { describe } from "@effect/vitest"
import { blockingWorlds } from "../support/worlds.js"
import { faultsOf } from "./run.js"

faultsOf(blockingWorlds, describe)
