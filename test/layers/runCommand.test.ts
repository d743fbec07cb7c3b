import { inspect } from "node:util"
import * as CommandExecutor from "@effect/platform/CommandExecutor"
import * as NodeContext from "@effect/platform-node/NodeContext"
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/TestClock"
import * as SyncCommand from "../../src/layers/blocking/SyncCommand.js"
import { type CommandFault, maxOutput, type Program, runCommand } from "../../src/layers/runCommand.js"

type Outcome = Either.Either<string, CommandFault>

const executed = (program: Program) =>
  Effect.flatMap(CommandExecutor.CommandExecutor, (executor) =>
    Effect.either(runCommand(executor, program, "1 minute"))
  )

const reasons = (outcomes: ReadonlyArray<Outcome>) =>
  outcomes.map((outcome) =>
    Either.isLeft(outcome) ? `${outcome.left.reason}: ${outcome.left.detail}` : outcome.right
  )

const script = (text: string): Program => ({ words: [process.execPath, "-e", text] })

const ways: Readonly<Record<string, (program: Program) => Promise<Outcome>>> = {
  "on the event loop": (program) => Effect.runPromise(Effect.provide(executed(program), NodeContext.layer)),
  "under runSync": async (program) => Effect.runSync(Effect.provide(executed(program), SyncCommand.layer()))
}

for (const [way, run] of Object.entries(ways)) {
  describe(`a command ${way}`, () => {
    it("gives what it writes, through a shell or not", async () => {
      assert.deepStrictEqual(
        await run({ line: "echo one; echo two | tr a-z A-Z" }),
        Either.right("one\nTWO\n")
      )
      const words = await run({ words: [process.execPath, "-p", "process.argv[1]", "$HOME; echo x"] })
      assert.deepStrictEqual(words, Either.right("$HOME; echo x\n"))
    })

    it("finds nothing to read in its input", async () => {
      assert.deepStrictEqual(await run({ line: "cat; echo done" }), Either.right("done\n"))
    })

    it("fails by its exit code or a signal, and never tells its words or what it complained of", async () => {
      const outcomes = [
        await run({ line: "echo PLANTED-out; echo PLANTED-err >&2; exit 3" }),
        await run(script("console.error('PLANTED'); process.kill(process.pid, 'SIGTERM')")),
        await run({ line: "no-such-program-PLANTED --token PLANTED" }),
        await run({ words: ["/no/such/program", "PLANTED"] })
      ]
      assert.deepStrictEqual(reasons(outcomes), [
        "Unavailable: the command ended with exit code 3",
        "Unavailable: a signal ended the command",
        "Malformed: there is no such program",
        "Malformed: there is no such program"
      ])
      assert.notInclude(inspect(outcomes), "PLANTED")
    })

    it("that no system can run is a fault too, and tells none of its words", async () => {
      const outcomes = [
        await run({ line: "" }),
        await run({ line: "echo PLANTED\0" }),
        await run({ words: [process.execPath, "PLANTED\0"] }),
        await run({ words: ["PLANTED\0"] })
      ]
      assert.isTrue(
        outcomes.every((outcome) => Either.isLeft(outcome) && outcome.left.reason === "Malformed")
      )
      assert.notInclude(inspect(outcomes, { depth: 10 }), "PLANTED")
    })

    it("may complain at length", async () => {
      const outcome = await run(script("process.stderr.write('x'.repeat(300_000)); console.log('fine')"))
      assert.deepStrictEqual(outcome, Either.right("fine\n"))
    })

    it("may not write without end", async () => {
      const most = `process.stdout.write("x".repeat(${maxOutput}))`
      assert.isTrue(Either.isRight(await run(script(most))))
      assert.deepStrictEqual(reasons([await run(script(`${most}; process.stdout.write("x")`))]), [
        "Malformed: the command writes more than credentials need"
      ])
    })
  })
}

const tooLong = ["Unavailable: the command took too long and was ended"]

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** An executor that tells of the process that it starts, once that has written something. */
const watched = (started: Deferred.Deferred<number>) =>
  Layer.effect(
    CommandExecutor.CommandExecutor,
    Effect.map(CommandExecutor.CommandExecutor, (executor) => ({
      ...executor,
      start: (command) =>
        Effect.map(executor.start(command), (one) => ({
          ...one,
          stdout: Stream.tap(one.stdout, () => Deferred.succeed(started, Number(one.pid)))
        }))
    }))
  ).pipe(Layer.provide(NodeContext.layer))

// Deaf to SIGTERM, as a program that waits for its user may be.
const deaf = script("process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)")

describe("a command that is given up", () => {
  it.effect("is killed when its time is over, by Effect's Clock", () =>
    Effect.gen(function* () {
      const started = yield* Deferred.make<number>()
      const fiber = yield* Effect.fork(Effect.provide(executed(deaf), watched(started)))
      const pid = yield* Deferred.await(started)
      yield* TestClock.adjust("59 seconds")
      assert.isTrue(isAlive(pid))
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(reasons([yield* Fiber.join(fiber)]), tooLong)
      assert.isFalse(isAlive(pid))
    })
  )

  it.effect("is killed when nobody waits for it any more", () =>
    Effect.gen(function* () {
      const started = yield* Deferred.make<number>()
      const fiber = yield* Effect.fork(Effect.provide(executed(deaf), watched(started)))
      const pid = yield* Deferred.await(started)
      yield* Fiber.interrupt(fiber)
      assert.isFalse(isAlive(pid))
    })
  )

  it("is killed under runSync when the executor's time is over", () => {
    const layer = SyncCommand.layer({ commandTimeout: "300 millis" })
    assert.deepStrictEqual(reasons([Effect.runSync(Effect.provide(executed(deaf), layer))]), tooLong)
  })
})
