/**
 * Somebody else than a metadata service answers at its address: where nobody asked for it, that is no set-up.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import { Chain, type CredentialSource, StsCredentialError } from "../../src/index.js"
import { type Outcome, running, type Setup } from "../support/awsOutcomes.js"
import { text } from "../support/metadata.js"
import { type Answer, fault, reply } from "../support/scripted.js"

const page = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>PLANTED</body></html>"
const html = (status: number, body = page): Answer => reply(status, body, { "content-type": "text/html" })

/** Who may be at the address, and is no metadata service that answers. */
const others: ReadonlyArray<readonly [name: string, answer: Answer]> = [
  ["switched off (403)", text(403, "")],
  ["a firewall's words", text(403, "Forbidden by policy")],
  ["a page to sign in at", html(200)],
  ["a page without a space", html(200, "<html></html>")],
  ["a redirect to a page", text(302, "", { location: "http://portal.test/" })],
  ["a lasting redirect", text(301, "", { location: "https://portal.test/" })],
  ["a bad request", text(400, "Bad Request")],
  ["unauthorized", text(401, "")],
  ["a proxy that wants a password", html(407)],
  ["not found", html(404)],
  ["no such method", text(405, "")],
  ["gone", text(410, "")],
  ["a teapot", text(418, "")],
  ["too many requests", text(429, "")],
  ["an error", text(500, "oops")],
  ["not implemented", text(501, "")],
  ["a gateway's page", html(502)],
  ["an outage", text(503, "")],
  ["a gateway's silence", text(504, "")],
  ["nothing", text(200, "")],
  ["no content", text(204, "")],
  ["ok", text(200, "ok")],
  ["two words", text(200, "It works!")],
  ["a document", reply(200, {})],
  ["another document", reply(200, { error: "not here" })],
  ["a list", reply(200, [])],
  ["a flood", text(200, "x".repeat(2 * 1024 * 1024))],
  ["a cut connection", fault("ECONNRESET")]
]

/** Runs over the pauses between attempts. */
const patiently = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(effect)
    yield* TestClock.adjust("20 seconds")
    return yield* Fiber.join(fiber)
  })

type Got<A> = Effect.Effect<Outcome<A>>

const env = { ALIBABA_CLOUD_CLI_PROFILE_DISABLED: "true" }

const on = <C extends Aws.Credentials | Alibaba.Credentials>(
  making: Effect.Effect<CredentialSource<C>, never, Aws.Profile.Services>,
  setup: Setup
): Got<C> =>
  running(
    Effect.flatMap(making, ({ get }) => get),
    { ...setup, env: { ...env, ...setup.env } }
  )

const alibabaChain = Effect.provide(Alibaba.DefaultChain.make(), Alibaba.SignerAcs3.layer)
const alibabaLenient = Effect.provide(
  Alibaba.DefaultChain.make({ continueOnFailure: true }),
  Alibaba.SignerAcs3.layer
)

describe("A6: metadata service that was not configured", () => {
  for (const [name, answer] of others) {
    it.effect(`${name} counts as not configured, in any chain`, () =>
      Effect.gen(function* () {
        for (const chain of [
          on(Aws.DefaultChain.make(), { answers: [answer] }),
          on(Aws.DefaultChain.make({ continueOnFailure: true }), { answers: [answer] }),
          on(alibabaChain, { answers: [answer] }),
          on(alibabaLenient, { answers: [answer] })
        ]) {
          const { error } = yield* patiently(chain as Got<unknown>)
          assert.instanceOf(error, StsCredentialError)
          assert.strictEqual(error.reason, "NotConfigured")
          const told = error.attempts?.map(({ source }) => source) ?? []
          assert.isAbove(told.length, 3)
          assert.isTrue(told.some((source) => source === "instance metadata" || source === "ECS RAM role"))
          assert.isTrue(error.attempts?.every(({ reason }) => reason === "NotConfigured"))
          assert.notInclude(error.message, "PLANTED")
        }
      })
    )

    it.effect(`${name} is skipped for the next source`, () =>
      Effect.gen(function* () {
        const making = Effect.map(Aws.InstanceMetadata.make(), (metadata) =>
          Chain.make("aws", "mine", [metadata, Aws.Environment.source])
        )
        const keys = { AWS_ACCESS_KEY_ID: "AKIANEXT", AWS_SECRET_ACCESS_KEY: "PLANTED-SECRET" }
        const { value } = yield* patiently(on(making, { answers: [answer], env: keys }))
        assert.strictEqual(value?.accessKeyId, "AKIANEXT")
      })
    )
  }

  /** Who knows no tokens, and says something well formed to one request and to the next what no metadata service says. */
  const half: ReadonlyArray<readonly [name: string, token: Answer, list: Answer, document: Answer]> = [
    ["a page behind a word", text(501, ""), text(200, "two"), html(200)],
    ["words without tokens", text(404, ""), text(200, "two"), text(200, "three")],
    ["another service's document without tokens", text(405, ""), text(200, "two"), reply(200, { a: 1 })]
  ]

  for (const [name, token, list, document] of half) {
    it.effect(`${name} counts as not configured, in any chain, and also the next time`, () =>
      Effect.gen(function* () {
        const service: Answer = (request, sent) => {
          const { pathname } = new URL(request.url)
          const answers = pathname.endsWith("/token") ? token : pathname.endsWith("/") ? list : document
          return answers(request, sent)
        }
        const twice = <A extends Aws.Credentials | Alibaba.Credentials, R>(
          making: Effect.Effect<CredentialSource<A>, never, R>
        ) =>
          Effect.map(making, ({ get, ...source }) => ({
            ...source,
            get: Effect.catch(get, () => get)
          }))
        for (const got of [
          on(twice(Aws.DefaultChain.make()), { answers: [service] }),
          on(twice(Aws.DefaultChain.make({ continueOnFailure: true })), { answers: [service] }),
          on(twice(Aws.InstanceMetadata.make()), { answers: [service] }),
          on(twice(alibabaChain), { answers: [service] }),
          on(twice(alibabaLenient), { answers: [service] }),
          on(twice(Alibaba.EcsRamRole.make()), { answers: [service] })
        ]) {
          const { error } = yield* patiently(got as Got<unknown>)
          assert.instanceOf(error, StsCredentialError)
          assert.strictEqual(error.reason, "NotConfigured")
        }
        const { error } = yield* patiently(
          on(Aws.InstanceMetadata.make({ required: true }), { answers: [service] })
        )
        assert.notStrictEqual((error as StsCredentialError).reason, "NotConfigured")
      })
    )
  }

  const asked: ReadonlyArray<readonly [how: string, got: (answer: Answer) => Got<unknown>]> = [
    [
      "AWS_EC2_METADATA_SERVICE_ENDPOINT",
      (answer) =>
        on(Aws.DefaultChain.make(), {
          answers: [answer],
          env: { AWS_EC2_METADATA_SERVICE_ENDPOINT: "http://169.254.169.254" }
        })
    ],
    [
      "AWS_EC2_INSTANCE_PROFILE_NAME",
      (answer) =>
        on(Aws.DefaultChain.make(), { answers: [answer], env: { AWS_EC2_INSTANCE_PROFILE_NAME: "web" } })
    ],
    [
      "a profile's ec2_metadata_service_endpoint",
      (answer) =>
        on(Aws.DefaultChain.make(), {
          answers: [answer],
          config: "[default]\nec2_metadata_service_endpoint = http://169.254.169.254\n"
        })
    ],
    [
      "the option endpoint",
      (answer) => on(Aws.InstanceMetadata.make({ endpoint: "http://127.0.0.1" }), { answers: [answer] })
    ],
    [
      "the option required",
      (answer) => on(Aws.InstanceMetadata.make({ required: true }), { answers: [answer] })
    ],
    [
      "the option profileName",
      (answer) => on(Aws.InstanceMetadata.make({ profileName: "web" }), { answers: [answer] })
    ],
    [
      "ALIBABA_CLOUD_ECS_METADATA",
      (answer) => on(alibabaChain, { answers: [answer], env: { ALIBABA_CLOUD_ECS_METADATA: "web" } })
    ],
    [
      "the option roleName",
      (answer) => on(Alibaba.EcsRamRole.make({ roleName: "web" }), { answers: [answer] })
    ]
  ]

  // That no such path is known says, of a service that somebody named, that the instance has no role.
  const saysNothing = ["not found", "nothing", "no such method", "not implemented"]

  for (const [how, got] of asked) {
    it.effect(`is an error when configured: ${how}`, () =>
      Effect.gen(function* () {
        for (const [name, answer] of others.filter(([name]) => !saysNothing.includes(name))) {
          const { error } = yield* patiently(got(answer))
          assert.instanceOf(error, StsCredentialError)
          assert.include(["Refused", "Unavailable", "Malformed"], error.reason, name)
        }
      })
    )
  }

  it.effect("is an error when a profile names it", () =>
    Effect.gen(function* () {
      const config =
        "[default]\nrole_arn = arn:aws:iam::123456789012:role/x\ncredential_source = Ec2InstanceMetadata\n"
      for (const [name, answer] of others) {
        const { error } = yield* patiently(on(Aws.DefaultChain.make(), { answers: [answer], config }))
        assert.instanceOf(error, StsCredentialError)
        assert.notStrictEqual(error.reason, "NotConfigured", name)
      }
    })
  )

  it.effect.each([
    ["with tokens", text(200, "a-token")],
    ["without tokens", text(404, "")]
  ] as const)("stays configured once it has given credentials, whatever answers then: %s", ([, token]) =>
    Effect.gen(function* () {
      for (const [name, answer] of others) {
        if (saysNothing.includes(name)) continue
        let isThere = true
        const issued = {
          Code: "Success",
          AccessKeyId: "ASIAWEB",
          SecretAccessKey: "PLANTED",
          Token: "PLANTED",
          Expiration: "2100-01-01T00:00:00Z"
        }
        const service: Answer = (request, sent) => {
          if (!isThere) return answer(request, sent)
          const path = new URL(request.url).pathname
          if (path.endsWith("/token")) return token(request, sent)
          return (path.endsWith("/") ? text(200, "web") : reply(200, issued))(request, sent)
        }
        const making = Effect.map(Aws.InstanceMetadata.make(), ({ get, name }) => ({
          name,
          get: Effect.andThen(
            Effect.tap(
              get,
              Effect.sync(() => {
                isThere = false
              })
            ),
            get
          )
        }))
        const { error } = yield* patiently(on(making, { answers: [service] }))
        assert.instanceOf(error, StsCredentialError)
        assert.include(["Refused", "Unavailable"], error.reason, name)
      }
    })
  )

  it.effect("a refusal of a real metadata service is an error", () =>
    Effect.gen(function* () {
      const refusing: Answer = (request, sent) =>
        (request.url.endsWith("/token") ? text(200, "a-token") : text(403, "no"))(request, sent)
      const { error } = yield* patiently(on(Aws.DefaultChain.make(), { answers: [refusing] }))
      assert.strictEqual((error as StsCredentialError).reason, "Refused")
    })
  )
})

describe("A6: sources tried before the one that failed", () => {
  const refusing: Answer = (request, sent) =>
    (request.url.endsWith("/token") ? text(200, "a-token") : text(403, "no"))(request, sent)

  it.effect("are in the message and in the error's fields", () =>
    Effect.gen(function* () {
      const { error } = yield* patiently(on(Aws.DefaultChain.make(), { answers: [refusing] }))
      assert.instanceOf(error, StsCredentialError)
      assert.strictEqual(error.source, "instance metadata")
      assert.deepStrictEqual(
        error.attempts?.map(({ reason, source }) => `${source} ${reason}`),
        ["environment", "profile", "web identity", "container"].map((source) => `${source} NotConfigured`)
      )
      for (const words of [
        "AWS_ACCESS_KEY_ID",
        "there is no profile default",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "HTTP 403"
      ]) {
        assert.include(error.message, words)
      }
    })
  )

  it.effect("are listed for every source that ends the search, on both clouds", () =>
    Effect.gen(function* () {
      const container = yield* on(Aws.DefaultChain.make(), {
        answers: [text(400, "no")],
        env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1/x" }
      })
      assert.lengthOf((container.error as StsCredentialError).attempts ?? [], 3)
      const half = yield* on(Aws.DefaultChain.make(), { config: "[default]\naws_access_key_id = AKIA\n" })
      assert.lengthOf((half.error as StsCredentialError).attempts ?? [], 1)
      const first = yield* on(Aws.DefaultChain.make(), { env: { AWS_ACCESS_KEY_ID: "AKIA" } })
      assert.isUndefined((first.error as StsCredentialError).attempts)
      const uri = yield* patiently(
        on(alibabaChain, {
          answers: [text(403, "no")],
          env: { ALIBABA_CLOUD_CREDENTIALS_URI: "http://127.0.0.1/x" }
        })
      )
      assert.isAbove((uri.error as StsCredentialError).attempts?.length ?? 0, 2)
    })
  )
})
