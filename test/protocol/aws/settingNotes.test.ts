import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import { parse } from "../../../src/protocol/aws/profileFile.js"
import { settingNotes } from "../../../src/protocol/aws/settingNotes.js"

const notes = (set: ReadonlyArray<string>, chosen?: string, config = "") => {
  const { profiles } = Result.getOrThrow(parse("config", "/home/me/.aws/config", config))
  return settingNotes({ set: new Set(set), chosen }, profiles.values()).map(
    ({ key, kind, line }) => `${kind} ${key}${line === undefined ? "" : ` ${line}`}`
  )
}

describe("AWS's settings", () => {
  it("in use have no notes", () => {
    assert.deepStrictEqual(notes(["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"], "environment"), [])
    assert.deepStrictEqual(notes(["AWS_REGION", "AWS_DEFAULT_REGION"]).slice(1), [])
  })

  it("overridden by others have notes", () => {
    assert.deepStrictEqual(notes(["AWS_REGION", "AWS_DEFAULT_REGION"]), ["shadowed AWS_DEFAULT_REGION"])
    assert.deepStrictEqual(notes(["AWS_PROFILE", "AWS_ACCESS_KEY_ID"], "environment"), [
      "shadowed AWS_PROFILE",
      "elsewhere AWS_PROFILE"
    ])
    assert.deepStrictEqual(notes(["AWS_WEB_IDENTITY_TOKEN_FILE"], "profile"), [
      "shadowed AWS_WEB_IDENTITY_TOKEN_FILE"
    ])
  })

  it("treated differently by other tools have notes", () => {
    assert.deepStrictEqual(notes(["AWS_REGION"]), ["elsewhere AWS_REGION"])
    assert.deepStrictEqual(notes(["AWS_DEFAULT_REGION"]), ["elsewhere AWS_DEFAULT_REGION"])
    assert.deepStrictEqual(notes(["AWS_PROFILE"], undefined), ["elsewhere AWS_PROFILE"])
  })

  it("that look misspelt are reported, those of others are not", () => {
    assert.deepStrictEqual(notes(["AWS_ACCES_KEY_ID", "AWS_LAMBDA_FUNCTION_NAME"]), [
      "unknown AWS_ACCES_KEY_ID"
    ])
  })

  it("unread settings of a profile are reported with their line", () => {
    const config =
      "[default]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profil = base\ncolour = red\n"
    assert.deepStrictEqual(notes([], undefined, config), ["unknown source_profil 3", "unknown colour 4"])
  })
})
