/**
 * A contender's process: the contender's module and its options on the command line, slices of calls on demand. Before
 * anything is measured it has to do the work: to send what is asked for, signed unless it is bare, and to find the access
 * key in the reply.
 */
import { clouds } from "./clouds.mjs"
import { collected, median, serve } from "./process.mjs"

const [module = "", options = "{}"] = process.argv.slice(2)
const { open } = await import(module)
const { cloud, ...rest } = JSON.parse(options)
const opened = new Map()

const prove = async (endpoint) => {
  const { call } = await open(endpoint, { cloud, ...rest })
  const found = await call()
  if (!String(found).includes(clouds[cloud].accessKeyId)) throw new Error("it found no access key")
  return true
}

const contenderAt = async (endpoint) => {
  if (!opened.has(endpoint)) opened.set(endpoint, await open(endpoint, { cloud, ...rest }))
  return opened.get(endpoint)
}

const cpuMillis = (since) => {
  const { system, user } = process.cpuUsage(since)
  return (user + system) / 1000
}

/**
 * So many calls, or so many milliseconds of CPU, of so many at once. On a busy machine a slice by the clock would hold
 * few calls or many, as it happens.
 */
const slice = async ({ calls, concurrency, endpoint, millis }) => {
  const contender = await contenderAt(endpoint)
  let made = 0
  let over = false
  const cpu = process.cpuUsage()
  const from = performance.now()
  const more = () => {
    if (calls !== undefined) over = made >= calls
    else if (made % 16 === 15) over ||= cpuMillis(cpu) >= millis
    if (!over) made++
    return !over
  }
  await contender.drive(concurrency, more)
  const seconds = (performance.now() - from) / 1000
  return { callsPerSecond: made / seconds, cpuMicros: (cpuMillis(cpu) * 1000) / made }
}

/** What calls one after the other allocate, and the fibers they start. */
const allocated = async ({ calls, endpoint, samples }) => {
  const contender = await contenderAt(endpoint)
  const fibersSoFar = contender.fibers ?? (() => 0)
  await slice({ endpoint, concurrency: 1, calls: 4 * calls })
  const drive = async (count) => {
    let made = 0
    const from = fibersSoFar()
    const before = process.memoryUsage().heapUsed
    await contender.drive(1, () => made++ < count)
    return { bytes: process.memoryUsage().heapUsed - before, fibers: fibersSoFar() - from }
  }
  const bytes = []
  const fibers = []
  for (let sample = 0; sample < samples; sample++) {
    await collected()
    // What is not the calls' own is in both.
    const one = await drive(calls)
    const two = await drive(2 * calls)
    bytes.push((two.bytes - one.bytes) / calls)
    fibers.push((two.fibers - one.fibers) / calls)
  }
  return { bytes: median(bytes), ...(contender.fibers && { fibers: median(fibers) }) }
}

serve(async (question) => {
  if (question.prove !== undefined) return prove(question.prove)
  if (question.samples !== undefined) return allocated(question)
  if (question.storm === undefined) return slice(question)
  const { storm } = await contenderAt(question.endpoint)
  // A contender that has its own server counts for itself.
  const own = await storm(question.storm)
  return typeof own === "number" ? own : 0
})
