/**
 * Files of a quarter of a megabyte, at their worst, and chains of many profiles: time that grows with the size, and no stack.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Alibaba from "../../../src/alibaba.js"
import * as CliConfig from "../../../src/protocol/alibaba/cliConfig.js"
import * as CredentialsFile from "../../../src/protocol/alibaba/credentialsFile.js"
import { configFile } from "../../support/alibabaEnvironment.js"
import { asking } from "../../support/alibabaOutcomes.js"
import { bothWays } from "../../support/runners.js"
import { cpuMillis } from "../../support/time.js"

const size = 256 * 1024
const filledBy = (piece: string): string => piece.repeat(Math.ceil(size / piece.length))

/** The best of some runs, since the machine may be busy with something else. */
const within = (milliseconds: number, run: () => void): void => {
  let best = Number.POSITIVE_INFINITY
  for (let times = 0; times < 5 && best >= milliseconds; times++) {
    best = Math.min(best, cpuMillis(run))
  }
  assert.isBelow(best, milliseconds)
}

describe("a credentials file of a quarter of a megabyte", () => {
  const worst: Readonly<Record<string, string>> = {
    "blanks in a header": `[a${" ".repeat(size)}x`,
    "blanks in a closed header": `[a${" ".repeat(size)}] x`,
    brackets: "[".repeat(size),
    "brackets closed": filledBy("[]"),
    "blanks before no equals sign": `[a]\nkey${" ".repeat(size)}x`,
    "blanks in a value": `[a]\nkey = x${" ".repeat(size)}y`,
    "equals signs": `[a]\n${"=".repeat(size)}`,
    "an open quote": `[a]\nkey = "${filledBy("x ")}`,
    "escapes in an open quote": `[a]\nkey = "${filledBy("\\\\")}`,
    "escapes in a quote": `[a]\nkey = "${filledBy('\\"')}" #`,
    "a quote and blanks": `[a]\nkey = "x"${" ".repeat(size)}y`,
    "comment signs in a word": `[a]\nkey = ${filledBy("x#;")}`,
    backslashes: `[a]\nkey = ${"\\".repeat(size)}`,
    lines: "\n".repeat(size),
    "lines that make no sense": filledBy("x\n"),
    headers: filledBy("[a]\n"),
    profiles: Array.from({ length: size / 10 }, (_, index) => `[p${index}]\n`).join(""),
    settings: `[a]\n${Array.from({ length: size / 10 }, (_, index) => `k${index} = v\n`).join("")}`
  }
  it.each(Object.entries(worst))("of %s is read in less than a second", (_, text) => {
    within(1_000, () => void CredentialsFile.parse(text))
  })
})

describe("a config file of a quarter of a megabyte", () => {
  const named = (count: number, settings: (index: number) => object) =>
    JSON.stringify({
      current: "p0",
      profiles: Array.from({ length: count }, (_, index) => ({ name: `p${index}`, ...settings(index) }))
    })
  const worst: Readonly<Record<string, string>> = {
    profiles: named(5_000, () => ({ mode: "AK", access_key_id: "x" })),
    "profiles without a name": `{"profiles":[${filledBy("{},")}1]}`,
    settings: JSON.stringify({
      profiles: [Object.fromEntries(Array.from({ length: 15_000 }, (_, index) => [`key${index}`, index]))]
    }),
    lines: `{${"\n".repeat(size)}"profiles":[{"name":"a"}]}`,
    brackets: "[".repeat(size),
    braces: filledBy('{"a":'),
    "an open text": `"${filledBy("x ")}`,
    "escapes in an open text": `{"a":"${filledBy("\\\\")}`,
    "a text of escapes": `{"profiles":[],"a":"${filledBy("\\\\")}"}`,
    digits: "1".repeat(size),
    blanks: " ".repeat(size),
    numbers: `{"profiles":[${filledBy("1,\n")}1]}`
  }
  it.each(Object.entries(worst))("of %s is read in less than a second", (_, text) => {
    within(1_000, () => void Result.map(CliConfig.parse(text), (config) => CliConfig.plan(config, undefined)))
  })
})

describe("a chain of profiles", () => {
  const role = { mode: "ChainableRamRoleArn", ram_role_arn: "acs:ram::123456789012:role/reader" }
  const chain = (count: number, last: object) =>
    JSON.stringify({
      current: "p0",
      profiles: [
        ...Array.from({ length: count }, (_, index) => ({
          name: `p${index}`,
          ...role,
          source_profile: `p${index + 1}`
        })),
        { name: `p${count}`, ...last }
      ]
    })
  const ends: Readonly<Record<string, readonly [last: object, reason: string]>> = {
    "to one without keys": [{ mode: "AK" }, "Incomplete"],
    "to one that is not there": [{ ...role, source_profile: "gone" }, "UnknownProfile"],
    "to its beginning": [{ ...role, source_profile: "p0" }, "Malformed"],
    "to an instance without a role": [{ mode: "EcsRamRole" }, "Unavailable"]
  }
  for (const count of [1_000, 10_000]) {
    for (const [what, [last, reason]] of Object.entries(ends)) {
      bothWays(`of ${count}, ${what}, does not overflow the stack`, () =>
        Effect.map(
          asking(Alibaba.CliProfile.make(), { files: { [configFile]: chain(count, last) } }),
          ({ error }) => {
            assert.deepInclude({ ...error }, { reason })
            assert.isBelow(error?.message.length ?? 0, 2_000)
          }
        )
      )
    }
  }

  it.each(Object.entries(ends))("of 12,000, %s, is followed without a stack", (_, [last]) => {
    const planned = Result.flatMap(CliConfig.parse(chain(12_000, last)), (config) =>
      CliConfig.plan(config, undefined)
    )
    assert.isTrue(Result.isResult(planned))
  })
})
