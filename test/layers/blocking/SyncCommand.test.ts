import { readFileSync } from "node:fs"
import { platform, tmpdir } from "node:os"
import { assert, describe, it, vi } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import * as Stream from "effect/Stream"
import { HttpWorker } from "../../../src/layers/blocking/HttpWorker.js"
import { ParkingLot } from "../../../src/layers/blocking/ParkingLot.js"
import { layer, make, type Options } from "../../../src/layers/blocking/SyncCommand.js"
import { type Executor, reasonOf } from "../../../src/layers/platform.js"
import { type Command, commandOf, pipeTo, type Settings, startWith } from "../../support/commands.js"

const run = <A, E>(effect: Effect.Effect<A, E, ChildProcessSpawner.ChildProcessSpawner>, options?: Options) =>
  Effect.runSync(Effect.provide(effect, layer(options)))

const node = (script: string, settings?: Settings) => commandOf(process.execPath, ["-e", script], settings)

const ask = <A, E, R>(
  use: (executor: Executor) => Effect.Effect<A, E, R>
): Effect.Effect<A, E, R | ChildProcessSpawner.ChildProcessSpawner> =>
  Effect.flatMap(ChildProcessSpawner.ChildProcessSpawner, use)

const start = (command: Command) => ask((executor) => startWith(executor, command))
const string = (command: Command) => ask((executor) => executor.string(command))
const exitCode = (command: Command) => ask((executor) => executor.exitCode(command))

describe("SyncCommand", () => {
  it("gives the program's output", () => {
    const hello = node("process.stdout.write('hello\\nthere\\n')")
    assert.strictEqual(run(string(hello)), "hello\nthere\n")
    assert.deepStrictEqual(run(ask((executor) => executor.lines(hello))), ["hello", "there"])
    assert.strictEqual(run(ask((executor) => Stream.runCount(executor.streamLines(hello)))), 2)
  })

  it("feeds programs, also in a pipe", () => {
    const upper = node("process.stdin.on('data', (d) => process.stdout.write(String(d).toUpperCase()))", {
      stdin: Stream.make(new TextEncoder().encode("abc"))
    })
    const reversed = node(
      "process.stdin.on('data', (d) => process.stdout.write([...String(d)].reverse().join('')))"
    )
    const row = pipeTo(upper, reversed)
    assert.strictEqual(run(string(row)), "CBA")
  })

  it("passes environment and directory", () => {
    const told = node(
      "console.log(process.env.TOLD, require('node:fs').realpathSync(process.cwd()) !== '')",
      { env: { TOLD: "yes" }, cwd: tmpdir() }
    )
    assert.strictEqual(run(string(told)), "yes true\n")
  })

  it("reports exit codes", () => {
    assert.strictEqual(run(exitCode(node("process.exit(3)"))), 3)
    const killed = run(Effect.flip(exitCode(node("process.kill(process.pid, 'SIGTERM')"))))
    assert.include(killed.message, "SIGTERM")
  })

  it("reports errors without the arguments", () => {
    const missing = run(Effect.flip(string(commandOf("/no/such/program", ["hush-hush"]))))
    assert.strictEqual(reasonOf(missing).reason, "NotFound")
    assert.notInclude(missing.message, "hush-hush")
  })

  it("kills a program that takes too long", () => {
    const late = run(Effect.flip(string(node("setTimeout(() => {}, 60_000)"))), {
      commandTimeout: 200
    })
    assert.strictEqual(reasonOf(late).reason, "TimedOut")
  })

  it("starts and finishes a program without input", () => {
    const told = node("process.stdout.write('out'); process.stderr.write('err'); process.exitCode = 3", {
      stdin: Stream.empty
    })
    const [code, out, err, running] = run(
      Effect.scoped(
        Effect.flatMap(start(told), (process) =>
          Effect.all([
            process.exitCode,
            Stream.mkString(Stream.decodeText(process.stdout)),
            Stream.mkString(Stream.decodeText(process.stderr)),
            Effect.andThen(process.kill(), process.isRunning)
          ])
        )
      )
    )
    assert.deepStrictEqual([code, out, err, running], [3, "out", "err", false])
  })

  it("can be talked to", () => {
    const echo = node("process.stdin.on('data', (d) => process.stdout.write(d))")
    const answers = run(
      Effect.scoped(
        Effect.gen(function* () {
          const process = yield* start(echo)
          const words = Stream.make("one ", "two ", "three").pipe(Stream.encodeText)
          yield* Effect.forkChild(Stream.run(words, process.stdin))
          return yield* Stream.mkString(Stream.decodeText(process.stdout))
        })
      )
    )
    assert.strictEqual(answers, "one two three")
  })

  it("reads no more output than needed, and kills the rest", async () => {
    const [chunk, pid] = run(
      Effect.scoped(
        Effect.flatMap(start(commandOf("yes")), (process) =>
          Effect.map(Stream.runHead(process.stdout), (chunk) => [chunk, Number(process.pid)] as const)
        )
      )
    )
    assert.isTrue(Option.isSome(chunk))
    await vi.waitFor(() => assert.throws(() => process.kill(-pid, 0), "ESRCH"), 10_000)
  })

  it("handles a large input to a program that never reads it", () => {
    const deaf = commandOf("sleep", ["30"], {
      stdin: Stream.make(new TextEncoder().encode("x".repeat(1_000_000)))
    })
    const late = run(Effect.flip(string(deaf)), { commandTimeout: "300 millis" })
    assert.strictEqual(reasonOf(late).reason, "TimedOut")
  })

  it("survives the end of its worker", async () => {
    const lot = new ParkingLot()
    const worker = new HttpWorker(lot)
    const executor = make({}, lot, worker)
    const talk = Effect.scoped(
      Effect.gen(function* () {
        const process = yield* startWith(executor, commandOf("sleep", ["30"], { stdin: Stream.empty }))
        worker.close()
        return [Number(process.pid), yield* Effect.flip(process.exitCode)] as const
      })
    )
    const [pid, error] = Effect.runSync(talk)
    assert.notStrictEqual(reasonOf(error).reason, "BadArgument")
    // Nobody is left who would take note of its end, so the system still lists it, without a command.
    const commandLine = () => (platform() === "linux" ? readFileSync(`/proc/${pid}/cmdline`, "utf8") : "")
    await vi.waitFor(() => assert.strictEqual(commandLine(), ""))
  })
})
