import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as ClientOptions from "../../../src/layers/http/clientOptions.js"
import type { Endpoint } from "../../../src/layers/http/WireRequest.js"

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
    assert.strictEqual(ClientOptions.excepts(list)(host), expected)
  })
})

describe("the proxy for a host", () => {
  const proxyFor = (variables: Record<string, string>, options?: ClientOptions.ProxyOptions) =>
    Effect.runSync(
      ClientOptions.proxyRule(options).pipe(
        Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(variables))
      )
    )

  it("is chosen by scheme, lower-case variables first", () => {
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

  it("is none without variables, with an empty one, or by option", () => {
    assert.isUndefined(proxyFor({})(at("a.test")))
    assert.isUndefined(proxyFor({ https_proxy: "" })(at("a.test")))
    assert.isUndefined(proxyFor({ HTTPS_PROXY: "http://upper" }, { proxy: false })(at("a.test")))
  })

  it("prefers the option, but keeps NO_PROXY", () => {
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

  it("ignores HTTP_PROXY in CGI programs", () => {
    const plain = at("a.test", 80, false)
    const cgi = { REQUEST_METHOD: "GET", HTTP_PROXY: "http://header", HTTPS_PROXY: "http://upper" }
    assert.isUndefined(proxyFor(cgi)(plain))
    assert.strictEqual(proxyFor({ ...cgi, http_proxy: "http://lower" })(plain)?.host, "lower")
    assert.strictEqual(proxyFor(cgi)(at("a.test"))?.host, "upper")
  })

  it("may be a SOCKS5 proxy, with user name and password", () => {
    const { socks, ...proxy } = proxyFor({ HTTPS_PROXY: "socks5://us%40er:p%3Aw@proxy" })(at("a.test")) ?? {}
    assert.deepStrictEqual(proxy, { secure: false, host: "proxy", port: 1080, authorization: undefined })
    assert.include(socks, { user: "us@er", password: "p:w", resolves: false })
    const far = proxyFor({}, { proxy: "socks5h://[::1]:9050" })(at("a.test", 80, false))
    assert.include(far, { host: "::1", port: 9050 })
    assert.include(far?.socks, { user: undefined, resolves: true })
  })

  it("is used for loopback hosts too", () => {
    assert.strictEqual(proxyFor({ HTTP_PROXY: "http://plain" })(at("127.0.0.1", 80, false))?.host, "plain")
  })

  it("must have a supported scheme", () => {
    for (const text of ["socks4://a", "socks5://", "ftp://a", "http://[", "http://%zz@a", "socks5://%zz@a"]) {
      const parsed = ClientOptions.parseProxy("HTTPS_PROXY", text)
      assert.isTrue(Result.isFailure(parsed) && parsed.failure.key === "HTTPS_PROXY")
    }
  })
})
