/**
 * What agents and endpoints say besides the status: an excerpt, without secrets, in the error.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import { StsCredentialError } from "../../src/index.js"
import { plainWords } from "../../src/protocol/scrub.js"
import { running } from "../support/awsOutcomes.js"
import { text } from "../support/metadata.js"
import { type Answer, reply } from "../support/scripted.js"
import { cpuMillis } from "../support/time.js"

const token = "PLANTED-AUTHORIZATION-TOKEN"
const long = "PLANTED".repeat(20)

const answers: ReadonlyArray<readonly [name: string, body: string, says: string]> = [
  [
    "EKS Pod Identity's agent",
    "[req-1]: (ExpiredTokenException): Token is expired, fetch token again",
    "(ExpiredTokenException): Token is expired, fetch token again"
  ],
  [
    "a sentence",
    "unable to generate credentials: agent is shutting down\n",
    "unable to generate credentials: agent is shutting down"
  ],
  [
    "Amazon ECS's agent",
    JSON.stringify({
      code: "NoIdInRequest",
      message: "CredentialsV2Request: No Credential ID",
      HTTPErrorCode: 400
    }),
    "NoIdInRequest (CredentialsV2Request: No Credential ID)"
  ],
  ["a document without a code", JSON.stringify({ message: "the role is gone" }), "the role is gone"],
  ["an error within an error", JSON.stringify({ error: { message: "no such task" } }), "no such task"],
  [
    "OAuth's form",
    JSON.stringify({ error: "invalid_request", error_description: "no audience" }),
    "invalid_request: no audience"
  ],
  ["XML", "<Error><Code>AccessDenied</Code><Message>not yours</Message></Error>", "AccessDenied: not yours"],
  ["XML without words", "<?xml version='1.0'?><x><y>PLANTED</y></x>", "an XML document"],
  [
    "a page",
    "<!DOCTYPE html><html><head><title>Sign in</title></head><body>PLANTED</body></html>",
    "an HTML page: Sign in"
  ],
  ["a page without a title", "<html><body>PLANTED</body></html>", "an HTML page"],
  ["escape sequences and line breaks", "first\u001b[31m red\r\nsecond\u0000", "second"],
  ["an echo of the token", `no: ${token} is unknown`, "<redacted> is unknown"],
  ["an echo of a percent-encoded token", `no: ${encodeURIComponent(`${token}/+`)}`, "<redacted>"],
  ["another token", `the token ${long} is unknown`, "<redacted> is unknown"],
  ["a secret by its name", '{"message":"x","SecretAccessKey":"PLANTED"}', "x"],
  ["much", "word ".repeat(100_000), "word word"]
]

const within = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(effect)
    yield* TestClock.adjust("20 seconds")
    return yield* Fiber.join(fiber)
  })

const metadata =
  (answer: Answer, credentials: string): Answer =>
  (request, sent) => {
    const { pathname } = new URL(request.url)
    if (pathname.endsWith("/token")) return text(200, "a-token")(request, sent)
    return (pathname.endsWith("/") ? text(200, credentials) : answer)(request, sent)
  }

const sources: ReadonlyArray<
  readonly [name: string, got: (answer: Answer) => Effect.Effect<{ readonly error: unknown }>]
> = [
  [
    "a container's endpoint",
    (answer) =>
      running(
        Effect.flatMap(Aws.Container.make({ authorizationToken: `${token}` }), ({ get }) => get),
        { env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1/v1" }, answers: [answer] }
      )
  ],
  [
    "instance metadata",
    (answer) =>
      running(
        Effect.flatMap(Aws.InstanceMetadata.make({ required: true }), ({ get }) => get),
        { answers: [metadata(answer, "web")] }
      )
  ],
  [
    "a credentials URI",
    (answer) =>
      running(
        Effect.flatMap(Alibaba.CredentialsUri.make({ uri: `http://127.0.0.1/${token}` }), ({ get }) => get),
        { answers: [answer] }
      )
  ],
  [
    "ECS metadata",
    (answer) =>
      running(
        Effect.flatMap(Alibaba.EcsRamRole.make({ required: true }), ({ get }) => get),
        { answers: [metadata(answer, "web")] }
      )
  ]
]

describe("A7: messages of the endpoint", () => {
  for (const [who, got] of sources) {
    it.effect(`are in the error: ${who}`, () =>
      Effect.gen(function* () {
        for (const status of [400, 403, 500]) {
          for (const [name, body, says] of answers) {
            if (name.startsWith("an echo") && who.includes("etadata")) continue
            const json = body.startsWith("{")
            const { error } = yield* within(got(json ? reply(status, body) : text(status, body)))
            assert.instanceOf(error, StsCredentialError, name)
            assert.include(error.message, `HTTP ${status}`)
            assert.include(error.message, says, name)
            assert.notInclude(error.message, "PLANTED", name)
            assert.isTrue(
              Array.from(error.message).every((sign) => sign >= " " && sign !== "\u007f"),
              name
            )
            assert.isBelow(error.message.length, 600, name)
          }
        }
      })
    )
  }

  it("a reply without a message adds nothing", () => {
    for (const body of ["", " \n", "{}", "[]", "[1,2]", '{"a":1}', "{broken", "123", "null"]) {
      assert.strictEqual(plainWords(body), "", body)
    }
  })

  it("are found in linear time", () => {
    for (const body of [
      "<".repeat(1_000_000),
      "<title>".repeat(200_000),
      `{"message":`.repeat(100_000),
      "a ".repeat(500_000),
      "A".repeat(1_000_000)
    ]) {
      const millis = cpuMillis(() => assert.isBelow(plainWords(body).length, 20_001))
      assert.isBelow(millis, 500)
    }
  })
})
