import { tmpdir } from "node:os"
import * as Command from "@effect/platform/Command"
import type * as CommandExecutor from "@effect/platform/CommandExecutor"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { layer, type Options } from "../../../src/layers/blocking/SyncCommand.js"

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

  it("does not start what would have to be talked to", () => {
    assert.strictEqual(run(Effect.flip(Effect.scoped(Command.start(node("")))))._tag, "BadArgument")
  })
})
