import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/testing/TestClock"
import { Alibaba, Aws, GithubActions } from "../../src/index.js"
import { credentialError } from "../support/refusals.js"
import { emulated } from "../support/roleClouds.js"
import { type Answer, fault, never, reply, scripted } from "../support/scripted.js"

const variables = {
  ACTIONS_ID_TOKEN_REQUEST_URL: "https://actions.test/token?api-version=2.0&job=PLANTED-QUERY",
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: "PLANTED-BEARER"
}

const token = (audience = "sts.amazonaws.com") => GithubActions.token(audience, "aws")

const over = (environment: Readonly<Record<string, string>>, ...answers: ReadonlyArray<Answer>) => {
  const http = scripted(...answers)
  return {
    http,
    provided: <A, E, R>(effect: Effect.Effect<A, E, R>) =>
      effect.pipe(
        Effect.provide(http.layer),
        Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(environment))
      )
  }
}

const given = reply(200, { count: 1, value: "PLANTED.ID.TOKEN" })

const hides = (error: unknown) => {
  const text = `${JSON.stringify(error)} ${String(error)}`
  for (const secret of ["PLANTED-BEARER", "PLANTED-QUERY", "PLANTED.ID"]) assert.notInclude(text, secret)
}

describe("GitHub Actions", () => {
  it.effect("gives a token for the audience", () =>
    Effect.gen(function* () {
      const { http, provided } = over(variables, given)
      const secret = yield* provided(token("https://a.test/?x=1&y"))
      assert.strictEqual(Redacted.value(secret), "PLANTED.ID.TOKEN")
      const [sent] = http.sent
      const url = new URL(sent?.url ?? "")
      assert.strictEqual(url.searchParams.get("audience"), "https://a.test/?x=1&y")
      assert.strictEqual(url.searchParams.get("api-version"), "2.0")
      assert.strictEqual(sent?.headers["authorization"], "Bearer PLANTED-BEARER")
    })
  )

  it.effect("is for each cloud by its usual audience", () =>
    Effect.gen(function* () {
      const { http, provided } = over(variables, given)
      yield* provided(Aws.WebIdentity.githubActions())
      yield* provided(Alibaba.Oidc.githubActions())
      yield* provided(Alibaba.Oidc.githubActions({ audience: "own" }))
      assert.deepStrictEqual(
        http.sent.map(({ url }) => new URL(url).searchParams.get("audience")),
        ["sts.amazonaws.com", "sts.aliyuncs.com", "own"]
      )
    })
  )

  for (const name of Object.keys(variables)) {
    it.effect(`without ${name} names the missing permission`, () =>
      Effect.gen(function* () {
        const { http, provided } = over({ ...variables, [name]: "" }, given)
        const error = yield* provided(credentialError(token()))
        assert.strictEqual(error.reason, "Incomplete")
        assert.strictEqual(error.key, name)
        assert.include(error.message, "id-token: write")
        assert.strictEqual(http.sent.length, 0)
        hides(error)
      })
    )
  }

  for (const url of ["http://actions.test/token", "actions.test", "file:///etc/passwd"]) {
    it.effect(`does not send the job's token to ${url}`, () =>
      Effect.gen(function* () {
        const { http, provided } = over({ ...variables, ACTIONS_ID_TOKEN_REQUEST_URL: url }, given)
        const error = yield* provided(credentialError(token()))
        assert.strictEqual(error.reason, "Malformed")
        assert.strictEqual(http.sent.length, 0)
      })
    )
  }

  const failures: ReadonlyArray<[name: string, answer: Answer, reason: string, attempts: number]> = [
    ["refuses", reply(403, "PLANTED.ID.TOKEN"), "Refused", 1],
    ["is busy", reply(503, "PLANTED.ID.TOKEN"), "Unavailable", 3],
    ["is elsewhere", reply(302, "", { location: "https://evil.test" }), "Refused", 1],
    ["cannot be reached", fault("ECONNREFUSED"), "Unavailable", 3],
    ["does not answer", never, "Unavailable", 3],
    ["answers with something else", reply(200, "<html>PLANTED.ID.TOKEN</html>"), "Unavailable", 1],
    ["answers without a token", reply(200, { value: "" }), "Unavailable", 1]
  ]
  for (const [name, answer, reason, attempts] of failures) {
    it.effect(`that ${name} is an error without secrets`, () =>
      Effect.gen(function* () {
        const { http, provided } = over(variables, answer)
        const fiber = yield* Effect.forkChild(provided(credentialError(token())))
        yield* TestClock.adjust("1 minute")
        const error = yield* Fiber.join(fiber)
        assert.strictEqual(error.reason, reason)
        assert.strictEqual(error.source, "GitHub Actions")
        assert.strictEqual(http.sent.length, attempts)
        hides(error)
      })
    )
  }

  it.effect("a missing token fails the role", () =>
    emulated(() =>
      Effect.gen(function* () {
        const { get } = yield* Aws.WebIdentity.make({
          roleArn: "arn:aws:iam::123456789012:role/oidc",
          token: Aws.WebIdentity.githubActions()
        })
        assert.strictEqual((yield* credentialError(get)).reason, "Incomplete")
      })
    )
  )
})
