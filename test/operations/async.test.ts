import { asyncRunners } from "../support/runners.js"
import { operationsOf } from "./run.js"

operationsOf(asyncRunners)
