import { asyncWorlds } from "../support/worlds.js"
import { proofsOf } from "./proofs.js"

proofsOf(asyncWorlds)
