/**
 * A contender's process: the contender's module and its options on the command line, slices on demand.
 */
import type { Contender, Open } from "../contenders/contender.js"
import { serve } from "../support/process.js"

export interface Slice {
  readonly endpoint: string
  readonly concurrency: number
  readonly millis: number
}

export interface Driven {
  readonly callsPerSecond: number
  readonly cpuMicrosPerCall: number
}

const [name = "", options = "{}"] = process.argv.slice(2)
const { open }: { readonly open: Open<unknown> } = await import(`../contenders/${name}.js`)
const opened = new Map<string, Contender>()

const contenderAt = async (endpoint: string): Promise<Contender> => {
  const known = opened.get(endpoint)
  if (known !== undefined) return known
  const contender = await open(endpoint, JSON.parse(options))
  opened.set(endpoint, contender)
  return contender
}

serve(async ({ concurrency, endpoint, millis }: Slice): Promise<Driven> => {
  const contender = await contenderAt(endpoint)
  const cpu = process.cpuUsage()
  const from = performance.now()
  const calls = await contender.drive(concurrency, from + millis)
  const seconds = (performance.now() - from) / 1000
  const { system, user } = process.cpuUsage(cpu)
  return { callsPerSecond: calls / seconds, cpuMicrosPerCall: (user + system) / calls }
})
