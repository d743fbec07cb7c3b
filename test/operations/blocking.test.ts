import { blockingWorlds } from "../support/worlds.js"
import { operationsOf } from "./run.js"

// Each row is signed in both ways by itself.
operationsOf(blockingWorlds.slice(0, 1))
