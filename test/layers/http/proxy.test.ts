import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Redacted from "effect/Redacted"
import type { Endpoint } from "../../../src/layers/connections.js"
import * as Proxy from "../../../src/layers/proxy.js"

const at = (host: string, port = 443, secure = true): Endpoint => ({ host, port, secure })

describe("NO_PROXY", () => {
  it.each([
    ["example.com", at("example.com"), true],
    ["example.com", at("sts.example.com"), true],
    ["example.com", at("notexample.com"), false],
    [".example.com", at("sts.example.com"), true],
    [".example.com", at("example.com"), true],
    ["*.example.com", at("sts.example.com"), true],
    ["EXAMPLE.com", at("example.com"), true],
    ["example.com:443", at("example.com"), true],
    ["example.com:8443", at("example.com"), false],
    ["a.test, b.test c.test", at("c.test"), true],
    ["*", at("anything.test"), true],
    ["", at("localhost"), false],
    ["169.254.169.254", at("169.254.169.254", 80, false), true],
    ["127.0.0.1:8080", at("127.0.0.1", 8080, false), true],
    ["10.0.0.0/8", at("10.1.2.3"), true],
    ["10.0.0.0/8", at("11.1.2.3"), false],
    ["10.0.0.0/8", at("ten.test"), false],
    ["fd00::/8", at("fd00::1"), true],
    ["[::1]", at("::1"), true],
    ["::1", at("::1"), true],
    ["10.0.0.0/99", at("10.1.2.3"), false]
  ])("%s: %o is excepted: %s", (list, host, expected) => {
    assert.strictEqual(Proxy.excepts(list)(host), expected)
  })
})

describe("the proxy for a host", () => {
  const proxyFor = (variables: Record<string, string>, options?: Proxy.ProxyOptions) =>
    Effect.runSync(
      Proxy.make(options).pipe(
        Effect.withConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(variables))))
      )
    )

  it("is chosen by the host's scheme, lower case first", () => {
    const choose = proxyFor({
      HTTPS_PROXY: "https://upper",
      https_proxy: "lower:3128",
      HTTP_PROXY: "http://plain"
    })
    assert.deepStrictEqual(choose(at("a.test")), {
      secure: false,
      host: "lower",
      port: 3128,
      authorization: undefined
    })
    assert.strictEqual(choose(at("a.test", 80, false))?.host, "plain")
  })

  it("is none without variables, with an empty one, and where an option says so", () => {
    assert.isUndefined(proxyFor({})(at("a.test")))
    assert.isUndefined(proxyFor({ https_proxy: "", HTTPS_PROXY: "http://upper" })(at("a.test")))
    assert.isUndefined(proxyFor({ HTTPS_PROXY: "http://upper" }, { proxy: false })(at("a.test")))
  })

  it("takes an option over the variables, but keeps NO_PROXY unless that is given too", () => {
    const variables = { HTTPS_PROXY: "http://upper", NO_PROXY: "a.test" }
    const given = { proxy: Redacted.make("https://us%40er:p%3Aw@given:8443") }
    assert.isUndefined(proxyFor(variables, given)(at("a.test")))
    assert.deepStrictEqual(proxyFor(variables, { ...given, noProxy: "" })(at("a.test")), {
      secure: true,
      host: "given",
      port: 8443,
      authorization: `Basic ${Buffer.from("us@er:p:w").toString("base64")}`
    })
  })

  it("excepts no loopback host by itself", () => {
    assert.strictEqual(proxyFor({ HTTP_PROXY: "http://plain" })(at("127.0.0.1", 80, false))?.host, "plain")
  })

  it("must be a URL of a kind we speak", () => {
    for (const text of ["socks5://a", "http://[", "http://%zz@a"]) {
      const parsed = Proxy.parseProxy("HTTPS_PROXY", text)
      assert.isTrue(Either.isLeft(parsed) && parsed.left.key === "HTTPS_PROXY")
    }
  })
})
