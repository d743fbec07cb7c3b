/**
 * A day of a fleet: processes that start, read their roles' credentials, die and are rolled out anew, while STS and Redis
 * fail at times. What keeps the credentials is the contender's; everything else is the same for all.
 */
import { type Answer, Sts } from "./Sts.js"
import { seeded, VirtualTime } from "./VirtualTime.js"

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** How often a process reads a role's credentials on average, at random. */
export const readEvery = 15 * second
/** So many nodes, of one process each, stand on one machine and have its files in common. */
export const nodesOnMachine = 4

interface Span {
  readonly from: number
  readonly to: number
}

/** What happens in the day, in milliseconds from its begin. */
export interface Plan {
  /** All start at random within this. */
  readonly start: number
  /** Each hour this part of all processes is killed; each starts anew in a minute. */
  readonly killedEachHour: number
  /** Of each role the process that asks STS next is killed before it has the answer. */
  readonly askerKilled: number
  /** All are killed and start anew, at random within this: after it, what they keep ends at different times. */
  readonly rollout: Span
  readonly stsDown: Span
  readonly redisAway: Span
  readonly redisEmptied: number
  readonly redisSilent: Span
  readonly end: number
}

export const plan: Plan = {
  start: minute,
  killedEachHour: 0.01,
  askerKilled: 3 * hour,
  rollout: { from: 5 * hour, to: 6 * hour },
  stsDown: { from: 8 * hour, to: 8 * hour + 10 * minute },
  redisAway: { from: 12 * hour, to: 12.5 * hour },
  redisEmptied: 15 * hour,
  redisSilent: { from: 18 * hour, to: 18 * hour + minute },
  end: 24 * hour
}

/** What came of a read. */
export interface Read {
  /** When the credentials end that were given; nothing where none were. */
  readonly endsAt: number | undefined
  /** Until then a read asks nobody. */
  readonly quietUntil: number
}

/** What one process keeps of one role. */
export interface Member {
  readonly read: (done: (read: Read) => void) => void
}

/** A process. */
export interface Process {
  readonly node: number
  readonly machine: number
  isAlive: boolean
}

/** Everything that a contender lives in. */
export interface World {
  readonly time: VirtualTime
  readonly random: () => number
  readonly roles: number
  /** Calls STS for a process; a dead one never hears of it. */
  readonly assume: (process: Process, role: number, answer: (given: Answer) => void) => void
}

/** Redis, where a contender has one. */
export interface RedisLoad {
  readonly become: (condition: "well" | "away" | "silent") => void
  readonly flush: () => void
  /** Steps that it was asked for, and the most of them in one second. */
  readonly steps: number
  readonly most: number
}

export interface Fleet {
  readonly member: (process: Process, role: number) => Member
  readonly redis?: RedisLoad
}

export interface Contender {
  readonly name: string
  readonly fleet: (world: World) => Fleet
}

export interface Figures {
  readonly calls: number
  readonly throttled: number
  readonly mostCalls: number
  /** Of the calls, those while Redis was away or silent, and for a minute after that: it is not tried at once again. */
  readonly callsWithoutRedis: number
  /** Reads that gave nothing, and reads that gave what had ended. */
  readonly failed: number
  readonly ended: number
  /** The longest a process had to wait for one read, and for the first credentials of its life, in milliseconds. */
  readonly longestRead: number
  readonly longestStart: number
  readonly steps: number
  readonly mostSteps: number
}

/** The day of so many nodes that use so many roles each. */
export const day = (
  contender: Contender,
  nodes: number,
  roles: number,
  seed: number,
  happens = plan
): Figures => {
  const random = seeded(seed)
  const time = new VirtualTime(1_767_225_600_000)
  const begin = time.now
  const sts = new Sts(time, random)
  const figures = { callsWithoutRedis: 0, failed: 0, ended: 0, longestRead: 0, longestStart: 0 }
  const killed = new Set<number>()

  const assume: World["assume"] = (process, role, answer) => {
    sts.assume((given) => {
      if (process.isAlive) answer(given)
    })
    if (time.now - begin >= happens.askerKilled && !killed.has(role)) {
      killed.add(role)
      time.after(75, () => restart(process.node, minute))
    }
  }
  const { member, redis } = contender.fleet({ time, random, roles, assume })

  const use = (process: Process, role: number): void => {
    const kept = member(process, role)
    const born = time.now
    let hasRead = false
    const read = (): void => {
      if (!process.isAlive) return
      const asked = time.now
      kept.read(({ endsAt, quietUntil }) => {
        if (!process.isAlive) return
        const { now } = time
        figures.longestRead = Math.max(figures.longestRead, now - asked)
        if (endsAt === undefined) figures.failed++
        else {
          if (endsAt <= now) figures.ended++
          if (!hasRead) figures.longestStart = Math.max(figures.longestStart, now - born)
          hasRead = true
        }
        // Reads come at random moments, so the first one after a time is as far from it as from any other.
        time.after(Math.max(0, quietUntil - now) - readEvery * Math.log(1 - random()), read)
      })
    }
    read()
  }

  const processes: Array<Process> = []
  const start = (node: number): void => {
    const process = { node, machine: Math.floor(node / nodesOnMachine), isAlive: true }
    processes[node] = process
    for (let role = 0; role < roles; role++) use(process, role)
  }
  const restart = (node: number, within: number): void => {
    const process = processes[node]
    if (process?.isAlive !== true) return
    process.isAlive = false
    time.after(random() * within, () => start(node))
  }
  const each = (run: (node: number) => void): void => {
    for (let node = 0; node < nodes; node++) run(node)
  }
  const at = (millis: number, run: () => void) => time.after(begin + millis - time.now, run)
  const withoutRedisFor = (condition: "away" | "silent", { from, to }: Span) => {
    let before = 0
    at(from, () => {
      before = sts.calls
      redis?.become(condition)
    })
    at(to, () => redis?.become("well"))
    at(to + minute, () => {
      figures.callsWithoutRedis += sts.calls - before
    })
  }

  each((node) => time.after(random() * happens.start, () => start(node)))
  for (let from = hour; from < happens.end; from += hour) {
    each((node) => {
      if (random() < happens.killedEachHour) at(from + random() * hour, () => restart(node, minute))
    })
  }
  at(happens.stsDown.from, () => {
    sts.isDown = true
  })
  at(happens.stsDown.to, () => {
    sts.isDown = false
  })
  each((node) =>
    at(happens.rollout.from + random() * (happens.rollout.to - happens.rollout.from), () =>
      restart(node, 5 * second)
    )
  )
  withoutRedisFor("away", happens.redisAway)
  at(happens.redisEmptied, () => redis?.flush())
  withoutRedisFor("silent", happens.redisSilent)
  time.pass(happens.end)

  return {
    ...figures,
    calls: sts.calls,
    throttled: sts.throttled,
    mostCalls: sts.most,
    steps: redis?.steps ?? 0,
    mostSteps: redis?.most ?? 0
  }
}
