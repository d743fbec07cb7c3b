/**
 * What others do with the credentials of a role, and what this package does without Redis: each of them keeps them for a
 * process or in a file of the machine, and asks STS when its own rule says so.
 *
 * Sources: botocore 1.43 (`credentials.py`: `RefreshableCredentials`, `CachedCredentialFetcher`), @smithy/core of the AWS
 * SDK for JavaScript 3.11 (`EXPIRATION_MS`), @alicloud/credentials 2.4 (`providers/session.js`: `STALE_TIME`).
 */
import * as DateTime from "effect/DateTime"
import { dueAt } from "../../src/layers/cache/entryFile.js"
import { backoff, between, keep } from "../../src/services/RefreshSchedule.js"
import type { Contender, Member, Process, Read, World } from "./Day.js"
import { life } from "./Sts.js"

interface Kept {
  readonly endsAt: number
  readonly dueAt: number
}

interface Store {
  kept?: Kept
  /** Who waits for what another process is getting. */
  waiting?: Array<() => void>
}

interface Rules {
  /** When a process asks for newer ones than it has. */
  readonly due: (endsAt: number, now: number, random: number) => number
  /** How long it leaves STS alone that is down, in milliseconds. Where left out the next read asks again. */
  readonly rest?: (random: number) => number
  /** The file that processes of a machine share. */
  readonly file?: {
    readonly due: (endsAt: number) => number
    /** Whether one process asks for all, rather than each that finds it due. */
    readonly locked: boolean
  }
}

const minute = 60_000

const early =
  (minutes: number) =>
  (endsAt: number): number =>
    endsAt - minutes * minute

/** What a `Refreshing` does. */
const refreshing: Rules = {
  due: (endsAt, now, random) =>
    keep({ accessKeyId: "", expiration: DateTime.makeUnsafe(endsAt) }, now, undefined, random).refreshAt,
  rest: (random) => between(backoff, random)
}

class PeerMember implements Member {
  private own: Kept | undefined

  constructor(
    private readonly world: World,
    private readonly process: Process,
    private readonly role: number,
    private readonly rules: Rules,
    private readonly store: Store
  ) {}

  readonly read = (done: (read: Read) => void): void => {
    const { kept, waiting } = this.store
    if (kept !== undefined && this.world.time.now < kept.dueAt) done(this.take(kept))
    else if (this.rules.file?.locked === true && waiting !== undefined) this.wait(waiting, done)
    else this.ask(done)
  }

  /** While what it has is good a process waits for no other. */
  private wait(waiting: Array<() => void>, done: (read: Read) => void): void {
    const { own, world } = this
    if (own !== undefined && world.time.now < own.endsAt - minute) done(this.stay(own))
    else waiting.push(() => this.read(done))
  }

  private ask(done: (read: Read) => void): void {
    const { process, role, rules, store, world } = this
    const others: Array<() => void> = []
    store.waiting = others
    const release = () => {
      if (store.waiting === others) delete store.waiting
      for (const other of others) other()
    }
    // The system gives back the lock of who died.
    const watch = () => {
      if (store.waiting !== others) return
      if (process.isAlive) world.time.after(1_000, watch)
      else release()
    }
    if (rules.file?.locked === true) world.time.after(1_000, watch)
    world.assume(process, role, (given) => {
      const isGiven = typeof given === "number"
      if (isGiven) {
        store.kept = { endsAt: given, dueAt: (rules.file?.due ?? this.due)(given) }
        done(this.take(store.kept))
      } else {
        const best = this.own ?? store.kept
        const rest = given === "Unavailable" ? rules.rest?.(world.random()) : undefined
        done(best !== undefined && best.endsAt > world.time.now ? this.stay(best, rest) : this.nothing)
      }
      release()
    })
  }

  private readonly due = (endsAt: number): number =>
    this.rules.due(endsAt, this.world.time.now, this.world.random())

  private take(kept: Kept): Read {
    this.own = {
      endsAt: kept.endsAt,
      dueAt: this.rules.file === undefined ? kept.dueAt : this.due(kept.endsAt)
    }
    return { endsAt: this.own.endsAt, quietUntil: this.own.dueAt }
  }

  private stay({ endsAt }: Kept, rest = 0): Read {
    return { endsAt, quietUntil: this.world.time.now + rest }
  }

  private get nothing(): Read {
    return { endsAt: undefined, quietUntil: this.world.time.now }
  }
}

const peer = (name: string, rules: Rules): Contender => ({
  name,
  fleet: (world) => {
    const files = new Map<number, Store>()
    return {
      member: (process, role) => {
        const place = process.machine * world.roles + role
        const store = (rules.file === undefined ? undefined : files.get(place)) ?? {}
        files.set(place, store)
        return new PeerMember(world, process, role, rules, store)
      }
    }
  }
})

export const peers: ReadonlyArray<Contender> = [
  peer("AWS SDK for JavaScript, in each process", { due: early(5) }),
  peer("boto3 and @alicloud/credentials, in each process", { due: early(15) }),
  peer("AWS CLI, a file on each machine", { due: early(15), file: { due: early(15), locked: false } }),
  peer("effect-sts, Refreshing in each process", refreshing),
  peer("effect-sts, FileCache on each machine", {
    ...refreshing,
    file: { due: (endsAt) => dueAt(endsAt, life), locked: true }
  })
]
