/**
 * A contender's process: the contender's module, its options and the stub's URL on the command line, slices on demand.
 */
import type { Contender } from "../contenders/contender.js"
import { serve } from "../support/process.js"

export interface Slice {
  readonly concurrency: number
  readonly millis: number
}

export interface Driven {
  readonly callsPerSecond: number
  readonly cpuMicrosPerCall: number
}

const [name = "", options = "{}", endpoint = ""] = process.argv.slice(2)
const { open } = await import(`../contenders/${name}.js`)
const contender: Contender = await open(endpoint, JSON.parse(options))

serve(async ({ concurrency, millis }: Slice): Promise<Driven> => {
  const cpu = process.cpuUsage()
  const from = performance.now()
  const calls = await contender.drive(concurrency, from + millis)
  const seconds = (performance.now() - from) / 1000
  const { system, user } = process.cpuUsage(cpu)
  return { callsPerSecond: calls / seconds, cpuMicrosPerCall: (user + system) / calls }
})
