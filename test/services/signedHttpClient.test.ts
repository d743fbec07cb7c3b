import { inspect } from "node:util"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { afterAll, assert, beforeAll, beforeEach, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import * as Aws from "../../src/aws.js"
import { Blocking } from "../../src/blocking.js"
import { type CredentialSource, StsCredentialError } from "../../src/index.js"
import { NodeHttp } from "../../src/node.js"
import { type ClientError, causeOf, reasonOf } from "../../src/services/platformHttp.js"
import { UndiciHttp } from "../../src/undici.js"
import { reply, scripted } from "../support/scripted.js"
import { openSignedServer, type SignedServer } from "../support/signedServer.js"
import { spansOf } from "../support/spans.js"

const key = (accessKeyId: string) =>
  new Aws.Credentials({
    accessKeyId,
    secretAccessKey: Redacted.make("PLANTED-SECRET"),
    sessionToken: Redacted.make("PLANTED-TOKEN")
  })

const providing = (source: CredentialSource<Aws.Credentials>) =>
  Effect.provide(Layer.merge(Aws.SignerV4.layer, Layer.succeed(Aws.CredentialProvider, source)))

const always: CredentialSource<Aws.Credentials> = { name: "test", get: Effect.succeed(key("ASIAONE")) }

const region = "eu-central-1"

const clientFor = (service: string) =>
  Effect.flatMap(Aws.signedHttpClient({ service, region }), (sign) => Effect.map(HttpClient.HttpClient, sign))

const layers = {
  "NodeHttp.layer": NodeHttp.layerWith({ proxy: false }),
  "UndiciHttp.layer": UndiciHttp.layerWith({ proxy: false }),
  "FetchHttpClient.layer": FetchHttpClient.layer,
  "NodeHttpClient.layer": NodeHttpClient.layerNodeHttp,
  "NodeHttpClient.layerUndici": NodeHttpClient.layerUndici
}

const s3Keys = [
  "/bucket/plain.txt",
  "/bucket/with space",
  "/bucket/ünï/日本",
  "/bucket//twice//",
  "/bucket/a+b",
  "/bucket/a%2Bb",
  "/bucket/it's (1)*!:@&=$,;~",
  "/bucket/per%25cent",
  "/bucket/a%2Fb"
]

describe("a server with the vendor's own signer accepts", () => {
  let server: SignedServer
  beforeAll(async () => {
    server = await openSignedServer((request) =>
      request.path === "/moved"
        ? { status: 302, headers: { location: "/elsewhere" } }
        : { body: `${request.path}?${request.query}` }
    )
    server.keys.set("ASIAONE", { secretAccessKey: "PLANTED-SECRET", sessionToken: "PLANTED-TOKEN" })
  })
  beforeEach(() => {
    server.received.length = 0
  })
  afterAll(() => server.close())

  for (const [name, layer] of Object.entries(layers)) {
    it.effect(`requests of ${name} to S3, DynamoDB and Bedrock`, () =>
      Effect.gen(function* () {
        const s3 = yield* clientFor("s3")
        for (const path of s3Keys) {
          const put = yield* s3.put(server.endpoint + path, { body: HttpBody.text(path) })
          assert.strictEqual(put.status, 200, path)
          const got = yield* s3.get(server.endpoint + path)
          assert.strictEqual(got.status, 200, path)
        }
        const listed = yield* s3.get(`${server.endpoint}/bucket?list-type=2`, {
          urlParams: { prefix: "a b+c*~'/ü", delimiter: "/", acl: "" }
        })
        assert.strictEqual(
          yield* listed.text,
          "/bucket?list-type=2&prefix=a%20b%2Bc%2A~%27%2F%C3%BC&delimiter=%2F&acl="
        )

        const dynamo = yield* clientFor("dynamodb")
        const got = yield* dynamo.post(server.endpoint, {
          headers: { "x-amz-target": "DynamoDB_20120810.GetItem" },
          body: HttpBody.text('{"TableName":"t","Key":{"id":{"S":"ü"}}}', "application/x-amz-json-1.0")
        })
        assert.strictEqual(got.status, 200)

        const bedrock = yield* clientFor("bedrock")
        for (const id of [
          "anthropic.claude-3:0",
          "anthropic.claude-3%3A0",
          "arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2Fus.x"
        ]) {
          const path = `/model/${id}/invoke`
          const invoked = yield* bedrock.post(server.endpoint + path, { body: HttpBody.jsonUnsafe({ a: 1 }) })
          assert.strictEqual(yield* invoked.text, `${path.replace("3:0", "3%3A0")}?`)
        }
        const cleaned = yield* bedrock.get(`${server.endpoint}/a//b/./c/`)
        assert.strictEqual(cleaned.status, 200)
      }).pipe(providing(always), Effect.provide(layer))
    )

    it.effect(`requests of ${name}, without following redirects`, () =>
      Effect.gen(function* () {
        const s3 = yield* clientFor("s3")
        const moved = yield* s3.get(`${server.endpoint}/moved`)
        assert.strictEqual(moved.status, 302)
        assert.deepStrictEqual(
          server.received.map(({ path }) => path),
          ["/moved"]
        )
      }).pipe(providing(always), Effect.provide(layer))
    )
  }

  it.effect("requests with a base URL, an own signature and later headers", () =>
    Effect.gen(function* () {
      const sign = yield* Aws.signedHttpClient({ service: "bedrock", region })
      const own = (yield* HttpClient.HttpClient).pipe(
        HttpClient.mapRequest((request) =>
          request.pipe(
            HttpClientRequest.prependUrl(server.endpoint),
            HttpClientRequest.setHeaders({
              authorization: "AWS4-HMAC-SHA256 of somebody else",
              "x-amz-date": "20200101T000000Z",
              "x-amz-security-token": "of somebody else"
            })
          )
        ),
        sign,
        HttpClient.mapRequest(HttpClientRequest.setHeader("x-amzn-bedrock-trace", "ENABLED")),
        HttpClient.filterStatusOk
      )
      yield* own.post("/model/anthropic.claude-3:0/invoke", { body: HttpBody.jsonUnsafe({}) })
      const [received] = server.received
      assert.strictEqual(received?.headers["x-amzn-bedrock-trace"], "ENABLED")
      assert.include(received?.headers.authorization ?? "", ";x-amzn-bedrock-trace")
    }).pipe(providing(always), Effect.provide(NodeHttp.layerWith({ proxy: false })))
  )

  it.effect("a stream with a given hash, without tracing headers", () =>
    Effect.gen(function* () {
      const s3 = yield* clientFor("s3")
      const sent = yield* s3
        .put(`${server.endpoint}/bucket/stream`, {
          headers: { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" },
          body: HttpBody.stream(Stream.make(new TextEncoder().encode("abc")), "text/plain", 3)
        })
        .pipe(Effect.withSpan("around"))
      assert.strictEqual(sent.status, 200)
      const [received] = server.received
      assert.strictEqual(received?.body.toString(), "abc")
      assert.notProperty(received?.headers, "traceparent")
      assert.notProperty(received?.headers, "b3")
    }).pipe(providing(always), Effect.provide(NodeHttpClient.layerNodeHttp))
  )
})

const get = (service = "s3", url = "https://host.example/x") =>
  Effect.flatMap(clientFor(service), (client) => client.get(url))

const sentBy = (headers: Readonly<Record<string, string>> | undefined) =>
  /Credential=([^/]+)/.exec(headers?.["authorization"] ?? "")?.[1]

describe("a refusal", () => {
  /** Gives one key after the other once those before have been refused. */
  const rotating = () => {
    const invalidated: Array<string> = []
    const source: CredentialSource<Aws.Credentials> = {
      name: "rotating",
      get: Effect.sync(() => key(`ASIA${invalidated.length}`)),
      invalidate: (id) => Effect.sync(() => void invalidated.push(id))
    }
    return { invalidated, source }
  }
  const expired = {
    "in S3's XML": reply(400, "<Error><Code>ExpiredToken</Code><Message>m</Message></Error>"),
    "in DynamoDB's JSON": reply(400, {
      __type: "com.amazon.coral.service#ExpiredTokenException",
      message: "m"
    }),
    "in a header": reply(
      403,
      { message: "m" },
      { "x-amzn-errortype": "UnrecognizedClientException:http://x/" }
    )
  }
  for (const [name, refusal] of Object.entries(expired)) {
    it.effect(`of the credentials (${name}) renews them once`, () => {
      const http = scripted(refusal, reply(200, "fine"))
      const { invalidated, source } = rotating()
      return Effect.gen(function* () {
        const response = yield* get()
        assert.strictEqual(yield* response.text, "fine")
        assert.deepStrictEqual(invalidated, ["ASIA0"])
        assert.deepStrictEqual(
          http.sent.map(({ headers }) => sentBy(headers)),
          ["ASIA0", "ASIA1"]
        )
      }).pipe(providing(source), Effect.provide(http.layer))
    })
  }

  it.effect("that repeats is the reply, with its body", () => {
    const http = scripted(expired["in S3's XML"])
    return Effect.gen(function* () {
      const response = yield* get()
      assert.strictEqual(response.status, 400)
      assert.include(yield* response.text, "ExpiredToken")
      assert.strictEqual(http.sent.length, 2)
    }).pipe(providing(rotating().source), Effect.provide(http.layer))
  })

  it.effect("is the reply when the source has no other credentials", () => {
    const http = scripted(expired["in a header"])
    return Effect.gen(function* () {
      const response = yield* get()
      assert.deepStrictEqual(yield* response.json, { message: "m" })
      assert.strictEqual(http.sent.length, 1)
    }).pipe(providing({ ...always, invalidate: () => Effect.void }), Effect.provide(http.layer))
  })

  for (const [name, other] of [
    ["of the access", reply(403, { __type: "AccessDeniedException" })],
    ["that is not to be read", reply(403, "<html>")]
  ] as const) {
    it.effect(`${name} is the reply, without renewal`, () => {
      const http = scripted(other)
      const { invalidated, source } = rotating()
      return Effect.gen(function* () {
        assert.strictEqual((yield* get()).status, 403)
        assert.deepStrictEqual([http.sent.length, invalidated.length], [1, 0])
      }).pipe(providing(source), Effect.provide(http.layer))
    })
  }

  it.effect("of a stream renews the credentials for the next request", () => {
    const http = scripted(expired["in S3's XML"], reply(200, "fine"))
    const { invalidated, source } = rotating()
    return Effect.gen(function* () {
      const client = yield* clientFor("s3")
      const body = HttpBody.stream(Stream.make(new Uint8Array(3)))
      assert.strictEqual((yield* client.put("https://host.example/x", { body })).status, 400)
      assert.deepStrictEqual([http.sent.length, invalidated.length], [1, 1])
      assert.strictEqual(http.sent[0]?.headers["x-amz-content-sha256"], "UNSIGNED-PAYLOAD")
    }).pipe(providing(source), Effect.provide(http.layer))
  })

  it.effect("for clock skew is signed again by the service's clock, and so are later requests", () => {
    const http = scripted(
      reply(403, "<Error><Code>RequestTimeTooSkewed</Code></Error>", {
        date: "Thu, 01 Jan 1970 02:00:00 GMT"
      }),
      reply(200, "fine")
    )
    return Effect.gen(function* () {
      yield* TestClock.setTime(0)
      const client = yield* clientFor("s3")
      assert.strictEqual((yield* client.get("https://host.example/x")).status, 200)
      yield* client.get("https://host.example/x")
      assert.deepStrictEqual(
        http.sent.map(({ headers }) => headers["x-amz-date"]),
        ["19700101T000000Z", "19700101T020000Z", "19700101T020000Z"]
      )
    }).pipe(providing(always), Effect.provide(http.layer))
  })
})

describe("what cannot be signed", () => {
  const failing = <A, R>(request: Effect.Effect<A, ClientError, R>, reason: string, words: string) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(request)
      assert.strictEqual(reasonOf(error), reason)
      assert.include(error.message, words)
      assert.notInclude(error.message + inspect(error), "PLANTED")
    })
  const http = scripted(reply(200, "fine"))
  const stream = HttpBody.stream(Stream.make(new Uint8Array(3)))
  const put = (service: string, url: string, body: HttpBody.HttpBody) =>
    Effect.flatMap(clientFor(service), (client) => client.put(url, { body }))

  for (const [name, request, reason, words] of [
    ["a stream to a service", put("dynamodb", "https://host.example/", stream), "Encode", "Stream"],
    ["a stream over plain HTTP", put("s3", "http://host.example/", stream), "Encode", "Stream"],
    [
      "a form with files",
      put("s3", "https://host.example/", HttpBody.formData(new FormData())),
      "Encode",
      "FormData"
    ],
    [
      "a broken path",
      get("s3", "https://host.example/50%"),
      "InvalidUrl",
      "path has a % that does not begin a UTF-8"
    ],
    ["a broken query", get("s3", "https://host.example/b?prefix=caf%E9"), "InvalidUrl", "query has a % that"],
    [
      "a URL with a user",
      get("s3", "https://user:PLANTED-PASSWORD@host.example/"),
      "InvalidUrl",
      "user name"
    ],
    ["a file", get("s3", "file:///etc/passwd"), "InvalidUrl", "only http: and https:"],
    ["half a URL", get("s3", "/x"), "InvalidUrl", "not absolute"]
  ] as const) {
    it.effect(`fails: ${name}`, () =>
      Effect.gen(function* () {
        yield* failing(request, reason, words)
        assert.strictEqual(http.sent.length, 0)
      }).pipe(providing(always), Effect.provide(http.layer))
    )
  }

  for (const [why, reason] of [
    ["Unavailable", "Transport"],
    ["Incomplete", "Encode"]
  ] as const) {
    it.effect(`has the typed error as its cause: no credentials, ${why}`, () => {
      const none = new StsCredentialError({
        cloud: "aws",
        source: "x",
        reason: why,
        detail: "there are none"
      })
      return Effect.gen(function* () {
        const error = yield* Effect.flip(get())
        assert.strictEqual(reasonOf(error), reason)
        assert.strictEqual(causeOf(error), none)
        assert.include(error.message, "there are none")
      }).pipe(providing({ name: "x", get: Effect.fail(none) }), Effect.provide(http.layer))
    })
  }
})

describe("secrets", () => {
  it.effect("are not in errors, replies or spans", () => {
    const fetch: typeof globalThis.fetch = () => Promise.reject(new Error("cut"))
    const { program, spans } = spansOf(
      Effect.all([
        Effect.flip(Effect.provideService(get(), FetchHttpClient.Fetch, fetch)),
        Effect.provideService(get(), FetchHttpClient.Fetch, () => Promise.resolve(new Response("fine")))
      ])
    )
    return Effect.gen(function* () {
      const [error, answered] = yield* program
      for (const shown of [error, error.request, error.request.headers, answered, answered.request]) {
        const texts = [inspect(shown, { depth: 9 }), JSON.stringify(shown)]
        assert.notInclude(texts.join(), "PLANTED")
        assert.notMatch(texts.join(), /Signature=[0-9a-f]/)
      }
      assert.notInclude(Cause.pretty(Cause.fail(error)), "PLANTED")
      assert.isAbove(spans.length, 0)
      assert.notInclude(inspect(spans, { depth: 9 }), "PLANTED")
    }).pipe(providing(always), Effect.provide(FetchHttpClient.layer))
  })
})

it("works under runSync", () => {
  const server = scripted(reply(403, "<Error><Code>ExpiredToken</Code></Error>"), reply(200, "fine"))
  const status = Effect.runSync(
    Effect.map(get(), (response) => response.status).pipe(
      providing({ ...always, invalidate: () => Effect.void }),
      Effect.provide(server.layer),
      Effect.provide(Blocking.layerWith({ proxy: false }))
    )
  )
  assert.strictEqual(status, 403)
})
