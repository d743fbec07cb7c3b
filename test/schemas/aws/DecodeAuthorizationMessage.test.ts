import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { DecodeAuthorizationMessageResponse } from "../../../src/schemas/aws/DecodeAuthorizationMessage.js"

const decode = Schema.decodeUnknownSync(DecodeAuthorizationMessageResponse)

const message = (parts: unknown) => decode({ decodedMessage: JSON.stringify(parts) }).decodedMessage

const statement = {
  statementId: "DenyOutside",
  effect: "DENY",
  principals: { items: [{ value: "AIDAEXAMPLE" }] },
  actions: { items: [{ value: "ec2:RunInstances" }] }
}

const denied = {
  allowed: false,
  explicitDeny: true,
  matchedStatements: { items: [statement] },
  failures: { items: [] },
  context: {
    principal: { id: "AIDAEXAMPLE", name: "alice", arn: "arn:aws:iam::123456789012:user/alice" },
    action: "ec2:RunInstances",
    resource: "arn:aws:ec2:us-east-1:123456789012:instance/*",
    conditions: { items: [{ key: "ec2:Tenancy", values: { items: [{ value: "default" }] } }] }
  }
}

describe("a decoded authorization message", () => {
  it("explains a denied request", () => {
    const decoded = message(denied)
    assert.deepStrictEqual({ ...decoded }, { ...denied, text: JSON.stringify(denied) })
    assert.strictEqual(decoded.context?.conditions?.items[0]?.values?.items[0]?.value, "default")
  })

  it("may have more or fewer fields", () => {
    const { context, ...rest } = message({ ...denied, new: 1, context: { action: "a:b", new: {} } })
    assert.strictEqual(rest.explicitDeny, true)
    assert.deepStrictEqual(context, { action: "a:b" })
    assert.isFalse("new" in rest)
    assert.deepStrictEqual({ ...message({}) }, { text: "{}" })
  })

  it("drops only unexpected parts", () => {
    const decoded = message({
      ...denied,
      allowed: null,
      failures: "none",
      context: { ...denied.context, principal: 5 }
    })
    assert.isUndefined(decoded.allowed)
    assert.isUndefined(decoded.failures)
    assert.isUndefined(decoded.context?.principal)
    assert.strictEqual(decoded.context?.action, "ec2:RunInstances")
    assert.deepStrictEqual(decoded.matchedStatements, denied.matchedStatements)
  })

  it.each(["", "no JSON", "[1]", "null", '"text"', '{"allowed":'])("may be no message at all: %s", (text) => {
    assert.deepStrictEqual({ ...decode({ decodedMessage: text }).decodedMessage }, { text })
  })

  it("is the same text when it is encoded", () => {
    const result = { decodedMessage: JSON.stringify(denied, undefined, 1) }
    assert.deepStrictEqual(Schema.encodeSync(DecodeAuthorizationMessageResponse)(decode(result)), result)
  })

  it("must be there", () => {
    assert.throws(() => decode({}))
    assert.throws(() => decode({ decodedMessage: denied }))
  })
})
