import { describe } from "@effect/vitest"
import { asyncWorlds } from "../support/worlds.js"
import { faultsOf } from "./run.js"

faultsOf(asyncWorlds, describe.concurrent)
