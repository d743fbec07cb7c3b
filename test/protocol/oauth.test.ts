import { assert, describe, it } from "@effect/vitest"
import * as Redacted from "effect/Redacted"
import { challengeOf, pageOf, pollAfter, redirectIn, verifierOf } from "../../src/protocol/oauth.js"

describe("PKCE", () => {
  it("sends the SHA-256 of the verifier, as in RFC 7636, appendix B", () => {
    const bytes = Uint8Array.from([
      116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77, 105, 214,
      191, 240, 91, 88, 5, 88, 83, 132, 141, 121
    ])
    const verifier = verifierOf(bytes)
    assert.strictEqual(Redacted.value(verifier), "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    assert.strictEqual(challengeOf(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
  })
})

const expected = { host: "127.0.0.1:4000", path: "/oauth/callback", state: Redacted.make("the-state") }

const read = (target: string, { host = expected.host as string | undefined, method = "GET" } = {}) =>
  redirectIn({ method, target, host }, expected)

describe("what comes back from the browser", () => {
  it("is a code or a denial", () => {
    const code = read("/oauth/callback?code=a%2Bb&state=the-state")
    assert.strictEqual(code._tag === "Code" && Redacted.value(code.code), "a+b")
    assert.deepStrictEqual(
      read("/oauth/callback?error=access_denied&error_description=No+way&state=the-state"),
      {
        _tag: "Refused",
        code: "access_denied",
        description: "No way"
      }
    )
  })

  it.each([
    ["/oauth/callback?code=1&state=another", {}, 400, true],
    ["/oauth/callback?code=1", {}, 400, true],
    ["/oauth/callback?error=access_denied", {}, 400, true],
    ["/oauth/callback?state=the-state", {}, 400, true],
    ["/oauth/callback?code=&state=the-state", {}, 400, true],
    ["/oauth/callback/?code=1&state=the-state", {}, 404, false],
    ["/favicon.ico", {}, 404, false],
    ["/oauth/callback?code=1&state=the-state", { method: "POST" }, 405, false],
    ["/oauth/callback?code=1&state=the-state", { host: "attacker.example:4000" }, 400, false],
    ["/oauth/callback?code=1&state=the-state", { host: "localhost:4000" }, 400, false],
    [`/oauth/callback?code=${"1".repeat(5_000)}&state=the-state`, {}, 400, false]
  ])("is none of it where it is %s %o", (target, more, status, foreign) => {
    assert.deepStrictEqual(read(target, more), { _tag: "Stray", status, foreign } as never)
  })

  it("is answered with a page that repeats none of it", () => {
    for (const target of ["?code=abcdef&state=the-state", "?error=zzz&state=the-state", "?state=x"]) {
      const page = pageOf(read(`/oauth/callback${target}`))
      for (const word of ["abcdef", "the-state", "zzz"]) assert.notInclude(page, word)
    }
  })
})

describe("polling for a confirmed code", () => {
  it("continues while the answer is pending, slows down on request, and ends with anything else", () => {
    assert.deepStrictEqual(pollAfter({ interval: 1_000 }, "authorization_pending"), { interval: 1_000 })
    assert.deepStrictEqual(pollAfter({ interval: 1_000 }, "slow_down"), { interval: 6_000 })
    for (const code of ["expired_token", "access_denied", undefined]) {
      assert.isUndefined(pollAfter({ interval: 1_000 }, code))
    }
  })
})
