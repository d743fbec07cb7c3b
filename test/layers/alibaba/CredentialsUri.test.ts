import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Alibaba from "../../../src/alibaba.js"
import { environment, hosts, serving, text, timedFailure } from "../../support/metadata.js"
import { type Answer, fault, never, reply } from "../../support/scripted.js"

const issued = {
  Code: "Success",
  AccessKeyId: "STS.Example",
  AccessKeySecret: "PLANTED-SECRET",
  SecurityToken: "PLANTED-TOKEN",
  Expiration: "2026-01-01T06:00:00Z"
}

const variable = "ALIBABA_CLOUD_CREDENTIALS_URI"

interface Given {
  readonly uri?: string | undefined
  readonly options?: Alibaba.CredentialsUri.Options
  readonly answer?: Answer
}

const setup = ({ answer = reply(200, issued), options, uri }: Given) => {
  const server = serving(() => answer)
  const get = Effect.flatMap(Alibaba.CredentialsUri.make(options), (source) => source.get).pipe(
    hosts({ "near.test": ["10.0.0.9"], "far.test": ["10.0.0.9", "203.0.113.1"] }).provided,
    Effect.provide(server.layer),
    environment(uri === undefined ? {} : { [variable]: uri })
  )
  return { get, seen: server.seen }
}

const failure = (given: Given) => {
  const { get, seen } = setup(given)
  return Effect.map(timedFailure(get), (found) => ({ ...found, seen }))
}

describe("credentials URI", () => {
  it.effect("gives the URL's credentials, the option before the variable", () =>
    Effect.gen(function* () {
      const { get, seen } = setup({
        uri: "http://127.0.0.1:1/v",
        options: { uri: Redacted.make("https://a.test/o?k=1") }
      })
      const credentials = yield* get
      assert.strictEqual(Redacted.value(credentials.accessKeySecret), "PLANTED-SECRET")
      assert.strictEqual(credentials.source, "credentials URI")
      assert.deepStrictEqual(
        seen.map(({ direct, method, url }) => [method, url, direct]),
        [["GET", "https://a.test/o?k=1", false]]
      )
      const set = setup({ uri: "http://127.0.0.1:1/v" })
      yield* set.get
      assert.deepStrictEqual([set.seen[0]?.url, set.seen[0]?.direct], ["http://127.0.0.1:1/v", true])
    })
  )

  it.effect("is not configured without a URL", () =>
    Effect.map(failure({}), ({ reason }) => assert.strictEqual(reason, "NotConfigured"))
  )

  it.effect("uses plain HTTP for nearby hosts, and for others when allowed", () =>
    Effect.gen(function* () {
      const near = setup({ uri: "http://near.test/c" })
      yield* near.get
      assert.strictEqual(near.seen[0]?.connectedTo, "10.0.0.9")
      for (const uri of ["http://far.test/PLANTED?PLANTED", "http://203.0.113.1/PLANTED?PLANTED"]) {
        const { error, seen } = yield* failure({ uri })
        assert.deepInclude(error, { _tag: "StsConfigError", key: variable })
        assert.deepStrictEqual(seen, [])
        yield* setup({ uri, options: { allowHttp: true } }).get
      }
    })
  )

  it.effect.each([
    "PLANTED",
    "http://u:PLANTED@127.0.0.1/",
    "http://PLANTED@127.0.0.1/",
    "file:///PLANTED",
    "http://"
  ])("refuses what is no URL to ask: %s", (uri) =>
    Effect.map(failure({ uri }), ({ error, seen }) => {
      assert.deepInclude(error, { _tag: "StsConfigError", key: variable })
      assert.deepStrictEqual(seen, [])
    })
  )

  it.effect.each([
    ["no answer", fault("ECONNREFUSED"), "Unavailable", "127.0.0.1:1"],
    ["silence", never, "Unavailable", "5000 ms"],
    ["a redirect", text(301, "", { location: "/PLANTED" }), "Refused", "redirect"],
    [
      "a refusal that repeats the query",
      reply(403, { Code: "No", Message: "k=PLANTED-KEY" }),
      "Refused",
      "<redacted>"
    ],
    ["a refusal in time", reply(200, { Code: "Expired" }), "Unavailable", "Expired"],
    ["no Code", reply(200, { ...issued, Code: undefined }), "Unavailable", "Code is not Success"],
    ["a page", text(200, "<html>PLANTED"), "Unavailable", "not a JSON object"]
  ] as const)("tells of %s, and nothing of the URL's path and query", ([, answer, expected, words]) =>
    Effect.gen(function* () {
      const { error, reason } = yield* failure({
        uri: "http://127.0.0.1:1/PLANTED-PATH?k=PLANTED-KEY",
        answer
      })
      assert.strictEqual(reason, expected)
      assert.include(error.message, words)
    })
  )
})
