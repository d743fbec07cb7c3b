/**
 * Runs programs for `Effect.runSync`, in the worker: they can be talked to, given up and run side by side as on an
 * event loop.
 */
import { spawnSync } from "node:child_process"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import type * as Scope from "effect/Scope"
import * as Sink from "effect/Sink"
import * as Stream from "effect/Stream"
import { fromErrno, type PlatformError } from "../platform.js"
import { type HttpWorker, sharedWorker, working } from "./HttpWorker.js"
import { type ParkingLot, sharedLot } from "./ParkingLot.js"
import { executorOf, type Part, type Running } from "./spawning.js"
import type { Answer, Question, Spawning } from "./worker.js"

/** What can be set. */
export interface Options {
  /** How long a program may run before it and what it started are killed, whatever a caller allows. 1 minute. */
  readonly commandTimeout?: Duration.Input | undefined
}

type Started = Effect.Effect<Running, PlatformError, Scope.Scope>

/** A program is killed with everything that it started. */
const killGroup = (pid: number, signal: NodeJS.Signals): void => {
  try {
    if (process.platform === "win32") spawnSync("taskkill", ["/pid", String(pid), "/T", "/F"])
    else process.kill(-pid, signal)
  } catch {
    // All of them have ended.
  }
}

/** How long is looked whether a program has ended, in milliseconds. */
const glance = 50

/** What is asked of one program. */
class Talk {
  private id = 0

  constructor(
    private readonly spawning: Spawning,
    private readonly lot: ParkingLot,
    private readonly worker: HttpWorker,
    private readonly deadline: number
  ) {}

  get spawned() {
    return this.ask("spawn", "spawned", { kind: "spawn", spawning: this.spawning })
  }

  /** How it ended, or a failure where it has not in so many milliseconds. */
  exited(millis?: number) {
    return this.ask("exitCode", "exited", { kind: "exit", child: this.id }, millis)
  }

  get exitCode() {
    return Effect.flatMap(this.exited(), ({ code, signal }) =>
      code === null ? Effect.fail(this.fault("exitCode", `ended by ${String(signal)}`)) : Effect.succeed(code)
    )
  }

  read(from: "stdout" | "stderr") {
    return Stream.fromEffectRepeat(
      Effect.suspend(() => this.ask(from, "chunk", { kind: "read", child: this.id, from }))
    ).pipe(
      Stream.map(({ bytes }) => bytes),
      Stream.takeWhile((bytes) => bytes !== undefined)
    )
  }

  /** Takes its input, and then ends it. */
  get input(): Sink.Sink<void, Uint8Array, never, PlatformError> {
    const write = (bytes: Uint8Array | undefined) =>
      Effect.suspend(() => this.ask("stdin", "written", { kind: "write", child: this.id, bytes }))
    return Sink.mapEffect(Sink.forEach(write), () => Effect.asVoid(write(undefined)))
  }

  forget() {
    this.worker.forget(this.id)
  }

  private ask<K extends Answer["kind"]>(
    method: string,
    kind: K,
    question: Question,
    millis = Number.POSITIVE_INFINITY
  ): Effect.Effect<Extract<Answer, { readonly kind: K }>, PlatformError> {
    return Effect.suspend(() => {
      const order = () => {
        const id = this.worker.ask(question)
        if (question.kind === "spawn") this.id = id
        return id
      }
      const left = Math.min(millis, this.deadline - performance.now())
      return Effect.flatMap(working<Answer>(this.lot, this.worker, order, left), (answer) =>
        isOf(kind, answer)
          ? Effect.succeed(answer)
          : Effect.fail(this.fault(method, "code" in answer ? String(answer.code) : answer.kind))
      )
    })
  }

  // The arguments are left out: they may hold secrets.
  private fault(method: string, code: string): PlatformError {
    const subject = this.spawning.program
    return fromErrno({ module: "Command", method, subject }, Object.assign(new Error(), { code }))
  }
}

const isOf = <K extends Answer["kind"]>(
  kind: K,
  answer: Answer
): answer is Extract<Answer, { readonly kind: K }> => answer.kind === kind

const released = (talk: Talk, pid: number, exit: Exit.Exit<unknown, unknown>): Effect.Effect<void> =>
  Effect.map(Exit.isSuccess(exit) ? Effect.option(talk.exited(glance)) : Effect.succeedNone, (end) => {
    // What a program leaves behind that has done its work may go on.
    if (Option.isNone(end) || end.value.code !== 0) killGroup(pid, "SIGKILL")
    talk.forget()
  })

const startOne = ({ input, output }: Part, talk: Talk): Started =>
  Effect.gen(function* () {
    const { pid } = yield* Effect.acquireRelease(talk.spawned, ({ pid }, exit) => released(talk, pid, exit))
    const stdin = talk.input
    if (input !== undefined) yield* Effect.forkScoped(Effect.ignore(Stream.run(input, stdin)))
    return {
      pid,
      exitCode: talk.exitCode,
      isRunning: Effect.map(Effect.option(talk.exited(glance)), Option.isNone),
      kill: (signal) =>
        Effect.suspend(() => {
          killGroup(pid, signal)
          return Effect.asVoid(talk.exited())
        }),
      stdin,
      stdout: output(talk.read("stdout")),
      stderr: talk.read("stderr")
    }
  })

/**
 * The executor. What a program writes is there as it comes, and no more of it is taken than somebody reads. A program
 * that is still running when its scope closes, or that has failed, is killed with all that it started.
 */
export const make = (
  options: Options = {},
  lot: ParkingLot = sharedLot,
  worker: HttpWorker = sharedWorker
): ChildProcessSpawner.ChildProcessSpawner["Service"] => {
  const timeout = Duration.toMillis(options.commandTimeout ?? "1 minute")
  const start = (part: Part): Started =>
    Effect.suspend(() => startOne(part, new Talk(part.spawning, lot, worker, performance.now() + timeout)))
  return executorOf(([first, ...rest]) =>
    rest.reduce(
      (before, next) => Effect.flatMap(before, ({ stdout }) => start({ ...next, input: stdout })),
      first === undefined ? Effect.die(new Error("the command has no program")) : start(first)
    )
  )
}

/** The executor as a layer. */
export const layer = (options?: Options): Layer.Layer<ChildProcessSpawner.ChildProcessSpawner> =>
  Layer.merge(
    Layer.sync(ChildProcessSpawner.ChildProcessSpawner, () => make(options)),
    sharedLot.layer
  )
