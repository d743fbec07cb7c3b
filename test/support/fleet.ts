/** A fleet of processes that share credentials through Redis, and an emulator that counts what they ask of STS. */
import { type ChildProcess, spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { setTimeout as sleep } from "node:timers/promises"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Cloud } from "../../src/schemas/StsError.js"
import { AlibabaSeed, AwsSeed, Emulator, EmulatorServer, Fault } from "../../src/testing.js"
import type { FleetTask, FleetWord } from "./fleetProcess.js"
import { program } from "./program.js"

type Seen = Exclude<FleetWord, { readonly asking: true }>

/** One of them. */
class Node {
  asked = 0
  alive = true
  seen: Seen | undefined
  readonly ready: Promise<void>
  private finish = () => {}

  constructor(
    readonly child: ChildProcess,
    onAsk: (node: Node) => void
  ) {
    const { stdout } = child
    if (stdout === null) throw new Error("no output to read")
    this.ready = new Promise((resolve) => {
      createInterface({ input: stdout }).on("line", (line) => {
        if (line === "ready") return resolve()
        const word: FleetWord = JSON.parse(line)
        if ("asking" in word) {
          this.asked++
          onAsk(this)
        } else {
          this.seen = word
          this.finish()
        }
      })
      child.once("exit", () => {
        this.alive = false
        this.finish()
        resolve()
      })
    })
  }

  read(cloud: Cloud): Promise<void> {
    if (!this.alive) return Promise.resolve()
    this.seen = undefined
    return new Promise((resolve) => {
      this.finish = resolve
      this.child.stdin?.write(`${cloud}\n`)
    })
  }
}

/** What all that are left have seen. */
export interface Report {
  readonly processes: number
  readonly assumeRoleCalls: number
  /** Processes that got credentials which had not ended. */
  readonly right: number
  readonly killed: number
  readonly ids: number
  readonly callers: number
  /** What came of all reads, as the metrics of those that are left tell. */
  readonly outcomes: Seen["outcomes"]
  readonly worstMs: number
  readonly medianMs: number
}

/** A fleet that is up and waits. */
export class Fleet {
  private constructor(
    readonly nodes: ReadonlyArray<Node>,
    private readonly calls: () => number
  ) {}

  static async start(
    size: number,
    task: FleetTask,
    calls: () => number,
    onAsk: (node: Node) => void = () => {}
  ): Promise<Fleet> {
    const file = program("test/support/fleetProcess.ts")
    const nodes: Array<Node> = []
    // A few at once: it is what they do together that counts, not how they load their programs.
    while (nodes.length < size) {
      const few = Array.from({ length: Math.min(4, size - nodes.length) }, () => {
        const child = spawn(process.execPath, [file, JSON.stringify(task)], {
          stdio: ["pipe", "pipe", "inherit"]
        })
        return new Node(child, onAsk)
      })
      await Promise.all(few.map(({ ready }) => ready))
      nodes.push(...few)
    }
    return new Fleet(nodes, calls)
  }

  /** All of them read at once. */
  async read(cloud: Cloud): Promise<Report> {
    for (const node of this.nodes) node.asked = 0
    await Promise.all(this.nodes.map((node) => node.read(cloud)))
    const seen = this.nodes.flatMap((node) => node.seen ?? [])
    const right = seen.flatMap(({ accessKeyId }) => accessKeyId ?? [])
    const times = seen.map(({ took }) => took).sort((a, b) => a - b)
    const total = (of: (one: Seen) => number) => seen.reduce((sum, one) => sum + of(one), 0)
    return {
      processes: this.nodes.length,
      assumeRoleCalls: this.calls(),
      right: right.length,
      killed: this.nodes.filter(({ alive }) => !alive).length,
      ids: new Set(right).size,
      callers: this.nodes.filter(({ asked }) => asked > 0).length,
      outcomes: {
        hit: total(({ outcomes }) => outcomes.hit),
        wait: total(({ outcomes }) => outcomes.wait),
        renewal: total(({ outcomes }) => outcomes.renewal),
        lease_lost: total(({ outcomes }) => outcomes.lease_lost),
        bypass: total(({ outcomes }) => outcomes.bypass)
      },
      worstMs: Math.round(times.at(-1) ?? 0),
      medianMs: Math.round(times[times.length >> 1] ?? 0)
    }
  }

  async end(): Promise<void> {
    await Promise.all(
      this.nodes
        .filter(({ alive }) => alive)
        .map(
          ({ child }) =>
            new Promise((resolve) => {
              child.once("exit", resolve)
              child.kill("SIGCONT")
              child.kill("SIGKILL")
            })
        )
    )
  }
}

export const clouds = ["aws", "alibaba"] as const

/** STS in this process: how many sessions of a role were begun, and how long each takes. */
export interface Sts {
  readonly calls: () => number
  readonly reset: () => void
  readonly task: (redis: string, more?: Partial<FleetTask>) => FleetTask
}

/** Serves an emulator while something runs. Each of its answers takes a while, as STS's do. */
export const withSts = <A>(millis: number, use: (sts: Sts) => Promise<A>): Promise<A> =>
  Effect.gen(function* () {
    const emulator = yield* Emulator.Emulator
    const { endpoint } = yield* EmulatorServer.EmulatorServer
    yield* emulator.addFault(Fault.latency(millis), { times: 100_000 })
    let counted = 0
    let before = 0
    const count = Effect.map(emulator.requests, (all) => {
      counted = all.filter(({ operation }) => operation === "AssumeRole").length
      return counted
    })
    const calls = () => Effect.runSync(count) - before
    const { accessKeyId: awsId, secretAccessKey } = AwsSeed.keys.user
    const { accessKeyId: alibabaId, accessKeySecret } = AlibabaSeed.keys.user
    const sts: Sts = {
      calls,
      reset: () => {
        before += calls()
      },
      task: (redis, more) => ({
        endpoint,
        redis,
        roles: {
          aws: { arn: AwsSeed.arns.role, id: awsId, secret: Redacted.value(secretAccessKey) },
          alibaba: { arn: AlibabaSeed.arns.role, id: alibabaId, secret: Redacted.value(accessKeySecret) }
        },
        ...more
      })
    }
    return yield* Effect.promise(() => use(sts))
  }).pipe(Effect.provide(EmulatorServer.layer), Effect.runPromise)

/** Kills a node at a random moment of its call. */
export const killSoon = async ({ child }: Node, within: number): Promise<void> => {
  await sleep(Math.random() * within)
  child.kill("SIGKILL")
}
