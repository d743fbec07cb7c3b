import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import { parse } from "../../src/services/Endpoint.js"

const strict = { http: false, path: false }

const read = (text: string, allowed = strict) => parse("KEY", text, "region", allowed)

describe("an endpoint", () => {
  it.each([
    ["sts.example.com", "https://sts.example.com/", "sts.example.com"],
    ["https://sts.example.com", "https://sts.example.com/", "sts.example.com"],
    ["https://sts.example.com:8443/", "https://sts.example.com:8443/", "sts.example.com:8443"],
    ["http://127.0.0.1:8055", "http://127.0.0.1:8055/", "127.0.0.1:8055"],
    ["http://[::1]:8055", "http://[::1]:8055/", "[::1]:8055"],
    ["http://localhost", "http://localhost/", "localhost"]
  ])("%s is %s", (text, url, host) => {
    assert.deepStrictEqual(read(text), Result.succeed({ url, host, path: "/", region: "region" }))
  })

  it.each([
    ["http://sts.example.com", "plain HTTP"],
    ["http://127.0.0.1.example.com", "plain HTTP"],
    ["ftp://sts.example.com", "https://"],
    ["https://user:PLANTED@sts.example.com", "user name or password"],
    ["https://sts.example.com/path", "must not have a path"],
    ["https://sts.example.com/?a=b", "query or fragment"],
    ["http:/127.0.0.1", "must start with https://"],
    ["https:sts.example.com", "must start with https://"],
    ["https://", "neither a URL nor a host name"]
  ])("cannot be %s", (text, says) => {
    const error = Result.getOrThrow(Result.flip(read(text)))
    assert.include(error.message, says)
    assert.include(error.message, "KEY")
    assert.notInclude(error.message, "PLANTED")
  })

  it("may be plain HTTP and have a path where both are allowed", () => {
    const { path, url } = Result.getOrThrow(read("http://gateway.test/sts", { http: true, path: true }))
    assert.strictEqual(url, "http://gateway.test/sts/")
    assert.strictEqual(path, "/sts/")
  })
})
