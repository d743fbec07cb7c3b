import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import { type Platform, parseWords } from "../../src/protocol/alibaba/external.js"

const cases: ReadonlyArray<readonly [Platform, string, ReadonlyArray<string>]> = [
  ["other", "  tool   get\t--now ", ["tool", "get", "--now"]],
  ["other", `"/opt/my tools/get" 'a b' --name="c d"`, ["/opt/my tools/get", "a b", "--name=c d"]],
  ["other", String.raw`tool a\ b \"c\" "d\"e\f" 'g\h'`, ["tool", "a b", '"c"', 'd"e\\f', "g\\h"]],
  ["other", 'tool "" \'\' x""', ["tool", "", "", "x"]],
  ["other", "tool \\\n  --a b\\\nc", ["tool", "--a", "bc"]],
  ["other", "tool $HOME `id` a;b | c > d *", ["tool", "$HOME", "`id`", "a;b", "|", "c", ">", "d", "*"]],
  ["other", '/bin/echo {"mode":"AK","key":"a b"}', ["/bin/echo", '{"mode":"AK","key":"a b"}']],
  ["other", `echo '{"mode": "AK"}'`, ["echo", '{"mode": "AK"}']],
  [
    "windows",
    String.raw`C:\tools\get.exe \\host\a "C:\Program Files\x.exe"`,
    [String.raw`C:\tools\get.exe`, String.raw`\\host\a`, String.raw`C:\Program Files\x.exe`]
  ],
  ["windows", String.raw`get "a \"b\" c"`, ["get", 'a "b" c']]
]

describe("the words of a command", () => {
  for (const [platform, command, words] of cases) {
    it(`${platform}: ${JSON.stringify(command)}`, () => {
      assert.deepStrictEqual(parseWords(command, platform), Result.succeed(words as [string, ...string[]]))
    })
  }

  for (const command of ["", " \n ", '""', "'' x", 'tool "a', "tool 'a", "tool a\\"]) {
    it(`refuses ${JSON.stringify(command)} without quoting it`, () => {
      const fault = Result.getOrThrow(Result.flip(parseWords(command, "other")))
      assert.notInclude(fault, "tool")
    })
  }
})
