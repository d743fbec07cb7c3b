import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import * as FastCheck from "fast-check"
import { parse, type Rule, type Sections } from "../../../src/protocol/aws/profileFile.js"
import { merge } from "../../../src/protocol/aws/profileGraph.js"

const file = "/home/alice/.aws/config"

const config = (...lines: ReadonlyArray<string>) => parse("config", file, lines.join("\n"))

const settingsOf = ({ profiles }: Sections, profile: string) =>
  Object.fromEntries(Array.from(profiles.get(profile)?.settings ?? [], ([key, { value }]) => [key, value]))

describe("the shared config file", () => {
  it("has profiles, sessions and services, each setting with its place", () => {
    const sections = Result.getOrThrow(
      config(
        "\uFEFF# mine\r",
        "[default] # the usual one\r",
        "Region = eu-west-1 ; near\r",
        "[profile prod]",
        "role_arn=arn:aws:iam::123456789012:role/a#b",
        "[sso-session work]",
        "sso_region = us-east-1",
        "[services local]",
        "sts =",
        "  Endpoint_URL = https://sts.test # here",
        "",
        "  # and for S3 nothing",
        "  api = 1"
      )
    )
    assert.deepStrictEqual([...sections.profiles.keys()], ["default", "prod"])
    assert.deepStrictEqual(sections.profiles.get("default")?.settings.get("region"), {
      value: "eu-west-1",
      kind: "config",
      file,
      line: 3,
      nested: new Map()
    })
    assert.deepStrictEqual(settingsOf(sections, "prod"), { role_arn: "arn:aws:iam::123456789012:role/a#b" })
    assert.strictEqual(sections.ssoSessions.get("work")?.line, 6)
    const nested = sections.services.get("local")?.settings.get("sts")?.nested
    assert.deepStrictEqual(
      Array.from(nested ?? [], ([key, { line, value }]) => [key, value, line]),
      [
        ["endpoint_url", "https://sts.test", 10],
        ["api", "1", 13]
      ]
    )
    assert.deepStrictEqual(sections.notes, [])
  })

  it("notes ignored lines, with the profile they may have meant", () => {
    const sections = Result.getOrThrow(
      config(
        "[prod]",
        "a = 1",
        "[profile in valid]",
        "[profile default]",
        "not a name = 1",
        "[default]",
        "[sso-sesion work]",
        "[constructor other]"
      )
    )
    assert.deepStrictEqual(
      sections.notes.map(({ line, profile }) => [line, profile]),
      [
        [1, "prod"],
        [3, "in valid"],
        [5, undefined],
        [7, "work"],
        [8, "other"],
        [6, "default"]
      ]
    )
    assert.deepStrictEqual([...sections.profiles.keys()], ["default"])
  })

  it("is overridden by the credentials file, setting by setting", () => {
    const stored = parse(
      "credentials",
      "stored",
      "[prod]\nAWS_ACCESS_KEY_ID = b\n[other]\nx = 1\n[profile odd]\n"
    )
    const both = merge(
      Result.getOrThrow(config("[profile prod]", "aws_access_key_id = a", "region = eu-west-1")),
      Result.getOrThrow(stored)
    )
    assert.deepStrictEqual(settingsOf(both, "prod"), { aws_access_key_id: "b", region: "eu-west-1" })
    assert.strictEqual(both.profiles.get("prod")?.settings.get("aws_access_key_id")?.file, "stored")
    assert.deepStrictEqual([...both.profiles.keys()], ["prod", "other"])
    assert.deepStrictEqual(
      both.notes.map(({ file: place, key, line }) => [place, line, key]),
      [
        ["stored", 5, undefined],
        [file, 2, "aws_access_key_id"]
      ]
    )
  })

  const faults: ReadonlyArray<readonly [rule: Rule, line: number, lines: ReadonlyArray<string>]> = [
    ["UnclosedHeader", 2, ["[default]", "[profile PLANTED"]],
    ["UnclosedHeader", 1, ["[profile PLANTED # ]"]],
    ["OutsideSection", 2, ["", "PLANTED = 1"]],
    ["OutsideSection", 1, [" PLANTED"]],
    ["OutsideSetting", 2, ["[default]", "\tPLANTED"]],
    ["OutsideSetting", 4, ["[default]", "a = 1", "[default]", " PLANTED"]],
    ["NoEqualsSign", 2, ["[default]", "PLANTED"]],
    ["NoEqualsSign", 2, ["[default]", "PLANTED # = 1"]],
    ["NoEqualsSign", 4, ["[default]", "s3 =", " a = 1", " PLANTED"]],
    ["NoName", 2, ["[default]", "= PLANTED"]],
    ["NoName", 3, ["[default]", "s3 =", " = PLANTED"]]
  ]

  for (const [rule, line, lines] of faults) {
    it(`breaks off at ${JSON.stringify(lines.at(-1))}: ${rule}`, () => {
      const fault = Result.getOrThrow(Result.flip(config(...lines)))
      assert.deepInclude({ ...fault }, { rule, line })
      assert.notInclude(fault.detail, "PLANTED")
    })
  }

  it("keeps indented lines with the setting above", () => {
    const sections = Result.getOrThrow(
      config(
        "[profile prod]",
        "region = a",
        "  b = c",
        "  # note",
        "  d",
        "s3 =",
        "  ; note",
        "  e = f",
        "two words = 1",
        "  [profile other]"
      )
    )
    assert.deepStrictEqual(
      sections.profiles.get("prod")?.asides.map(({ as, below, key, line }) => [line, as, key, below]),
      [
        [3, "text", "b", "region"],
        [5, "text", undefined, "region"],
        [8, "nested", "e", "s3"],
        [9, "badName", "two words", undefined],
        [10, "header", undefined, "two words"]
      ]
    )
    assert.strictEqual(sections.profiles.get("prod")?.settings.get("region")?.value, "a\nb = c\nd")
  })

  it("never throws, and its faults and notes show none of the text", () => {
    const piece = FastCheck.constantFrom(
      "[",
      "]",
      "=",
      " ",
      "\t",
      "\n",
      "\r\n",
      "#",
      ";",
      '"',
      "'",
      "\\",
      "\0",
      "profile",
      "default",
      "PLANTED"
    )
    FastCheck.assert(
      FastCheck.property(FastCheck.array(piece, { maxLength: 30 }), (pieces) => {
        const outcome = parse("config", file, pieces.join(""))
        const words = Result.isFailure(outcome)
          ? [outcome.failure.detail]
          : outcome.success.notes.map(({ detail }) => detail)
        for (const text of words) assert.notInclude(text, "PLANTED")
      })
    )
  })
})
