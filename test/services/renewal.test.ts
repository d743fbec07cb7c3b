/**
 * Operations whose credentials are refused: others are got and tried once, in both clouds.
 */

import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import {
  type Cloud,
  type CredentialSource,
  RequestPolicy,
  type RequestPolicyOptions,
  type SourceError,
  StsApiError,
  StsCredentialError
} from "../../src/index.js"
import { AwsSeed } from "../../src/testing.js"
import { type Answer, identity, refusal, reply, scripted } from "../support/scripted.js"

const noon = Date.UTC(2026, 0, 1, 12)

type Call = Effect.Effect<unknown, unknown, HttpClient.HttpClient>

/** A cloud, and how it refuses credentials. */
interface Dialect {
  readonly cloud: Cloud
  /** Codes after which others are tried. */
  readonly rejecting: ReadonlyArray<string>
  /** Codes after which they are not. */
  readonly final: ReadonlyArray<string>
  readonly wrongTime: string
  readonly refuse: (code: string, headers?: Readonly<Record<string, string>>) => Answer
  readonly accept: Answer
  /** A call with a source that gives keys with these ids, one after the other, the last one for good. */
  readonly call: (source: Scripted) => Call
}

type Given = string | SourceError

interface Scripted {
  readonly ids: ReadonlyArray<Given>
  readonly deaf?: boolean
  readonly refused: Array<string>
  asked: number
}

const script = (ids: ReadonlyArray<Given>, deaf = false): Scripted => ({ ids, deaf, refused: [], asked: 0 })

/** Goes on to the next key only when the one before is invalidated. */
const sourceOf = <Credentials>(
  told: Scripted,
  make: (id: string) => Credentials
): CredentialSource<Credentials> => ({
  name: "scripted",
  get: Effect.suspend(() => {
    told.asked++
    const given = told.ids[Math.min(told.refused.length, told.ids.length - 1)]
    return typeof given === "string" ? Effect.succeed(make(given)) : Effect.fail(given as SourceError)
  }),
  invalidate: told.deaf
    ? undefined
    : (id) =>
        Effect.sync(() => {
          told.refused.push(id)
        })
})

const xml = (status: number, body: string, headers = {}) =>
  reply(status, body, { "content-type": "text/xml", ...headers })

const aws: Dialect = {
  cloud: "aws",
  rejecting: [
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "InvalidToken"
  ],
  final: ["AccessDenied", "SignatureDoesNotMatch", "MalformedPolicyDocument"],
  wrongTime: "RequestExpired",
  refuse: (code, headers) =>
    xml(
      403,
      `<ErrorResponse><Error><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`,
      headers
    ),
  accept: xml(
    200,
    `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>${AwsSeed.arns.user}</Arn><UserId>AIDA</UserId><Account>${AwsSeed.accountId}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`
  ),
  call: (told) => {
    const make = (accessKeyId: string) =>
      new Aws.Credentials({ accessKeyId, secretAccessKey: Redacted.make("PLANTED-SECRET") })
    return Aws.getCallerIdentity().pipe(
      Effect.provide(
        Layer.merge(Aws.SignerV4.layer, Layer.succeed(Aws.CredentialProvider, sourceOf(told, make)))
      )
    )
  }
}

const alibaba: Dialect = {
  cloud: "alibaba",
  rejecting: [
    "InvalidSecurityToken.Expired",
    "InvalidSecurityToken.Malformed",
    "InvalidAccessKeyId.NotFound",
    "InvalidAccessKeyId.Inactive"
  ],
  final: ["NoPermission", "SignatureDoesNotMatch", "EntityNotExist.Role"],
  wrongTime: "InvalidTimeStamp.Expired",
  refuse: (code, headers) => refusal(403, code, "no", headers),
  accept: identity,
  call: (told) => {
    const make = (accessKeyId: string) =>
      new Alibaba.Credentials({ accessKeyId, accessKeySecret: Redacted.make("PLANTED-SECRET") })
    return Alibaba.getCallerIdentity().pipe(
      Effect.provide(
        Layer.merge(Alibaba.SignerAcs3.layer, Layer.succeed(Alibaba.CredentialProvider, sourceOf(told, make)))
      )
    )
  }
}

const run = (
  dialect: Dialect,
  told: Scripted,
  answers: ReadonlyArray<Answer>,
  options: RequestPolicyOptions = {}
) => {
  const http = scripted(...answers)
  return TestClock.setTime(noon).pipe(
    Effect.andThen(dialect.call(told)),
    RequestPolicy.adjust({ jitter: false, aws: { region: "eu-west-1" }, ...options }),
    Effect.provide(http.layer),
    Effect.exit,
    Effect.map((exit) => ({ exit, signedBy: http.sent.map(({ headers }) => keyIn(headers)) }))
  )
}

const keyIn = (headers: Readonly<Record<string, string>>): string | undefined =>
  /Credential=([^,/]+)/.exec(headers["authorization"] ?? "")?.[1]

const errorOf = (exit: Exit.Exit<unknown, unknown>): unknown => {
  assert.isTrue(Exit.isFailure(exit))
  return Exit.isFailure(exit) ? Option.getOrUndefined(Cause.findErrorOption(exit.cause)) : undefined
}

const codeOf = (exit: Exit.Exit<unknown, unknown>): unknown => {
  const error = errorOf(exit)
  return error instanceof StsApiError ? error.code : error
}

describe.each([aws, alibaba])("$cloud", (dialect) => {
  const { accept, final, refuse, rejecting, wrongTime } = dialect
  const [expired = ""] = rejecting

  for (const code of rejecting) {
    it.effect(`${code} renews the credentials`, () =>
      Effect.gen(function* () {
        const told = script(["OLD", "NEW"])
        const { exit, signedBy } = yield* run(dialect, told, [refuse(code), accept])
        assert.isTrue(Exit.isSuccess(exit))
        assert.deepStrictEqual(signedBy, ["OLD", "NEW"])
        assert.deepStrictEqual(told.refused, ["OLD"])
      })
    )
  }

  for (const code of final) {
    it.effect(`${code} keeps the credentials`, () =>
      Effect.gen(function* () {
        const told = script(["OLD", "NEW"])
        const { exit, signedBy } = yield* run(dialect, told, [refuse(code), accept])
        assert.strictEqual(codeOf(exit), code)
        assert.deepStrictEqual(signedBy, ["OLD"])
        assert.deepStrictEqual(told.refused, [])
      })
    )
  }

  it.effect("new credentials that are refused too end the call", () =>
    Effect.gen(function* () {
      const told = script(["OLD", "NEW", "NEWEST"])
      const { exit, signedBy } = yield* run(dialect, told, [refuse(expired), refuse(expired), accept])
      assert.strictEqual(codeOf(exit), expired)
      assert.deepStrictEqual(signedBy, ["OLD", "NEW"])
      assert.deepStrictEqual(told.refused, ["OLD"])
    })
  )

  it.effect("equal credentials are not sent twice", () =>
    Effect.gen(function* () {
      const told = script(["OLD"])
      const { exit, signedBy } = yield* run(dialect, told, [refuse(expired), accept])
      assert.strictEqual(codeOf(exit), expired)
      assert.deepStrictEqual(signedBy, ["OLD"])
      assert.deepStrictEqual(told.refused, ["OLD"])
    })
  )

  it.effect("a source without renewal is not asked", () =>
    Effect.gen(function* () {
      const told = script(["OLD", "NEW"], true)
      const { exit, signedBy } = yield* run(dialect, told, [refuse(expired), accept])
      assert.strictEqual(codeOf(exit), expired)
      assert.deepStrictEqual(signedBy, ["OLD"])
      assert.strictEqual(told.asked, 1)
    })
  )

  it.effect("the call fails with the source's error", () =>
    Effect.gen(function* () {
      const { cloud } = dialect
      const gone = new StsCredentialError({ cloud, source: "scripted", reason: "Expired", detail: "log in" })
      const { exit, signedBy } = yield* run(dialect, script(["OLD", gone]), [refuse(expired), accept])
      assert.strictEqual(errorOf(exit), gone)
      assert.deepStrictEqual(signedBy, ["OLD"])
    })
  )

  it.effect("the attempt with new credentials does not count for the policy", () =>
    Effect.gen(function* () {
      const told = script(["OLD", "NEW"])
      const { exit, signedBy } = yield* run(dialect, told, [refuse(expired), accept], { maxAttempts: 1 })
      assert.isTrue(Exit.isSuccess(exit))
      assert.deepStrictEqual(signedBy, ["OLD", "NEW"])
    })
  )

  it.effect("clock skew is corrected too, in either order", () =>
    Effect.gen(function* () {
      const late = { date: new Date(noon + 30 * 60_000).toUTCString() }
      const skewed = refuse(wrongTime, late)
      const twice = { maxAttempts: 2 }
      const first = yield* run(
        dialect,
        script(["OLD", "NEW"]),
        [skewed, refuse(expired, late), accept],
        twice
      )
      assert.isTrue(Exit.isSuccess(first.exit))
      assert.deepStrictEqual(first.signedBy, ["OLD", "OLD", "NEW"])
      const second = yield* run(dialect, script(["OLD", "NEW"]), [refuse(expired), skewed, accept], twice)
      assert.isTrue(Exit.isSuccess(second.exit))
      assert.deepStrictEqual(second.signedBy, ["OLD", "NEW", "NEW"])
    })
  )

  it.effect("errors contain no secret", () =>
    Effect.gen(function* () {
      const { exit } = yield* run(dialect, script(["OLD"]), [refuse(expired)])
      assert.notInclude(JSON.stringify(exit) + String(errorOf(exit)), "PLANTED-SECRET")
    })
  )
})
