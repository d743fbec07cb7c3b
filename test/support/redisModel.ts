/**
 * A model of Redis and of the fleet's scripts: the same steps on keys in memory, by a clock that a test moves.
 * `test/layers/redis/scripts.test.ts` holds it equal to the scripts on a real server.
 */
import * as Effect from "effect/Effect"
import type { Outcome, Step } from "../../src/layers/redis/connection.js"
import type { Engine } from "../../src/layers/redis/Engine.js"

interface Stored {
  readonly value: string
  readonly until: number
}

export type Reply = ReadonlyArray<string | number>

const head = /^\d+ (\d+) (\d+) \d+ (\S+) /

const day = 86_400_000

/** How it is with the server. A silent one carries out later what it was told. */
export type Condition = "well" | "away" | "silent" | "read-only" | "full"

/** What was asked of the source and by which lease, as the fences tell it. */
export interface Taken {
  readonly fence: number
  readonly latest: number
}

export class RedisModel {
  keys = new Map<string, Stored>()
  condition: Condition = "well"
  /** How many steps were run, by their names. */
  readonly steps = new Map<string, number>()
  /** Every entry that was taken, with the fence that was the latest one granted. */
  readonly taken: Array<Taken> = []
  protected granted = 0
  private waiting: Array<Step> = []

  /** What carries out a step; the model itself unless it is told otherwise. */
  protected perform(step: Step): Effect.Effect<Reply> {
    return Effect.sync(() => this.execute(step))
  }

  /** Carries out a step for nobody. */
  protected settle(step: Step): void {
    this.execute(step)
  }

  /** By the server's clock, in milliseconds. */
  constructor(
    protected readonly now: () => number,
    private readonly latency = 1,
    private readonly limit = 250
  ) {}

  readonly engine: Engine = {
    run: (step) => Effect.suspend(() => this.run(step)),
    listen: () => Effect.succeed({ wait: (millis) => Effect.sleep(millis), stop: Effect.void })
  }

  private run(step: Step): Effect.Effect<Outcome> {
    if (this.condition === "away") return Effect.succeed({ _tag: "Away", why: "ECONNREFUSED" })
    if (this.condition === "silent") {
      this.waiting.push(step)
      return Effect.as(Effect.sleep(this.limit), { _tag: "Away", why: "no answer" })
    }
    // Like a real one it has done it though the reply may be lost on an interrupted fiber.
    const answer = Effect.uninterruptible(this.perform(step)).pipe(
      Effect.flatMap((reply) => Effect.as(Effect.sleep(this.latency), { _tag: "Done", reply } as const))
    )
    return Effect.onInterrupt(answer, () => Effect.sync(() => this.undo(step)))
  }

  /** It answers again, and carries out what nobody waits for any more. */
  wake(): void {
    this.condition = "well"
    for (const step of this.waiting.splice(0)) {
      this.settle(step)
      this.undo(step)
    }
  }

  /** Who was granted a lease before is forgotten with it: until the next look there is nobody to come before. */
  flush(): void {
    this.keys.clear()
    this.granted = 0
  }

  private undo({ undo }: Step): void {
    if (undo !== undefined) this.settle(undo)
  }

  value(key: string | undefined): string {
    const stored = this.keys.get(key ?? "")
    return stored === undefined || stored.until <= this.now() ? "" : stored.value
  }

  private set(key: string | undefined, value: string, life: number): void {
    this.keys.set(key ?? "", { value, until: this.now() + life })
  }

  private get refusal(): string | undefined {
    if (this.condition === "read-only") return "READONLY You can't write against a read only replica."
    return this.condition === "full" ? "OOM command not allowed" : undefined
  }

  /** Runs a step as the server would. */
  execute({ keys, script, values }: Step): Reply {
    const [one = "", two = "", three = "", four = ""] = values
    const [entryKey, leaseKey, fenceKey] = keys
    const now = this.now()
    this.steps.set(script.name, (this.steps.get(script.name) ?? 0) + 1)
    switch (script.name) {
      case "look": {
        const entry = this.value(entryKey)
        const [, , due, id] = head.exec(entry) ?? []
        const serves = due !== undefined && id !== three
        if (serves && now < Number(due)) return [now, entry, "", 0, "fresh"]
        const holder = this.value(leaseKey)
        const lasts = (this.keys.get(leaseKey ?? "")?.until ?? 0) - now
        const [, code, soon] = /^(!\S+) (\d+)$/.exec(holder) ?? []
        if (holder !== "" && holder !== one && code === undefined) return [now, entry, "", lasts, "held"]
        const rest = serves ? lasts : Number(soon) - now
        if (code !== undefined && rest > 0) return [now, entry, "", rest, code]
        const { refusal } = this
        if (refusal !== undefined) return [now, entry, "", 0, refusal]
        const fence = Math.max(Number(this.value(fenceKey)) + 1, Math.floor(now * 1_000))
        this.set(fenceKey, String(fence), day)
        this.set(leaseKey, one, Number(two))
        this.granted = fence
        return [now, entry, String(fence), Number(two), "granted"]
      }
      case "extend": {
        if (this.value(leaseKey) !== one) return [0]
        this.set(leaseKey, one, Number(two))
        return [1]
      }
      case "put": {
        const latest = Number(this.value(fenceKey))
        if (this.value(leaseKey) === one) this.keys.delete(leaseKey ?? "")
        const life = Number(three) - now
        if (Number(two) < latest || life <= 0) return [now, 0, this.value(entryKey)]
        const { refusal } = this
        if (refusal !== undefined) return [now, -1, refusal]
        this.taken.push({ fence: Number(two), latest: this.granted })
        this.set(entryKey, four, life)
        this.set(fenceKey, two, day)
        return [now, 1, ""]
      }
      case "fail": {
        if (this.value(leaseKey) !== one) return [0]
        this.set(leaseKey, `!${two} ${Math.floor(now + Number(three))}`, Number(four))
        return [1]
      }
      case "release": {
        if (this.value(leaseKey) !== one) return [0]
        this.keys.delete(leaseKey ?? "")
        return [1]
      }
      case "invalidate": {
        const [, , , id] = head.exec(this.value(entryKey)) ?? []
        return [id === one && this.keys.delete(entryKey ?? "") ? 1 : 0]
      }
      case "reserve": {
        const micros = now * 1_000
        const every = Number(one)
        const place = Math.max(Number(this.value(entryKey)), micros)
        const wait = Math.max(0, place - micros - every * (Number(two) - 1))
        if (wait > Number(three) * 1_000) return [-1]
        this.set(entryKey, String(place + every), Math.ceil((place + every - micros) / 1_000) + 1_000)
        return [Math.ceil(wait / 1_000)]
      }
      default:
        throw new Error(`no script ${script.name}`)
    }
  }
}
