import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import * as FastCheck from "fast-check"
import { decode, type Names, refusalOf } from "../../src/protocol/credentialsDocument.js"

const names: Names = {
  id: "AccessKeyId",
  secret: "SecretAccessKey",
  token: "Token",
  expiration: "Expiration",
  accountId: "AccountId"
}

const issued = { AccessKeyId: "id", SecretAccessKey: "secret", Token: "token" }

const read = (value: unknown, codeRequired?: boolean) => decode(JSON.stringify(value), names, codeRequired)

const problem = (value: unknown, codeRequired?: boolean) =>
  Result.match(read(value, codeRequired), {
    onFailure: (left) => (left._tag === "Foreign" ? left.detail : left.refusal),
    onSuccess: () => "read"
  })

describe("a document with credentials", () => {
  it("is read with names in any case, ignoring unknown ones", () => {
    const expected = { id: "id", secret: "secret", token: "token", expiration: undefined, accountId: "1" }
    const lower = { accesskeyid: "id", SECRETACCESSKEY: "secret", token: "token", accountId: "1", other: {} }
    assert.deepStrictEqual(read(lower), Result.succeed(expected))
    assert.deepStrictEqual(
      read({ ...issued, Code: "Success", AccountId: "1", Expiration: null }),
      Result.succeed(expected)
    )
  })

  it("may lack Code, unless it is required", () => {
    assert.strictEqual(problem(issued), "read")
    assert.strictEqual(problem({ ...issued, code: "Success" }, true), "read")
    assert.strictEqual(problem(issued, true), "its Code is not Success")
    assert.strictEqual(problem({ ...issued, Code: 200 }), "its Code is not Success")
  })

  it("recognises a refusal, whatever else it contains", () => {
    assert.deepStrictEqual(problem({ ...issued, Code: "Failed", Message: "why" }), {
      code: "Failed",
      message: "why"
    })
    assert.deepStrictEqual(problem({ code: "Failed", message: 1 }), { code: "Failed", message: undefined })
  })

  it.each([
    [{ ...issued, AccessKeyId: "" }, "it has no AccessKeyId"],
    [{ ...issued, SecretAccessKey: undefined }, "it has no SecretAccessKey"],
    [{ ...issued, Token: null }, "it has no Token"],
    [{ ...issued, AccountId: 1 }, "its AccountId is not a string"],
    [{ ...issued, Expiration: {} }, "its Expiration is not a string"],
    [[issued], "it is not a JSON object"],
    ["text", "it is not a JSON object"],
    [null, "it is not a JSON object"]
  ])("is none: %j", (value, detail) => assert.strictEqual(problem(value), detail))

  it("recognises a refusal by its body alone", () => {
    assert.deepStrictEqual(refusalOf('{"code":"A.B-c:D","message":"m"}'), { code: "A.B-c:D", message: "m" })
    assert.deepStrictEqual(refusalOf('{"__type":"Denied"}'), { code: "Denied", message: undefined })
    for (const body of ["", "<html>", "{}", '{"code":1}', '{"code":"a b"}', '"code"']) {
      assert.isUndefined(refusalOf(body))
    }
  })

  it("never throws, and does not show other bodies", () => {
    FastCheck.assert(
      FastCheck.property(FastCheck.oneof(FastCheck.json(), FastCheck.string()), (body) => {
        const result = decode(body, names)
        if (Result.isFailure(result) && result.failure._tag === "Foreign") {
          assert.match(result.failure.detail, /^it(s \w+)? (is|has) (not|no) [\w ]+$/)
        }
      })
    )
  })
})
