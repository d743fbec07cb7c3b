import { spawn } from "node:child_process"
import { once } from "node:events"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { type Answer, MfaTokenCode, terminalLayer } from "../../src/services/MfaTokenCode.js"
import { isInstalled } from "../support/installed.js"
import { program } from "../support/program.js"
import { credentialError } from "../support/refusals.js"

const serial = "arn:aws:iam::123456789012:mfa/alice"

const typing = (...answers: ReadonlyArray<string>) => {
  const questions: Array<string> = []
  const layer = terminalLayer((question) =>
    Effect.sync((): Answer => {
      const answer = answers[questions.length] ?? ""
      questions.push(question)
      return answer === "no terminal" || answer === "end of input" ? answer : Redacted.make(answer)
    })
  )
  const code = (device = serial) =>
    Effect.provide(
      Effect.flatMap(MfaTokenCode, (ask) => ask(device)),
      layer
    )
  return { questions, code }
}

describe("asking for a code", () => {
  it.effect("names the device and accepts six digits", () =>
    Effect.gen(function* () {
      const { code, questions } = typing(" 123 456\r")
      assert.strictEqual(Redacted.value(yield* code()), "123456")
      assert.deepStrictEqual(questions, [`Code of MFA device ${serial}: `])
    })
  )

  it.effect("is repeated up to three times", () =>
    Effect.gen(function* () {
      const twice = typing("", "12345", "654321")
      assert.strictEqual(Redacted.value(yield* twice.code()), "654321")
      const { code, questions } = typing("PLANTED", "PLANTED", "PLANTED", "123456")
      const error = yield* credentialError(code())
      assert.strictEqual(error.reason, "Malformed")
      assert.strictEqual(questions.length, 3)
      assert.notInclude(JSON.stringify(error) + error.message, "PLANTED")
    })
  )

  for (const answer of ["no terminal", "end of input"]) {
    it.effect(`ends at ${answer} with a hint`, () =>
      Effect.gen(function* () {
        const { code, questions } = typing(answer)
        const error = yield* credentialError(code())
        assert.strictEqual(error.reason, "Incomplete")
        assert.include(error.message, serial)
        assert.strictEqual(questions.length, 1)
      })
    )
  }

  it.effect("device names cannot inject terminal sequences", () =>
    Effect.gen(function* () {
      const { code, questions } = typing("123456")
      yield* code("\u001b[2Jevil\n")
      assert.deepStrictEqual(questions, ["Code of MFA device ?[2Jevil?: "])
    })
  )
})

const askForCode = program("test/support/askForCode.ts")
const ways = ["asynchronous", "blocking"] as const

describe("without a terminal", () => {
  for (const way of ways) {
    it(`fails with an explanation, ${way}`, async () => {
      // A session of its own has no terminal.
      const child = spawn(process.execPath, [askForCode, way], { detached: true })
      let seen = ""
      child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
        seen += chunk
      })
      child.stdin.end("123456\n")
      await once(child, "close")
      assert.include(seen, "no terminal to ask at")
    })
  }
})

describe.runIf(isInstalled("script"))("at a terminal", () => {
  for (const way of ways) {
    it(`reads the terminal when output is redirected, ${way}`, async () => {
      const line = `${process.execPath} ${askForCode} ${way} >/dev/null`
      const child = spawn("script", ["-qec", line, "/dev/null"])
      let seen = ""
      child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
        const asked = seen.includes("alice: ")
        seen += chunk
        if (!asked && seen.includes("alice: ")) child.stdin.write("123456\n")
      })
      const [status] = await once(child, "exit")
      assert.strictEqual(status, 0, seen)
    })
  }
})
