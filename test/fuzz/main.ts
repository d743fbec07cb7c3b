/**
 * Tries every parser with random inputs and prints what it ran, for as long as it is told:
 *
 *     npm run fuzz -- --count 10000 --seconds 60 --seed 1 --target "AWS reply"
 *
 * `--count` inputs for each target, `--seconds` for all of them together, whichever ends first. A run with the same seed
 * and count tries the same inputs.
 */
import { parseArgs } from "node:util"
import { report } from "./fuzz.js"
import { targets } from "./targets.js"

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "20000" },
    seconds: { type: "string", default: "120" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
    target: { type: "string" }
  }
})

const numberOf = (name: "count" | "seconds" | "seed"): number => {
  const value = Number(values[name])
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} must be a whole number`)
  return value
}

const count = numberOf("count")
const seed = numberOf("seed")
const chosen = targets.filter(({ name }) => values.target === undefined || name === values.target)
if (chosen.length === 0) throw new Error(`no target is called ${values.target}`)

const limit = (numberOf("seconds") * 1000) / chosen.length
console.log(`seed ${seed}, ${count} inputs and ${Math.round(limit)} ms for each of ${chosen.length} targets`)

for (const target of chosen) {
  const { failed, text } = report(target, { count, seed, limit })
  console.log(text)
  if (failed) process.exitCode = 1
}
