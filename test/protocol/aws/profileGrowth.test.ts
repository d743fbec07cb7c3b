/**
 * What AWS's files cost at their worst: time that grows with their size and no faster, whatever they hold, and no depth of
 * the stack for each profile.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Aws from "../../../src/aws.js"
import { empty, parse } from "../../../src/protocol/aws/profileFile.js"
import { merge, plan } from "../../../src/protocol/aws/profileGraph.js"
import { settingNotes } from "../../../src/protocol/aws/settingNotes.js"
import { meant } from "../../../src/protocol/settings.js"
import { asking } from "../../support/awsOutcomes.js"
import { bothWays } from "../../support/runners.js"

const size = 1 << 18

const repeated = (piece: string, before = "", after = ""): string =>
  before + piece.repeat(Math.ceil(size / piece.length)) + after

const counted = (piece: (index: number) => string, before = ""): string => {
  const pieces = [before]
  for (let length = 0, index = 0; length < size; index++) {
    const next = piece(index)
    pieces.push(next)
    length += next.length
  }
  return pieces.join("")
}

// A line separator ends no line here, but the dot of a regular expression stops at it.
const odd = "\u2028"

const worst: Readonly<Record<string, string>> = {
  "a header of blanks": repeated(" ", "[profile a", "b]"),
  "a header of blanks and a separator": repeated(" ", "[profile ", `${odd}]`),
  "a header of blanks that is open": repeated(" ", "[profile a"),
  "a header of brackets that close": repeated("]", "[profile a"),
  "a header of brackets that open": repeated("[", "[profile a", "]"),
  "a header of double quotes": repeated('"', "[profile ", "]"),
  "a header of both quotes": repeated(`"'`, "[profile ", "]"),
  "a header with a quote that is open": repeated("#", '[profile "', "]"),
  "a header of backslashes": repeated("\\", "[profile ", "]"),
  "a header of words": repeated("a ", "[profile ", "]"),
  "a header of comment signs": repeated("#", "[profile a", `${odd}]`),
  "comment signs in a value": repeated(" #", "[profile a]\nx = 1", odd),
  "comment signs in a word": repeated("#;", "[profile a]\nx = 1"),
  "blanks in a value": repeated(" ", "[profile a]\nx = 1", `${odd}1`),
  "blanks before a line": repeated(" ", "[profile a]\nx = 1\n", `${odd}1`),
  "equals signs": repeated("=", "[profile a]\nx"),
  "a long name": repeated("x", "[profile a]\n", " = 1"),
  "a long value": repeated("x", "[profile a]\naws_access_key_id = "),
  "line ends": repeated("\r"),
  "comments below a setting": repeated("  # note\n", "[profile a]\nx = 1\n"),
  "lines of one value": repeated(" x\n", "[profile a]\nx = 1\n"),
  "settings in one value": repeated(" y = 1\n", "[profile a]\nx = 1\n"),
  "headers in one value": repeated(" [profile b]\n", "[profile a]\nx = 1\n"),
  "a nested setting again and again": repeated(" y = 1\n", "[profile a]\nx =\n"),
  "nested settings": counted((index) => ` y${index} = 1\n`, "[profile a]\nx =\n"),
  "one profile again and again": repeated("[profile a]\n"),
  "one profile again and again, with a setting": repeated("[profile a]\nx = 1\n"),
  "both defaults again and again": repeated("[default]\n[profile default]\n"),
  "many profiles": counted((index) => `[profile a${index}]\n`),
  "many headers that are passed over": counted((index) => `[a${index}]\n`),
  "one header that is passed over again and again": repeated("[a]\nrole_arn = x\n", "[profile a]\n"),
  "a setting again and again": repeated("aws_access_key_id = 1\n", "[profile a]\n"),
  "settings that nobody knows": counted((index) => `x${index} = 1\n`, "[profile a]\n"),
  "settings that resemble some": counted(
    (index) => `aws_acxxss_key_i${index % 97}${index} = 1\n`,
    "[profile a]\n"
  ),
  "settings with bad names": repeated("aws_acxyz key_id = 1\n", "[profile a]\n")
}

/** Processor time, which other programs do not add to. */
const costOf = (run: () => void): number => {
  const before = process.cpuUsage()
  run()
  return process.cpuUsage(before).user / 1_000
}

describe("a file of a quarter of a mebibyte", () => {
  for (const [name, text] of Object.entries(worst)) {
    for (const kind of ["config", "credentials"] as const) {
      it(`of ${name}, as ${kind} file`, () => {
        const cost = costOf(() => {
          const parsed = parse(kind, "file", text)
          if (Result.isFailure(parsed)) return
          const outcome = plan(merge(parsed.success, empty), "a")
          if (Result.isSuccess(outcome)) return
          const { detail, hint = "" } = outcome.failure
          assert.isBelow(detail.length + hint.length, 5_000)
        })
        assert.isBelow(cost, 3_000)
      })
    }
  }

  it("is merged with another, with overridden settings noted", () => {
    const settings = counted((index) => `x${index} = 1\n`, "[default]\n")
    const cost = costOf(() => {
      const both = (["config", "credentials"] as const).map((kind) => parse(kind, kind, settings))
      const [config = empty, credentials = empty] = both.map((parsed) => Result.getOrThrow(parsed))
      assert.isAbove(merge(config, credentials).notes.length, 12_500)
    })
    assert.isBelow(cost, 3_000)
  })

  it("of settings that resemble some is explained", () => {
    const { profiles } = Result.getOrThrow(
      parse("config", "file", worst["settings that resemble some"] ?? "")
    )
    const cost = costOf(() => {
      settingNotes({ set: new Set(), chosen: undefined }, profiles.values())
    })
    assert.isBelow(cost, 3_000)
  })

  it("is not compared as a name", () => {
    const name = "a".repeat(size)
    assert.isBelow(
      costOf(() => {
        assert.strictEqual(meant(name, [`${name}a`, "b"]), `${name}a`)
      }),
      3_000
    )
  })
})

const role = "role_arn = arn:aws:iam::123456789012:role/r\n"

const chainOf = (count: number, end: string): string => {
  const links = Array.from(
    { length: count },
    (_, index) => `[profile p${index}]\n${role}source_profile = p${index + 1}\n`
  )
  return `${links.join("")}[profile p${count}]\n${end}`
}

describe("a chain of profiles", () => {
  for (const count of [1_000, 12_000]) {
    it(`of ${count} resolves to its base, or to the loop`, {
      timeout: 60_000
    }, () => {
      const planOf = (end: string) =>
        plan(Result.getOrThrow(parse("config", "file", chainOf(count, end))), "p0")
      const { base, profile, roles } = Result.getOrThrow(planOf("credential_process = x\n"))
      assert.deepStrictEqual(base, { _tag: "Process", command: "x" })
      assert.strictEqual(profile.name, `p${count}`)
      assert.strictEqual(roles.length, count)
      assert.deepStrictEqual(
        [roles[0], roles.at(-1)].map((one) => one?.profile),
        [`p${count - 1}`, "p0"]
      )
      const faultOf = (end: string) => Result.getOrThrow(Result.flip(planOf(end)))
      assert.strictEqual(faultOf("region = x\n").reason, "Incomplete")
      assert.strictEqual(faultOf(`${role}source_profile = gone\n`).reason, "UnknownProfile")
      assert.match(faultOf(`${role}source_profile = p0\n`).detail, /a loop: p0 -> p1 -> .* -> p0$/)
    })
  }

  for (const count of [1_000, 10_000]) {
    bothWays(`of ${count} reports its base's error`, () =>
      Effect.gen(function* () {
        const env = { AWS_PROFILE: "p0", AWS_REGION: "eu-west-1" }
        const setup = { env, config: chainOf(count, "aws_access_key_id = A\n") }
        const { error } = yield* asking(Aws.DefaultChain.make(), setup)
        assert.match(error?.message ?? "", /aws_secret_access_key is missing/)
        assert.isBelow(error?.message.length ?? 0, 500)
      })
    )
  }
})
