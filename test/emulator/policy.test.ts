import { assert, describe, it } from "@effect/vitest"
import * as Option from "effect/Option"
import { type Conditions, conditionsHold, Ram, type RamDocument } from "../../src/emulator/Policy.js"

type Statement = RamDocument["Statement"][number]

const policy = (...statements: ReadonlyArray<Statement>): RamDocument => ({
  Version: "1",
  Statement: statements
})

const all: Statement = { Effect: "Allow", Action: "*", Resource: "*" }

const asked = (documents: ReadonlyArray<RamDocument>, context = {}) =>
  Ram.decide(documents, { action: "sts:AssumeRole", resource: "acs:ram::1:role/a.b", context }).effect ===
  "Allow"

describe("allows", () => {
  it("needs an Allow and no Deny", () => {
    assert.isFalse(asked([]))
    assert.isFalse(asked([policy()]))
    assert.isTrue(asked([policy(all)]))
    assert.isFalse(asked([policy(all), policy({ ...all, Effect: "Deny" })]))
  })

  it("matches actions in any case, resources as written, both with wildcards", () => {
    const with_ = (more: Partial<Statement>) => asked([policy({ ...all, ...more })])
    assert.isTrue(with_({ Action: "STS:assume*" }))
    assert.isTrue(with_({ Action: ["oss:*", "sts:AssumeRol?"] }))
    assert.isFalse(with_({ Action: "sts:AssumeRole?" }))
    assert.isTrue(with_({ Resource: "acs:ram::1:role/a.b" }))
    assert.isFalse(with_({ Resource: "acs:ram::1:role/aXb" }))
    assert.isFalse(with_({ Resource: "acs:ram::1:ROLE/a.b" }))
    assert.isTrue(asked([policy({ Effect: "Allow", NotAction: "oss:*", NotResource: "acs:oss:*" })]))
    assert.isFalse(asked([policy({ Effect: "Allow", NotAction: "sts:*", Resource: "*" })]))
    assert.isFalse(asked([policy({ Effect: "Allow", Action: "*", NotResource: "acs:ram::1:*" })]))
  })

  it.each([
    ["StringEquals", "a", true],
    ["StringEquals", "A", false],
    ["StringNotEquals", "a", false],
    ["StringNotEquals", "b", true],
    ["StringEqualsIgnoreCase", "A", true],
    ["StringNotEqualsIgnoreCase", "A", false],
    ["StringLike", "?", true],
    ["StringLike", "b*", false],
    ["StringNotLike", "b*", true],
    ["NumericEquals", "a", false]
  ])("decides %s %s", (operator, expected, outcome) => {
    const document = policy({ ...all, Condition: { [operator]: { key: [expected, "other"] } } })
    assert.strictEqual(asked([document], { key: ["a"] }), outcome)
  })

  it("requires every condition, and treats an absent value as unequal", () => {
    const both = policy({ ...all, Condition: { StringEquals: { one: "1", two: "2" } } })
    assert.isTrue(asked([both], { one: ["1"], two: ["2"] }))
    assert.isFalse(asked([both], { one: ["1"] }))
    assert.isTrue(asked([policy({ ...all, Condition: { StringNotEquals: { one: "1" } } })]))
  })

  it("finds principals of the right kind", () => {
    const trust = policy({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { RAM: ["a", "b"] } })
    const of = (kind: "RAM" | "Federated", names: ReadonlyArray<string>) =>
      Ram.decide([trust], { action: "sts:AssumeRole", principal: { kind, names }, context: {} }).effect ===
      "Allow"
    assert.isTrue(of("RAM", ["x", "b"]))
    assert.isFalse(of("RAM", ["x"]))
    assert.isFalse(of("Federated", ["a"]))
  })
})

describe("parse", () => {
  it("supports Action or NotAction, and Resource or NotResource", () => {
    const parsed = (statement: object) =>
      Option.isSome(Ram.parse(JSON.stringify({ Version: "1", Statement: [statement] })))
    assert.isTrue(parsed(all))
    assert.isFalse(parsed({ ...all, NotAction: "*" }))
    assert.isFalse(parsed({ ...all, NotResource: "*" }))
    assert.isFalse(parsed({ Effect: "Allow", Action: "*" }))
    assert.isFalse(parsed({ Effect: "Allow", Resource: "*" }))
  })
})

describe("conditions", () => {
  const context = {
    name: ["alice"],
    tags: ["a", "b"],
    mfa: ["true"],
    age: ["30"],
    when: ["2026-01-31T12:00:00Z"]
  }

  const rows: ReadonlyArray<readonly [Conditions, boolean]> = [
    [{ StringEquals: { name: ["bob", "alice"] } }, true],
    [{ StringEquals: { name: "Alice" } }, false],
    [{ StringEqualsIgnoreCase: { name: "Alice" } }, true],
    [{ StringNotEquals: { name: "bob" } }, true],
    [{ StringNotEquals: { name: ["bob", "alice"] } }, false],
    [{ StringNotEquals: { absent: "bob" } }, true],
    [{ StringLike: { name: "a?i*" } }, true],
    [{ StringNotLike: { name: "a*" } }, false],
    [{ ArnLike: { name: "al*" } }, true],
    [{ ArnNotEquals: { name: "alice" } }, false],
    [{ Bool: { mfa: true } }, true],
    [{ Bool: { absent: "true" } }, false],
    [{ BoolIfExists: { absent: "true" } }, true],
    [{ BoolIfExists: { mfa: "false" } }, false],
    [{ Null: { absent: "true", mfa: "false" } }, true],
    [{ Null: { mfa: true } }, false],
    [{ NumericLessThan: { age: "31" } }, true],
    [{ NumericLessThanEquals: { age: 29 } }, false],
    [{ NumericGreaterThanEquals: { age: 30 } }, true],
    [{ NumericNotEquals: { age: "30" } }, false],
    [{ DateGreaterThan: { when: "2026-01-01" } }, true],
    [{ DateLessThan: { when: "2026-01-01" } }, false],
    [{ "ForAnyValue:StringEquals": { tags: "b" } }, true],
    [{ "ForAnyValue:StringEquals": { absent: "b" } }, false],
    [{ "ForAllValues:StringEquals": { tags: ["a", "b", "c"] } }, true],
    [{ "ForAllValues:StringEquals": { tags: ["a"] } }, false],
    [{ "ForAllValues:StringEquals": { absent: "a" } }, true],
    [{ StringEquals: { name: "alice" }, Bool: { mfa: "false" } }, false],
    [{ Unheard: { name: "alice" } }, false],
    [{}, true]
  ]

  it.each(rows)("%j is %s", (conditions, expected) => {
    assert.strictEqual(conditionsHold(conditions, context), expected)
  })
})
