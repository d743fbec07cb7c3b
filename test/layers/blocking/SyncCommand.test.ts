import { readFileSync } from "node:fs"
import { platform, tmpdir } from "node:os"
import * as Command from "@effect/platform/Command"
import type * as CommandExecutor from "@effect/platform/CommandExecutor"
import { assert, describe, it, vi } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { HttpWorker } from "../../../src/layers/blocking/HttpWorker.js"
import { ParkingLot } from "../../../src/layers/blocking/ParkingLot.js"
import { layer, make, type Options } from "../../../src/layers/blocking/SyncCommand.js"

const run = <A, E>(effect: Effect.Effect<A, E, CommandExecutor.CommandExecutor>, options?: Options) =>
  Effect.runSync(Effect.provide(effect, layer(options)))

const node = (script: string, ...args: Array<string>) => Command.make(process.execPath, "-e", script, ...args)

describe("SyncCommand", () => {
  it("gives what a program writes", () => {
    const hello = node("process.stdout.write('hello\\nthere\\n')")
    assert.strictEqual(run(Command.string(hello)), "hello\nthere\n")
    assert.deepStrictEqual(run(Command.lines(hello)), ["hello", "there"])
    assert.strictEqual(run(Stream.runCount(Command.streamLines(hello))), 2)
  })

  it("feeds programs, in a row too", () => {
    const upper = node("process.stdin.on('data', (d) => process.stdout.write(String(d).toUpperCase()))")
    const reversed = node(
      "process.stdin.on('data', (d) => process.stdout.write([...String(d)].reverse().join('')))"
    )
    const row = Command.pipeTo(Command.feed(upper, "abc"), reversed)
    assert.strictEqual(run(Command.string(row)), "CBA")
  })

  it("gives a program its environment and directory", () => {
    const told = node(
      "console.log(process.env.TOLD, require('node:fs').realpathSync(process.cwd()) !== '')"
    ).pipe(Command.env({ TOLD: "yes" }), Command.workingDirectory(tmpdir()))
    assert.strictEqual(run(Command.string(told)), "yes true\n")
  })

  it("tells exit codes", () => {
    assert.strictEqual(run(Command.exitCode(node("process.exit(3)"))), 3)
    const killed = run(Effect.flip(Command.exitCode(node("process.kill(process.pid, 'SIGTERM')"))))
    assert.include(killed.message, "SIGTERM")
  })

  it("tells what is wrong, but not the arguments", () => {
    const missing = run(Effect.flip(Command.string(Command.make("/no/such/program", "hush-hush"))))
    assert.strictEqual(missing._tag === "SystemError" && missing.reason, "NotFound")
    assert.notInclude(missing.message, "hush-hush")
  })

  it("ends a program that takes too long", () => {
    const late = run(Effect.flip(Command.string(node("setTimeout(() => {}, 60_000)"))), {
      commandTimeout: 200
    })
    assert.strictEqual(late._tag === "SystemError" && late.reason, "TimedOut")
  })

  it("starts what needs not be talked to, and runs it to its end", () => {
    const told = node("process.stdout.write('out'); process.stderr.write('err'); process.exitCode = 3")
    const [code, out, err, running] = run(
      Effect.scoped(
        Effect.flatMap(Command.start(Command.stdin(told, Stream.empty)), (process) =>
          Effect.all([
            process.exitCode,
            Stream.mkString(Stream.decodeText(process.stdout)),
            Stream.mkString(Stream.decodeText(process.stderr)),
            Effect.zipRight(process.kill(), process.isRunning)
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
          const process = yield* Command.start(echo)
          const words = Stream.make("one ", "two ", "three").pipe(Stream.encodeText)
          yield* Effect.fork(Stream.run(words, process.stdin))
          return yield* Stream.mkString(Stream.decodeText(process.stdout))
        })
      )
    )
    assert.strictEqual(answers, "one two three")
  })

  it("takes no more of an output than is read, and ends what is left", async () => {
    const [chunk, pid] = run(
      Effect.scoped(
        Effect.flatMap(Command.start(Command.make("yes")), (process) =>
          Effect.map(Stream.runHead(process.stdout), (chunk) => [chunk, Number(process.pid)] as const)
        )
      )
    )
    assert.isTrue(Option.isSome(chunk))
    await vi.waitFor(() => assert.throws(() => process.kill(-pid, 0), "ESRCH"))
  })

  it("gives a large input to a program that never reads it, and ends both", () => {
    const deaf = Command.feed(Command.make("sleep", "30"), "x".repeat(1_000_000))
    const begun = performance.now()
    const late = run(Effect.flip(Command.string(deaf)), { commandTimeout: "300 millis" })
    assert.strictEqual(late._tag === "SystemError" && late.reason, "TimedOut")
    assert.isBelow(performance.now() - begun, 3_000)
  })

  it("is not held up by a worker that ends", async () => {
    const lot = new ParkingLot()
    const worker = new HttpWorker(lot)
    const executor = make({}, lot, worker)
    const talk = Effect.scoped(
      Effect.gen(function* () {
        const process = yield* executor.start(Command.stdin(Command.make("sleep", "30"), Stream.empty))
        worker.close()
        return [Number(process.pid), yield* Effect.flip(process.exitCode)] as const
      })
    )
    const begun = performance.now()
    const [pid, error] = Effect.runSync(talk)
    assert.strictEqual(error._tag, "SystemError")
    assert.isBelow(performance.now() - begun, 3_000)
    // Nobody is left who would take note of its end, so the system still lists it, without a command.
    const commandLine = () => (platform() === "linux" ? readFileSync(`/proc/${pid}/cmdline`, "utf8") : "")
    await vi.waitFor(() => assert.strictEqual(commandLine(), ""))
  })
})
