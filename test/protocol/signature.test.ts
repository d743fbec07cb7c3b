import { createHmac } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as FastCheck from "fast-check"
import { HmacKey, headerFault, hmacKey, targetOf } from "../../src/protocol/signature.js"
import { text } from "./arbitraries.js"

describe("an HMAC key", () => {
  it("of any length signs any number of texts as the platform does", () => {
    FastCheck.assert(
      FastCheck.property(
        FastCheck.constantFrom("sha1" as const, "sha256" as const),
        FastCheck.constantFrom("hex" as const, "base64" as const),
        FastCheck.uint8Array({ maxLength: 200 }),
        FastCheck.array(text),
        (algorithm, encoding, bytes, texts) => {
          const ours = new HmacKey(algorithm, bytes)
          for (const each of texts) {
            const theirs = createHmac(algorithm, bytes).update(each).digest(encoding)
            assert.strictEqual(ours.sign(each, encoding), theirs)
          }
        }
      )
    )
  })

  it("signs texts of megabytes", () => {
    const long = "\u20ac".repeat(400_000)
    assert.strictEqual(
      new HmacKey("sha256", "key").sign(long, "hex"),
      createHmac("sha256", "key").update(long).digest("hex")
    )
  })

  it("is made once per use of a secret, and not for a wiped secret", () => {
    const secret = Redacted.make("secret")
    const make = (plain: string) => new HmacKey("sha256", plain)
    const first = hmacKey(secret, "one", make)
    assert.strictEqual(hmacKey(secret, "one", make), first)
    assert.notStrictEqual(hmacKey(secret, "other", make), first)
    assert.notStrictEqual(hmacKey(Redacted.make("secret"), "one", make), first)
    Redacted.wipeUnsafe(secret)
    assert.throws(() => hmacKey(secret, "one", make))
  })
})

describe("a URL to be signed", () => {
  it.each([
    ["/%FF", "path"],
    ["/%zz", "path"],
    ["/b?prefix=%FF", "query"],
    ["/b?prefix=caf%E9", "query"]
  ])("with %s is refused, since it would go out as another", (rest, part) => {
    assert.deepStrictEqual(
      targetOf(new URL(`https://s3.example${rest}`)),
      Result.fail(`the URL's ${part} has a % that does not begin a UTF-8 character`)
    )
  })
})

describe("a lone % in a query", () => {
  it("stands for itself", () => {
    const { query } = Result.getOrThrow(
      targetOf(new URL("https://s3.example/b?prefix=100%&a=%zz&b=%EF%BF%BD"))
    )
    assert.deepStrictEqual(query, [
      ["prefix", "100%"],
      ["a", "%zz"],
      ["b", "\ufffd"]
    ])
  })
})

describe("credentials that no header can carry", () => {
  it("are found each time, and so is a secret that was wiped after its first use", () => {
    const securityToken = Redacted.make("token")
    const fault = (more: object) =>
      headerFault("alibaba", "AssumeRole", { accessKeyId: "id", accessKeySecret: "secret", ...more })?.message
    const broken = Redacted.make("a\nb")
    for (const _ of ["first", "second"]) {
      assert.isUndefined(fault({ securityToken }))
      assert.include(
        fault({ securityToken: broken }),
        "securityToken contains a space or a control character"
      )
    }
    Redacted.wipeUnsafe(securityToken)
    assert.include(fault({ securityToken }), "securityToken has been wiped from memory")
  })
})

const host = "https://host.example:8443"

const target = (path: string, likeS3: boolean) => Result.getOrThrow(targetOf(new URL(host + path), likeS3))

describe("a path", () => {
  for (const [path, sent, signed] of [
    ["/", "/", "/"],
    ["/a b", "/a%20b", "/a%20b"],
    ["/model/x:0/invoke", "/model/x%3A0/invoke", "/model/x%3A0/invoke"],
    ["/model/x%3a0/invoke", "/model/x%3A0/invoke", "/model/x%3A0/invoke"],
    ["/a%2Fb/c", "/a%2Fb/c", "/a%2Fb/c"],
    ["/a+b!'()*", "/a%2Bb%21%27%28%29%2A", "/a%2Bb%21%27%28%29%2A"],
    ["/a%252Fb", "/a%252Fb", "/a%252Fb"],
    ["/ü~", "/%C3%BC~", "/%C3%BC~"]
  ] as const) {
    it(`is sent as it is signed: ${path}`, () => {
      const { path: given, url } = target(path, false)
      assert.deepStrictEqual([url, given], [host + sent, signed])
    })
  }

  for (const [path, sent, meant] of [
    ["/a b//c/", "/a%20b//c/", "/a b//c/"],
    ["/a%2Fb", "/a/b", "/a/b"],
    ["/a%252Fb", "/a%252Fb", "/a%2Fb"],
    ["/a+b", "/a%2Bb", "/a+b"]
  ] as const) {
    it(`is an object's key for S3: ${path}`, () => {
      const { path: given, url } = target(path, true)
      assert.deepStrictEqual([url, given], [host + sent, meant])
    })
  }

  for (const path of ["/50%", "/%zz", "/%FF"]) {
    it(`is refused: ${path}`, () => {
      assert.isTrue(Result.isFailure(targetOf(new URL(host + path), false)))
      assert.isTrue(Result.isFailure(targetOf(new URL(host + path), true)))
    })
  }
})

it("a query is sent as it is signed, in its own order", () => {
  const { host: named, query, url } = target("/?b=x+y&a=%2B&b=*&acl#part", false)
  assert.strictEqual(url, `${host}/?b=x%20y&a=%2B&b=%2A&acl=`)
  assert.strictEqual(named, "host.example:8443")
  assert.deepStrictEqual(query, [
    ["b", "x y"],
    ["a", "+"],
    ["b", "*"],
    ["acl", ""]
  ])
})
