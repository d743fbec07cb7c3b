/**
 * Shows what a fleet's cache is for: processes that start together, a Redis and an emulator of STS. For each cloud it tells
 * how many sessions were begun, who began them and how long the others waited. `npm run fleet -- [--processes 50]
 * [--kill-holder] [--json]`; it needs `redis-server` on the PATH.
 */
import { parseArgs } from "node:util"
import { buildAll } from "../test/programs.js"
import { clouds, Fleet, killSoon, type Report, withSts } from "../test/support/fleet.js"
import { hasRedis, RedisServer } from "../test/support/redisServer.js"

const { values: options } = parseArgs({
  options: {
    processes: { type: "string", default: "50" },
    "kill-holder": { type: "boolean", default: false },
    json: { type: "boolean", default: false }
  }
})

const processes = Number(options.processes)
if (!Number.isSafeInteger(processes) || processes < 1)
  throw new Error("--processes must be a whole number above 0")
if (!hasRedis) process.exit(1)

const say = (text: string): void => void (options.json || process.stdout.write(`${text}\n`))

const names = { aws: "AWS", alibaba: "Alibaba Cloud" }

const told = (
  cloud: keyof typeof names,
  { assumeRoleCalls, callers, killed, medianMs, outcomes, right, worstMs, ...rest }: Report
) =>
  [
    `${names[cloud]}: ${rest.processes} processes started together and asked for the same role.`,
    `  ${assumeRoleCalls} AssumeRole, by ${callers} of them${killed === 0 ? "" : `; ${killed} killed as it asked`}; ${right} have the right credentials.`,
    `  ${outcomes.hit} found them in Redis, ${outcomes.wait} waited for them, ${outcomes.renewal} renewed them, ${outcomes.lease_lost} lost the lease, ${outcomes.bypass} went on without Redis.`,
    `  Half had them within ${medianMs} ms, the last after ${worstMs} ms.`
  ].join("\n")

say("Building the program of which each process is one ...")
await buildAll()
const redis = await RedisServer.start()
try {
  for (const cloud of clouds) {
    await redis.command("FLUSHALL")
    const report = await withSts(options["kill-holder"] ? 1_000 : 150, async ({ calls, task }) => {
      let killed = false
      // One machine stands for all of them here, and its Redis gets no more of it than each of them.
      const fleet = await Fleet.start(processes, task(redis.url, { timeout: 30_000 }), calls, (node) => {
        if (!options["kill-holder"] || killed) return
        killed = true
        say(`  killing process ${node.child.pid}, which asks for all`)
        void killSoon(node, 500)
      })
      const read = await fleet.read(cloud)
      await fleet.end()
      return read
    })
    if (options.json) {
      const { assumeRoleCalls, killed, right } = report
      const line = { cloud, processes, assumeRoleCalls, right, ...(killed === 0 ? {} : { killed }) }
      process.stdout.write(`${JSON.stringify(line)}\n`)
    } else say(told(cloud, report))
  }
} finally {
  await redis.remove()
}
process.exit(0)
