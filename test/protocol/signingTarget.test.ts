import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import { refusalCode } from "../../src/protocol/aws/reply.js"
import { targetOf } from "../../src/protocol/signingTarget.js"

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
    it(`goes out as it is signed: ${path}`, () => {
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

it("a query goes out as it is signed, in its own order", () => {
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

describe("a refusal's code", () => {
  for (const [headers, body, code] of [
    [{ "x-amzn-errortype": "ExpiredTokenException:http://x/" }, "", "ExpiredTokenException"],
    [{}, '{"__type":"com.amazon.coral.service#ExpiredTokenException"}', "ExpiredTokenException"],
    [{}, '{"code":"ExpiredToken"}', "ExpiredToken"],
    [{}, "<?xml version='1.0'?><Error><Code>ExpiredToken</Code></Error>", "ExpiredToken"],
    [{}, "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>", "Throttling"],
    [{}, "<html>", undefined],
    [{}, "[1]", undefined],
    [{}, '"text"', undefined],
    [{}, '{"__type":5}', undefined],
    [{}, "", undefined]
  ] as const) {
    it(`${code} is found in ${JSON.stringify(headers)} ${body}`, () => {
      assert.strictEqual(refusalCode(headers, body), code)
    })
  }
})
