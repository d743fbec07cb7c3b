/** A real server whose time a test moves: the scripts are told the time, and keys are aged when it has passed. */
import * as Effect from "effect/Effect"
import type { createClient } from "redis"
import type { Step } from "../../../src/layers/redis/connection.js"
import { RedisModel, type Reply } from "../../support/redisModel.js"
import { settle } from "../../support/time.js"

type Client = ReturnType<typeof createClient>

/** Takes ARGV 1 milliseconds from the lives of all keys. */
const age = `for _, key in ipairs(redis.call('KEYS', '*')) do
  local left = redis.call('PTTL', key)
  if left >= 0 then redis.call('PEXPIRE', key, left - tonumber(ARGV[1])) end
end`

/** What refuses writes on a real server. */
const troubles = {
  full: ["maxmemory", "1"],
  "read-only": ["min-replicas-to-write", "1"]
} as const

/** The scripts that tell a refusal as part of their answer. */
const refusing = new Set(["look", "put"])

export class RedisInTime extends RedisModel {
  private moment: number
  private work: Promise<unknown> = Promise.resolve()
  private busy = 0

  constructor(
    now: () => number,
    private readonly client: Client
  ) {
    super(now)
    this.moment = now()
    this.order(async () => {
      await client.sendCommand(["FLUSHALL"])
      await this.trouble("well")
    })
  }

  /** Waits until it has done all that it was told. */
  readonly idle: Effect.Effect<void> = Effect.suspend(() =>
    this.busy === 0
      ? Effect.void
      : Effect.promise(() => this.work).pipe(Effect.andThen(settle), Effect.andThen(this.idle))
  )

  protected override perform(step: Step): Effect.Effect<Reply> {
    return Effect.promise(() => this.order(() => this.evaluate(step)))
  }

  protected override settle(step: Step): void {
    void this.order(() => this.evaluate(step))
  }

  override flush(): void {
    void this.order(async () => {
      await this.client.sendCommand(["FLUSHALL"])
      this.granted = 0
    })
  }

  /** One after the other, in the order in which they were told. */
  private order<A>(task: () => Promise<A>): Promise<A> {
    this.busy++
    const done = this.work.then(task).finally(() => {
      this.busy--
    })
    this.work = done
    return done
  }

  private async trouble(condition: string): Promise<void> {
    for (const [name, [setting, value]] of Object.entries(troubles)) {
      await this.client.sendCommand(["CONFIG", "SET", setting, name === condition ? value : "0"])
    }
  }

  private async evaluate({ keys, script, values }: Step): Promise<Reply> {
    const now = this.now()
    const { condition } = this
    // As in the model, what cannot be written is refused where a lease is granted and an entry taken.
    const isTroubled = (condition === "full" || condition === "read-only") && refusing.has(script.name)
    if (now > this.moment) await this.client.eval(age, { arguments: [String(now - this.moment)] })
    this.moment = now
    const time = `{${Math.floor(now / 1_000)}, ${Math.floor((now % 1_000) * 1_000)}}`
    const lua = script.lua.replace("redis.call('TIME')", time)
    if (isTroubled) await this.trouble(condition)
    const evaluated = this.client.eval(lua, { keys: [...keys], arguments: [...values] })
    const reply = (await evaluated.finally(() =>
      isTroubled ? this.trouble("well") : undefined
    )) as unknown as Reply
    if (script.name === "look" && reply[2] !== "") this.granted = Number(reply[2])
    if (script.name === "put" && reply[1] === 1) {
      this.taken.push({ fence: Number(values[1]), latest: this.granted })
    }
    return reply
  }
}
