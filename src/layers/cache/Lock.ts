/**
 * A lock between processes that share a folder.
 *
 * A lock is a file that says who holds it. It is written beside its place and linked there, which succeeds for one
 * process only and never leaves a part of a file. Where its holder is gone, nothing is taken away: its successor is the
 * one process that links a file whose name is made of the holder's id. So two that find the same holder dead never both
 * succeed it, a successor that dies has a successor of its own, and whoever holds the end of that line removes it,
 * beginning with the lock itself. Who found its place in a line that was removed meanwhile sees that and gives way.
 *
 * A holder that lives and is taken for dead costs a second call of whatever the lock is for, and nothing else.
 */
import { createHash, randomBytes } from "node:crypto"
import { hostname } from "node:os"
import { basename, dirname, join } from "node:path"
import { threadId } from "node:worker_threads"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Result from "effect/Result"
import * as Json from "../../protocol/json.js"
import { type Fault, faultOf, readRegular } from "../PrivateFile.js"
import { globalValue, reasonOf } from "../platform.js"

/** Who holds a lock, and since when, in milliseconds since 1970. */
interface Holder {
  /** 32 hexadecimal digits that no other holder ever has. */
  readonly id: string
  readonly pid: number
  /** The thread within the process. */
  readonly thread: number
  readonly host: string
  readonly at: number
}

/** A holder as its file has it. */
const encode = (holder: Holder): string => `${JSON.stringify(holder)}\n`

const wellFormed = /^[0-9a-f]{32}$/

const isCount = (value: number | undefined, least: number): value is number =>
  value !== undefined && Number.isSafeInteger(value) && value >= least

const holderIn = (content: string): Result.Result<Holder, string> =>
  Result.gen(function* () {
    const record = Json.parse(content) ?? {}
    const { host, id } = yield* Json.texts(record, { host: "host", id: "id" })
    const pid = yield* Json.number(record, "pid")
    const thread = yield* Json.number(record, "thread")
    const at = yield* Json.number(record, "at")
    return id === undefined ||
      !wellFormed.test(id) ||
      // To the system the number 0 is no process but a group of them.
      !isCount(pid, 1) ||
      !isCount(thread, 0) ||
      host === undefined ||
      at === undefined
      ? yield* Result.fail("it is incomplete")
      : { id, pid, thread, host, at }
  })

/**
 * Whose a damaged file is: nobody's. Its holder has long since gone, and has an id that stands for the file alone.
 */
const damaged = (path: string, content: string): Holder => ({
  id: createHash("sha256").update(`${path}\n${content}`).digest("hex").slice(0, 32),
  pid: 0,
  thread: 0,
  host: "",
  at: Number.NEGATIVE_INFINITY
})

/** Reads a lock's file. */
export const decode = (path: string, content: string): Holder =>
  Result.getOrElse(holderIn(content), () => damaged(path, content))

/**
 * The holder that a file names; none where there is no file. What is no file of ours, a folder or a link to nothing for
 * example, is nobody's as a damaged one is.
 */
const read = (fs: FileSystem.FileSystem, path: string): Effect.Effect<Holder | undefined, Fault> =>
  Effect.map(readRegular(fs, path), (content) => decode(path, content)).pipe(
    Effect.catch((fault): Effect.Effect<Holder | undefined, Fault> => {
      const nobodys = damaged(path, "")
      if (fault._tag === "Foreign") return Effect.succeed(nobodys)
      if (fault._tag === "Failed") return Effect.fail(fault)
      return Effect.match(fs.readLink(path), { onFailure: () => undefined, onSuccess: () => nobodys })
    })
  )

/** Where the successor of a holder is. */
const successorOf = (lock: string, { id }: Holder): string => lock.replace(/\.lock$/, `.${id}.lock`)

/** A place in the line of a lock and those who succeeded its holders. */
interface LinePlace {
  readonly path: string
  readonly id: string
}

/** The way along a line, past holders to whom `passes` applies, to where it is free or held. */
interface Way {
  readonly passed: ReadonlyArray<LinePlace>
  readonly end: string
  readonly holder: Holder | undefined
}

const longest = 1_000

const tooLong: Fault = { _tag: "Failed", reason: `it has more than ${longest} successors` }

/**
 * Goes along a line. A file that leads back, as a copy of another does, is damaged: the line goes on from it alone.
 */
const walk = (
  fs: FileSystem.FileSystem,
  lock: string,
  passes: (holder: Holder, path: string) => Effect.Effect<boolean>
): Effect.Effect<Way, Fault> =>
  Effect.gen(function* () {
    const passed = new Map<string, LinePlace>()
    for (let path = lock; passed.size < longest; ) {
      const found = yield* read(fs, path)
      const holder = found !== undefined && passed.has(found.id) ? damaged(path, found.id) : found
      if (holder === undefined || !(yield* passes(holder, path))) {
        return { passed: [...passed.values()], end: path, holder }
      }
      passed.set(holder.id, { path, id: holder.id })
      path = successorOf(lock, holder)
    }
    return yield* Effect.fail(tooLong)
  })

/** Whether a file is the lock or in the line of its successors. What is not will never be again. */
export const isPartOf = (
  fs: FileSystem.FileSystem,
  lock: string,
  file: string
): Effect.Effect<boolean, Fault> =>
  Effect.map(
    walk(fs, lock, (_, path) => Effect.succeed(path !== file)),
    ({ end }) => end === file
  )

/** Which lock, and after how many milliseconds its holder counts as gone, whatever the system says. */
export interface Lock {
  readonly path: string
  readonly staleAfter: number
}

/** What came of running something while the lock is held. */
type Outcome<A> =
  | { readonly _tag: "Done"; readonly value: A }
  /** Another process holds it; nothing was run. */
  | { readonly _tag: "Busy" }
  /** The file system has no such locks, or gives no access; nothing was run. */
  | { readonly _tag: "Impossible"; readonly reason: string }

// The ids that this thread has in use. After a restart a process may have the number of the one before.
const own = globalValue(Symbol.for("effect-sts/cache/Lock"), () => new Set<string>())

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex")

// Containers that share a folder may share a host's name and yet not see each other's processes.
const whereabouts = (fs: FileSystem.FileSystem, host: string): Effect.Effect<string> =>
  Effect.match(fs.readLink("/proc/self/ns/pid"), {
    onSuccess: (namespace) => `${host} ${namespace}`,
    onFailure: () => host
  })

class Locking {
  constructor(
    private readonly fs: FileSystem.FileSystem,
    private readonly lock: Lock
  ) {}

  /** Takes the lock; undefined where another holds it. */
  get take(): Effect.Effect<ReadonlyArray<LinePlace> | undefined, Fault> {
    return Effect.gen({ self: this }, function* () {
      const { end, holder } = yield* this.walk
      if (holder !== undefined) return undefined
      const random = yield* RandomBytes
      const { host, pid, thread } = yield* ThisProcess
      const id = hex(yield* random(16))
      const at = yield* Clock.currentTimeMillis
      const me = { id, pid, thread, host: yield* whereabouts(this.fs, host), at }
      own.add(id)
      return yield* this.place(end, me).pipe(
        Effect.flatMap((placed) => (placed ? this.confirm(end, id) : Effect.succeed(undefined))),
        Effect.onExit((exit) =>
          Effect.sync(() => (exit._tag === "Success" && exit.value !== undefined ? true : own.delete(id)))
        )
      )
    })
  }

  /** Removes the lock, with those whose successor this is. */
  release(line: ReadonlyArray<LinePlace>): Effect.Effect<void> {
    return Effect.forEach(
      line,
      ({ id, path }) =>
        read(this.fs, path).pipe(
          Effect.flatMap((found) => (found?.id === id ? this.fs.remove(path) : Effect.void)),
          Effect.ignore,
          Effect.andThen(Effect.sync(() => own.delete(id)))
        ),
      { discard: true }
    )
  }

  /** The way from the lock past holders that are gone, to where it is free or held. */
  private get walk(): Effect.Effect<Way, Fault> {
    return walk(this.fs, this.lock.path, (holder) => this.isGone(holder))
  }

  private isGone({ at, host, id, pid, thread }: Holder): Effect.Effect<boolean> {
    return Effect.gen({ self: this }, function* () {
      const now = yield* Clock.currentTimeMillis
      if (Math.abs(now - at) > this.lock.staleAfter) return true
      const self = yield* ThisProcess
      if (host !== (yield* whereabouts(this.fs, self.host))) return false
      return pid === self.pid && thread === self.thread ? !own.has(id) : !(yield* self.isAlive(pid))
    })
  }

  /** Puts a whole file at a place, unless there is one. */
  private place(path: string, me: Holder): Effect.Effect<boolean, Fault> {
    const { fs } = this
    const written = join(dirname(path), `.${basename(path)}.${me.id.slice(0, 16)}.tmp`)
    return fs.writeFileString(written, encode(me), { flag: "wx", mode: 0o600 }).pipe(
      Effect.andThen(fs.link(written, path)),
      Effect.as(true),
      Effect.catchIf(
        (error) => reasonOf(error).reason === "AlreadyExists",
        () => Effect.succeed(false)
      ),
      Effect.mapError(faultOf),
      Effect.ensuring(Effect.ignore(fs.remove(written)))
    )
  }

  /** Looks whether the way still leads to what was put at its end. */
  private confirm(end: string, id: string): Effect.Effect<ReadonlyArray<LinePlace> | undefined, Fault> {
    const mine = { path: end, id }
    return this.walk.pipe(
      Effect.onError(() => this.release([mine])),
      Effect.flatMap((way) =>
        way.holder?.id === id
          ? Effect.succeed([...way.passed, mine])
          : Effect.as(this.release([mine]), undefined)
      )
    )
  }
}

/** Runs an effect while this process holds the lock, and releases it however the effect ends. */
export const whileHeld = <A, E, R>(
  fs: FileSystem.FileSystem,
  lock: Lock,
  use: Effect.Effect<A, E, R>
): Effect.Effect<Outcome<A>, E, R> =>
  Effect.uninterruptibleMask((restore) => {
    const locking = new Locking(fs, lock)
    return Effect.matchEffect(locking.take, {
      onFailure: ({ reason }) => Effect.succeed<Outcome<A>>({ _tag: "Impossible", reason }),
      onSuccess: (line) =>
        line === undefined
          ? Effect.succeed<Outcome<A>>({ _tag: "Busy" })
          : restore(use).pipe(
              Effect.ensuring(locking.release(line)),
              Effect.map((value): Outcome<A> => ({ _tag: "Done", value }))
            )
    })
  })

/** A process, and what it knows of others. */
interface Process {
  /** The process's number; at least 1. */
  readonly pid: number
  /** The thread within the process; 0 for the first. */
  readonly thread: number
  /** The machine's name. */
  readonly host: string
  /** The user it runs as; absent where the system has no such number. */
  readonly uid: number | undefined
  /** Whether a process of this host lives. */
  readonly isAlive: (pid: number) => Effect.Effect<boolean>
}

const isAlive = (pid: number): Effect.Effect<boolean> =>
  Effect.sync(() => {
    try {
      return process.kill(pid, 0)
    } catch (error) {
      // One that is somebody else's lives too.
      return (error as NodeJS.ErrnoException).code === "EPERM"
    }
  })

/** This process, as the system tells it where nobody says otherwise. */
export const ThisProcess = Context.Reference("effect-sts/ThisProcess", {
  defaultValue: (): Process => ({
    pid: process.pid,
    thread: threadId,
    host: hostname(),
    uid: process.platform === "win32" ? undefined : process.getuid?.(),
    isAlive
  })
})

/** Makes as many bytes as are asked for that nobody can guess; by the system where nobody says otherwise. */
export const RandomBytes = Context.Reference("effect-sts/RandomBytes", {
  defaultValue:
    () =>
    (count: number): Effect.Effect<Uint8Array> =>
      Effect.sync(() => randomBytes(count))
})
