/**
 * Roles for the tokens of identity providers, in both clouds.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { Aws, StsCredentialError } from "../../src/index.js"
import type { Entry } from "../support/files.js"
import { credentialError } from "../support/refusals.js"
import { alibaba, asked, aws, emulated, type Given, type RoleCloud } from "../support/roleClouds.js"

const file = "/var/run/secrets/token"
const secretToken = "PLANTED.IDENTITY.TOKEN"

const suite = <C extends Given>(cloud: RoleCloud<C>) => {
  const { fromEnvironment, identityVariables, mintToken, webIdentity } = cloud
  const { others } = identityVariables
  const variables = {
    [identityVariables.role]: cloud.arns.oidcRole,
    [identityVariables.file]: file,
    ...others
  }

  it.effect("a token from an effect is exchanged each time", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        let times = 0
        const token = Effect.andThen(
          Effect.sync(() => times++),
          mintToken(emulator)
        )
        const source = yield* webIdentity({ token, roleSessionName: "job" })
        assert.strictEqual(times, 0)
        const credentials = yield* source.get
        assert.strictEqual(credentials.source, source.name)
        assert.include(source.name, cloud.arns.oidcRole)
        assert.include(yield* cloud.whoIs(source), "oidc/job")
        assert.strictEqual(times, 2)
      })
    )
  )

  it.effect("a token file is read each time, without its last line break", () => {
    const token: { text: string } = { text: "" }
    return emulated(
      (emulator) =>
        Effect.gen(function* () {
          const source = yield* webIdentity({ token: { file } })
          token.text = `${Redacted.value(yield* mintToken(emulator))}\r\n`
          yield* source.get
          token.text = Redacted.value(yield* mintToken(emulator))
          yield* source.get
          const [first, second] = yield* emulator.requests
          const name = cloud.cloud === "aws" ? "WebIdentityToken" : "OIDCToken"
          assert.notInclude(first?.parameter(name), "\n")
          assert.strictEqual(second?.parameter(name), token.text)
          assert.match(second?.parameter("RoleSessionName") ?? "", /^effect-sts-/)
        }),
      {},
      { [file]: token }
    )
  })

  const broken: ReadonlyArray<[name: string, entry: Entry | undefined, reason: string, words: string]> = [
    ["missing", undefined, "Unreadable", "NotFound"],
    ["unreadable", { text: secretToken, unreadable: true }, "Unreadable", "PermissionDenied"],
    ["empty", { text: " \n" }, "Malformed", "empty"],
    ["of two lines", { text: `${secretToken}\n${secretToken}` }, "Malformed", "more than one"],
    ["with a carriage return inside", { text: `${secretToken}\rX` }, "Malformed", "more than one"]
  ]
  for (const [name, entry, reason, words] of broken) {
    it.effect(`a token file that is ${name} fails without showing it`, () =>
      emulated(
        (emulator) =>
          Effect.gen(function* () {
            const error = yield* credentialError((yield* webIdentity({ token: { file } })).get)
            assert.strictEqual(error.reason, reason)
            assert.include(error.message, file)
            assert.include(error.message, words)
            assert.notInclude(JSON.stringify(error) + error.message, secretToken)
            assert.deepStrictEqual(yield* asked(emulator), [])
          }),
        {},
        entry === undefined ? {} : { [file]: entry }
      )
    )
  }

  it.effect("a missing token ends the search", () =>
    emulated(() =>
      Effect.gen(function* () {
        const none = new StsCredentialError({
          cloud: cloud.cloud,
          source: "CI",
          reason: "NotConfigured",
          detail: "there is no job"
        })
        const error = yield* credentialError((yield* webIdentity({ token: Effect.fail(none) })).get)
        assert.strictEqual(error.reason, "Incomplete")
        assert.include(error.message, "there is no job")
      })
    )
  )

  it.effect("a refused token shows the service's code and message, not the token", () =>
    emulated(() =>
      Effect.gen(function* () {
        const token = Effect.succeed(Redacted.make(secretToken))
        const error = yield* credentialError((yield* webIdentity({ token })).get)
        assert.strictEqual(error.reason, "Refused")
        const { cause } = error
        assert.strictEqual(cause?._tag, "StsApiError")
        assert.include(error.message, cause?._tag === "StsApiError" ? cause.code : "?")
        assert.include(error.message, cause?._tag === "StsApiError" ? cause.detail : "?")
        assert.notInclude(JSON.stringify(error) + error.message, secretToken)
      })
    )
  )

  it.effect("the environment is read each time", () =>
    Effect.gen(function* () {
      const token: { text: string } = { text: "" }
      yield* emulated(
        (emulator) =>
          Effect.gen(function* () {
            token.text = Redacted.value(yield* mintToken(emulator))
            const source = yield* fromEnvironment
            assert.deepStrictEqual(yield* asked(emulator), [])
            assert.include(yield* cloud.whoIs(source), "/oidc/")
          }),
        variables,
        { [file]: token }
      )
    })
  )

  it.effect("a missing token file is reported with its variable", () =>
    emulated(
      () =>
        Effect.gen(function* () {
          const error = yield* credentialError((yield* fromEnvironment).get)
          assert.strictEqual(error.reason, "Unreadable")
          assert.strictEqual(error.key, identityVariables.file)
        }),
      variables
    )
  )

  it.effect("an empty environment counts as not configured", () =>
    emulated(() =>
      Effect.gen(function* () {
        const error = yield* credentialError((yield* fromEnvironment).get)
        assert.strictEqual(error.reason, "NotConfigured")
      })
    )
  )

  it.effect("a token without a role is reported", () => {
    const { [identityVariables.role]: _, ...rest } = variables
    return emulated(
      () =>
        Effect.gen(function* () {
          const error = yield* credentialError((yield* fromEnvironment).get)
          assert.strictEqual(error.reason, "Incomplete")
          assert.strictEqual(error.key, identityVariables.role)
          assert.include(error.message, identityVariables.role)
        }),
      { ...rest, [identityVariables.role]: "  " }
    )
  })

  it.effect("the environment's session name is used", () =>
    Effect.gen(function* () {
      const token: { text: string } = { text: "" }
      const name = cloud.cloud === "aws" ? "AWS_ROLE_SESSION_NAME" : "ALIBABA_CLOUD_ROLE_SESSION_NAME"
      yield* emulated(
        (emulator) =>
          Effect.gen(function* () {
            token.text = Redacted.value(yield* mintToken(emulator))
            assert.include(yield* cloud.whoIs(yield* fromEnvironment), "/oidc/pod")
          }),
        { ...variables, [name]: "pod" },
        { [file]: token }
      )
    })
  )
}

describe("identity tokens on AWS", () => {
  suite(aws)

  it.effect("a role without a token file counts as not configured", () =>
    emulated(
      () =>
        Effect.gen(function* () {
          const error = yield* credentialError((yield* aws.fromEnvironment).get)
          assert.strictEqual(error.reason, "NotConfigured")
        }),
      { AWS_ROLE_ARN: aws.arns.oidcRole }
    )
  )

  it.effect("IDPCommunicationError is retried", () =>
    emulated((emulator) =>
      Effect.gen(function* () {
        const code = "IDPCommunicationError"
        yield* emulator.addFault({ _tag: "Refused", status: 400, code, message: "timeout" }, { times: 2 })
        const source = yield* aws.webIdentity({ token: aws.mintToken(emulator) })
        const { accountId } = yield* source.get
        assert.strictEqual(accountId, aws.account)
        assert.strictEqual((yield* asked(emulator)).length, 3)
      })
    )
  )
})

describe("identity tokens on Alibaba Cloud", () => {
  suite(alibaba)

  it.effect("missing variables are named", () =>
    emulated(
      () =>
        Effect.gen(function* () {
          const error = yield* credentialError((yield* alibaba.fromEnvironment).get)
          assert.strictEqual(error.reason, "Incomplete")
          assert.include(error.detail, "ALIBABA_CLOUD_ROLE_ARN and ALIBABA_CLOUD_OIDC_PROVIDER_ARN are not")
        }),
      { ALIBABA_CLOUD_OIDC_TOKEN_FILE: "/var/token" }
    )
  )
})

describe("layers of identity tokens", () => {
  it.effect("layers cache credentials until shortly before expiry", () =>
    Effect.gen(function* () {
      const token: { text: string } = { text: "" }
      yield* emulated(
        (emulator) =>
          Effect.gen(function* () {
            token.text = Redacted.value(yield* aws.mintToken(emulator))
            const { get } = yield* Effect.provide(
              Aws.CredentialProvider,
              Aws.WebIdentity.layerFromEnvironment
            )
            const { accessKeyId } = yield* get
            yield* TestClock.adjust("30 minutes")
            assert.strictEqual((yield* get).accessKeyId, accessKeyId)
            token.text = Redacted.value(yield* aws.mintToken(emulator))
            yield* TestClock.adjust("25 minutes")
            assert.notStrictEqual((yield* get).accessKeyId, accessKeyId)
            assert.strictEqual((yield* asked(emulator)).length, 2)
          }),
        { AWS_ROLE_ARN: aws.arns.oidcRole, AWS_WEB_IDENTITY_TOKEN_FILE: file },
        { [file]: token }
      )
    })
  )
})
