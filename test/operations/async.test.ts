import { asyncWorlds } from "../support/worlds.js"
import { operationsOf } from "./run.js"

operationsOf(asyncWorlds)
