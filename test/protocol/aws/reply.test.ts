import { assert, describe, it } from "@effect/vitest"
import { refusalCode } from "../../../src/protocol/aws/query.js"

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
