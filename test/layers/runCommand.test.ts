import { readdirSync, readFileSync } from "node:fs"
import { platform } from "node:os"
import { inspect } from "node:util"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it, vi } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import * as Blocking from "../../src/layers/blocking/Blocking.js"
import * as SyncCommand from "../../src/layers/blocking/SyncCommand.js"
import { type CommandFault, maxOutput, type Program, runCommand } from "../../src/layers/runCommand.js"
import { stepping } from "../support/commands.js"

type Outcome = Result.Result<string, CommandFault>

const executed = (program: Program, timeout: Duration.Input = "1 minute") =>
  Effect.flatMap(ChildProcessSpawner.ChildProcessSpawner, (executor) =>
    Effect.result(runCommand(executor, program, timeout, Result.succeed))
  )

const reasons = (outcomes: ReadonlyArray<Outcome>) =>
  outcomes.map((outcome) =>
    Result.isFailure(outcome) ? `${outcome.failure.reason}: ${outcome.failure.detail}` : outcome.success
  )

const script = (text: string): Program => ({ words: [process.execPath, "-e", text] })

const runs: Readonly<Record<string, (program: Program) => Promise<Outcome>>> = {
  "on the event loop": (program) => Effect.runPromise(Effect.provide(executed(program), NodeServices.layer)),
  "under runSync": async (program) => Effect.runSync(Effect.provide(executed(program), SyncCommand.layer()))
}

for (const [way, run] of Object.entries(runs)) {
  describe(`a command ${way}`, () => {
    it("gives its output, with or without a shell", async () => {
      assert.deepStrictEqual(
        await run({ line: "echo one; echo two | tr a-z A-Z" }),
        Result.succeed("one\nTWO\n")
      )
      const words = await run({ words: [process.execPath, "-p", "process.argv[1]", "$HOME; echo x"] })
      assert.deepStrictEqual(words, Result.succeed("$HOME; echo x\n"))
    })

    it("has an empty input", async () => {
      assert.deepStrictEqual(await run({ line: "cat; echo done" }), Result.succeed("done\n"))
    })

    it("fails by exit code or signal, with scrubbed standard error", async () => {
      const secret = "PLANTED-7f3a9c0e51d84b26-END"
      const outcomes = [
        await run({ line: `echo ${secret}; echo no luck with ${secret} >&2; exit 3` }),
        await run(script(`console.error('no luck'); process.kill(process.pid, 'SIGTERM') // ${secret}`)),
        await run({ line: "no-such-program --token PLANTED" }),
        await run({ words: ["/no/such/program", "PLANTED"] })
      ]
      assert.deepStrictEqual(reasons(outcomes), [
        "Unavailable: the command ended with exit code 3; it says: no luck with <redacted>",
        "Unavailable: a signal ended the command; it says: no luck",
        "Malformed: there is no such program; it says: /bin/sh: 1: no-such-program: not found",
        "Malformed: there is no such program"
      ])
      assert.notInclude(inspect(outcomes), "PLANTED")
    })

    it("an invalid command fails without showing its words", async () => {
      const outcomes = [
        await run({ line: "" }),
        await run({ line: "echo PLANTED\0" }),
        await run({ words: [process.execPath, "PLANTED\0"] }),
        await run({ words: ["PLANTED\0"] })
      ]
      assert.isTrue(
        outcomes.every((outcome) => Result.isFailure(outcome) && outcome.failure.reason === "Malformed")
      )
      assert.notInclude(inspect(outcomes, { depth: 10 }), "PLANTED")
    })

    it("may write a long standard error", async () => {
      const outcome = await run(script("process.stderr.write('x'.repeat(300_000)); console.log('fine')"))
      assert.deepStrictEqual(outcome, Result.succeed("fine\n"))
    })

    it("may not write endlessly", async () => {
      const most = `process.stdout.write("x".repeat(${maxOutput}))`
      assert.isTrue(Result.isSuccess(await run(script(most))))
      assert.deepStrictEqual(reasons([await run(script(`${most}; process.stdout.write("x")`))]), [
        "Malformed: the command wrote more output than credentials need"
      ])
    })
  })
}

const tooLong = ["Unavailable: the command took too long and was ended"]

type Fates = Readonly<Record<string, readonly [line: string, outcome: string]>>

/** How a command fares: alike in both modes, and nothing of it is left. */
const endless: Fates = {
  "output without end": ["yes", "Malformed: the command wrote more output than credentials need"],
  "one line without end": ["cat /dev/zero", "Malformed: the command wrote more output than credentials need"],
  "complaints without end": ["yes >&2", "Unavailable: the command took too long and was ended; it says: y"],
  "both without end": [
    "yes >&2 & sleep 0.1; yes",
    "Malformed: the command wrote more output than credentials need; it says: y"
  ],
  "output without end, from the background": [
    "yes & exit 0",
    "Malformed: the command wrote more output than credentials need"
  ]
}

/** What ends by its time gets a short one, and a longer one where it has to say something first. */
const timeLimit = (outcome: string): Duration.Input =>
  outcome === tooLong[0]
    ? "400 millis"
    : /took too long|kept its output/.test(outcome)
      ? "3 seconds"
      : "15 seconds"

/** The same for those that leave the time to others. */
const fates: Fates = {
  sleep: ["sleep 30", "Unavailable: the command took too long and was ended"],
  "sleep in a shell of its shell": [
    'sh -c "sleep 30; true"; true',
    "Unavailable: the command took too long and was ended"
  ],
  "half an output, then sleep": ["echo {; sleep 30", "Unavailable: the command took too long and was ended"],
  "a prompt for an answer that nobody gives": [
    'echo code: >&2; read answer; test -n "$answer" || exit 9',
    "Unavailable: the command ended with exit code 9; it says: code:"
  ],
  "a background that holds the output": [
    "sleep 30 & echo fine",
    "Unavailable: the command has ended, but a process that it left in the background kept its output open until it was ended too"
  ],
  "a background that holds the output of a failure": [
    "sleep 30 & echo no >&2; exit 4",
    "Unavailable: the command ended with exit code 4; it says: no"
  ],
  "a background that holds the complaints": ["sleep 30 >/dev/null & echo fine", "fine\n"],
  "a background that writes later": ["(sleep 0.2; echo fine) &", "fine\n"],
  "deaf to SIGTERM": ["trap '' TERM; sleep 30", "Unavailable: the command took too long and was ended"],
  "deaf to every signal but one": [
    "trap '' TERM INT HUP QUIT; while :; do sleep 1; done",
    "Unavailable: the command took too long and was ended"
  ],
  "an input that nobody reads": ["exec sleep 30", "Unavailable: the command took too long and was ended"],
  "an input that is closed": ["exec <&-; echo fine", "fine\n"],
  "an output that is closed": ["exec >&-; sleep 0.1", ""],
  "all closed, then sleep": [
    "exec >&- 2>&- <&-; sleep 30",
    "Unavailable: the command took too long and was ended"
  ],
  "exit code 1": ["exit 1", "Unavailable: the command ended with exit code 1"],
  "exit code 255": ["exit 255", "Unavailable: the command ended with exit code 255"],
  "exit code 126": ["exit 126", "Malformed: the program is not executable, or is a folder"],
  "exit code 127": ["exit 127", "Malformed: there is no such program"],
  SIGKILL: ["kill -KILL $$", "Unavailable: a signal ended the command"],
  SIGTERM: ["kill -TERM $$", "Unavailable: a signal ended the command"],
  SIGSEGV: ["kill -SEGV $$", "Unavailable: a signal ended the command"],
  "SIGTERM to its group": ["kill -TERM 0; sleep 1", "Unavailable: a signal ended the command"],
  nothing: ["true", ""]
}

const blocking = Blocking.layerWith({ proxy: false })

const ways: ReadonlyArray<
  readonly [
    string,
    <A, E>(effect: Effect.Effect<A, E, ChildProcessSpawner.ChildProcessSpawner>) => Promise<A>
  ]
> = [
  ["on the event loop", (effect) => Effect.runPromise(Effect.provide(effect, NodeServices.layer))],
  ["under runSync", async (effect) => Effect.runSync(Effect.provide(effect, blocking))],
  ["of the blocking layer on the event loop", (effect) => Effect.runPromise(Effect.provide(effect, blocking))]
]

/** What waits on the event loop waits together; nothing goes on beside a thread that is blocked. */
const together = (way: string) => ({ concurrent: way !== "under runSync" })

/** Processes that were started with this mark in their environment, as the system lists them. */
const leftOf = (mark: string): ReadonlyArray<string> =>
  readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, "utf8").includes(mark)
    } catch {
      return false
    }
  })

describe.each(ways)("a command %s", (way, run) => {
  const fares = async (name: string, [line, outcome]: Fates[string]) => {
    const mark = `FATE=${way} ${name}.`
    const marked = { line: `export FATE='${way} ${name}.'; ${line}` }
    const result = await run(executed(marked, timeLimit(outcome)))
    assert.deepStrictEqual(reasons([result]), [outcome])
    const left = () => (platform() === "linux" ? leftOf(mark) : [])
    // What a command leaves behind that did its work is its own affair.
    if (Result.isFailure(result)) await vi.waitFor(() => assert.deepStrictEqual(left(), []), 10_000)
    else for (const pid of left()) process.kill(Number(pid), "SIGKILL")
  }
  it.each(Object.entries(endless))("meets its end with %s", fares)
  it.each(Object.entries(fates))("meets its end with %s", together(way), fares)
})

describe("the shorter of both times under runSync", () => {
  const sleep: Program = { line: "sleep 30" }
  it.each([
    ["the caller's", "1 minute", "300 millis"],
    ["the executor's", "300 millis", "1 minute"]
  ] as const)("counts: %s", (_, commandTimeout, timeout) => {
    const layer = Blocking.layerWith({ proxy: false, commandTimeout })
    assert.deepStrictEqual(
      reasons([Effect.runSync(Effect.provide(executed(sleep, timeout), layer))]),
      tooLong
    )
  })

  it("applies to concurrent fibers", () => {
    const layer = Blocking.layerWith({ proxy: false })
    const all = Effect.all(
      Array.from({ length: 4 }, () => executed(sleep, "400 millis")),
      { concurrency: "unbounded" }
    )
    assert.deepStrictEqual(reasons(Effect.runSync(Effect.provide(all, layer))), Array(4).fill(tooLong[0]))
  })
})

describe.each(ways)("a command %s that was interrupted", (way, run) => {
  const endings: Readonly<
    Record<string, <A, E, R>(run: Effect.Effect<A, E, R>) => Effect.Effect<unknown, unknown, R>>
  > = {
    "its fiber is interrupted": (command) =>
      Effect.forkChild(command).pipe(Effect.tap(Effect.sleep("300 millis")), Effect.flatMap(Fiber.interrupt)),
    "its fiber is interrupted at once": (command) =>
      Effect.flatMap(Effect.forkChild(command), Fiber.interrupt),
    "its fiber is interrupted after a turn": (command) =>
      Effect.forkChild(command).pipe(Effect.tap(Effect.yieldNow), Effect.flatMap(Fiber.interrupt)),
    "it is interrupted before it begins": (command) =>
      Effect.exit(Effect.andThen(Effect.interrupt, command)).pipe(
        Effect.andThen(
          Effect.withFiber<unknown, unknown>((fiber) => {
            fiber.interruptUnsafe(fiber.id)
            return command as Effect.Effect<unknown, unknown>
          }).pipe(Effect.forkChild, Effect.flatMap(Fiber.await))
        )
      ),
    "the caller's time is over": (command) => Effect.timeoutOption(command, "300 millis"),
    "another is first": (command) => Effect.raceFirst(command, Effect.sleep("300 millis")),
    "another fails": (command) =>
      Effect.exit(
        Effect.all([command, Effect.delay(Effect.fail("no"), "300 millis")], { concurrency: "unbounded" })
      )
  }

  it.each(Object.entries(endings))(
    "ends with all that it started where %s",
    together(way),
    async (name, ending) => {
      const mark = `FATE=${way} ${name}.`
      const line = `trap '' TERM; export FATE='${way} ${name}.'; sleep 30 & (sleep 30; true) & sh -c 'sleep 30; true'`
      await run(Effect.exit(ending(executed({ line }))))
      if (platform() === "linux") await vi.waitFor(() => assert.deepStrictEqual(leftOf(mark), []), 10_000)
    }
  )
})

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
    ChildProcessSpawner.ChildProcessSpawner,
    Effect.map(ChildProcessSpawner.ChildProcessSpawner, (executor) =>
      stepping(executor, (starting) =>
        Effect.map(starting, (one) => ({
          ...one,
          stdout: Stream.tap(one.stdout, () => Deferred.succeed(started, Number(one.pid)))
        }))
      )
    )
  ).pipe(Layer.provide(NodeServices.layer))

// Deaf to SIGTERM, as a program that waits for its user may be.
const deaf = script("process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)")

describe("a command that is killed", () => {
  it.effect("is killed after its timeout, by Effect's Clock", () =>
    Effect.gen(function* () {
      const started = yield* Deferred.make<number>()
      const fiber = yield* Effect.forkChild(Effect.provide(executed(deaf), watched(started)))
      const pid = yield* Deferred.await(started)
      yield* TestClock.adjust("59 seconds")
      assert.isTrue(isAlive(pid))
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(reasons([yield* Fiber.join(fiber)]), tooLong)
      assert.isFalse(isAlive(pid))
    })
  )

  it.effect("is killed on interruption", () =>
    Effect.gen(function* () {
      const started = yield* Deferred.make<number>()
      const fiber = yield* Effect.forkChild(Effect.provide(executed(deaf), watched(started)))
      const pid = yield* Deferred.await(started)
      yield* Fiber.interrupt(fiber)
      assert.isFalse(isAlive(pid))
    })
  )

  it("is killed under runSync after the executor's timeout", () => {
    const layer = SyncCommand.layer({ commandTimeout: "300 millis" })
    assert.deepStrictEqual(reasons([Effect.runSync(Effect.provide(executed(deaf), layer))]), tooLong)
  })
})
