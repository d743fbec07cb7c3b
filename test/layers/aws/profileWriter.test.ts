import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Aws from "../../../src/aws.js"
import * as SyncCommand from "../../../src/layers/blocking/SyncCommand.js"
import { AwsProfile } from "../../../src/login.js"
import { Disk } from "../../support/files.js"
import { credentialError } from "../../support/refusals.js"
import { on } from "../../support/signIn.js"

const file = "/home/.aws/credentials"

const issued = new Aws.Credentials({
  accessKeyId: "ASIAEXAMPLE",
  secretAccessKey: Redacted.make("PLANTED-SECRET"),
  sessionToken: Redacted.make("PLANTED-TOKEN")
})

const written =
  "aws_access_key_id = ASIAEXAMPLE\naws_secret_access_key = PLANTED-SECRET\naws_session_token = PLANTED-TOKEN\n"

const longTerm = "[own]\naws_access_key_id = AKIA\naws_secret_access_key = kept\n"

describe("a profile of AWS's credentials file that is written", () => {
  it.effect("is one that this package reads, and the next credentials replace it", () => {
    const disk = new Disk({ [file]: `# mine\n${longTerm}` })
    return Effect.gen(function* () {
      assert.strictEqual(yield* AwsProfile.write(issued, { profile: "role" }), file)
      assert.strictEqual(disk.text(file), `# mine\n${longTerm}\n[role]\n${written}`)
      assert.strictEqual(disk.files.get(file)?.mode, 0o600)
      const source = yield* Aws.Profile.make({ profile: "role" }).pipe(
        Effect.provide([Aws.SignerV4.layer, SyncCommand.layer()])
      )
      assert.strictEqual((yield* source.get).accessKeyId, "ASIAEXAMPLE")
      yield* AwsProfile.write(new Aws.Credentials({ ...issued, accessKeyId: "ASIANEXT" }), {
        profile: "role"
      })
      assert.strictEqual(
        disk.text(file),
        `# mine\n${longTerm}\n[role]\n${written.replace("ASIAEXAMPLE", "ASIANEXT")}`
      )
    }).pipe(on(disk))
  })

  it.effect("replaces no long-term keys, and no file that cannot be read", () => {
    const disk = new Disk({ [file]: longTerm })
    return Effect.gen(function* () {
      const error = yield* credentialError(AwsProfile.write(issued, { profile: "own" }))
      assert.include(error.message, "profile own holds long-term keys, which would be lost")
      disk.readable = false
      const unread = yield* credentialError(AwsProfile.write(issued, { profile: "new" }))
      assert.include(unread.message, "what it holds would be lost")
      assert.strictEqual(disk.text(file), longTerm)
      for (const one of [error, unread]) assert.notInclude(JSON.stringify(one), "PLANTED")
    }).pipe(on(disk))
  })

  for (const [key, settings] of [
    ["role_arn", "role_arn = arn:aws:iam::123456789012:role/r\nsource_profile = base"],
    ["role_arn", "role_arn = arn:aws:iam::123456789012:role/r\nsource_profile = x"],
    ["role_arn", "role_arn = arn:aws:iam::123456789012:role/r\nweb_identity_token_file = /token"],
    ["credential_source", "credential_source = Environment"],
    [
      "sso_account_id",
      "sso_account_id = 1\nsso_role_name = r\nsso_region = us-east-1\nsso_start_url = https://s"
    ]
  ] as const) {
    it.effect(
      `is none that states in a file what counts before keys: ${settings.replaceAll("\n", ", ")}`,
      () => {
        const config = `[profile base]\naws_access_key_id = AKIA\naws_secret_access_key = kept\n[profile x]\n${settings}\n`
        const stated = `[x]\n${settings}\n[base]\naws_access_key_id = AKIA\naws_secret_access_key = kept\n`
        const disks = [new Disk({ "/home/.aws/config": config }), new Disk({ [file]: stated })]
        return Effect.forEach(disks, (disk, index) =>
          Effect.gen(function* () {
            const error = yield* credentialError(AwsProfile.write(issued, { profile: "x" }))
            assert.include(error.message, `profile x states ${key}, which counts before keys`)
            assert.strictEqual(error.file, index === 0 ? "/home/.aws/config" : file)
            assert.strictEqual(disk.text(file), index === 0 ? undefined : stated)
            assert.notInclude(JSON.stringify(error), "PLANTED")
          }).pipe(on(disk))
        )
      }
    )
  }

  it.effect("may state what counts after keys", () => {
    const disk = new Disk({
      "/home/.aws/config":
        "[profile x]\nregion = us-east-1\nlogin_session = me\ncredential_process = /bin/a\n"
    })
    return Effect.gen(function* () {
      assert.strictEqual(yield* AwsProfile.write(issued, { profile: "x" }), file)
      assert.strictEqual(disk.text(file), `[x]\n${written}`)
    }).pipe(on(disk))
  })

  it.effect("may be in another file, which is looked for as the package's others are", () => {
    const disk = new Disk()
    return Effect.gen(function* () {
      const place = yield* AwsProfile.write(issued, { profile: "role", file: "~/other" })
      assert.strictEqual(place, "/home/other")
      assert.strictEqual(disk.text(place), `[role]\n${written}`)
    }).pipe(on(disk))
  })
})
