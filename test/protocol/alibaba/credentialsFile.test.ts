import { assert, describe, it } from "@effect/vitest"
import { parse } from "../../../src/protocol/alibaba/credentialsFile.js"

const valueOf = (line: string): string | undefined =>
  parse(`[default]\n${line}\n`).profiles.get("default")?.settings.get("key")?.value

describe("a value in the credentials file", () => {
  for (const [line, value] of [
    ["key = plain", "plain"],
    ["KEY=plain", "plain"],
    ["key = a=b==", "a=b=="],
    ["key = plain # comment", "plain"],
    ["key = plain\t; comment", "plain"],
    ["key = # comment", ""],
    ["key =", ""],
    ["key = with#hash", "with#hash"],
    ["key = with;semicolon # comment", "with;semicolon"],
    ["key = two words", "two words"],
    [String.raw`key = a \# b \; c \\ d`, String.raw`a # b ; c \ d`],
    [String.raw`key = C:\tokens\new`, String.raw`C:\tokens\new`],
    ['key = "a # b" # comment', "a # b"],
    [String.raw`key = "a \" b"`, 'a " b'],
    ["key = 'a ; b'", "a ; b"],
    [`key = {"Version":"1","Statement":[]}`, `{"Version":"1","Statement":[]}`]
  ] as const) {
    it(`is ${JSON.stringify(value)} in ${JSON.stringify(line)}`, () => {
      assert.strictEqual(valueOf(line), value)
    })
  }
})
