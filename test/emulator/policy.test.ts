import { describe, expect, it } from "@effect/vitest"
import * as Option from "effect/Option"
import { type Conditions, conditionsHold, Ram, type RamDocument } from "../../src/emulator/Policy.js"

type Statement = RamDocument["Statement"][number]

const policy = (...statements: ReadonlyArray<Statement>): RamDocument => ({
  Version: "1",
  Statement: statements
})

const all: Statement = { Effect: "Allow", Action: "*", Resource: "*" }

const asked = (documents: ReadonlyArray<RamDocument>, context = {}) =>
  Ram.allows(documents, { action: "sts:AssumeRole", resource: "acs:ram::1:role/a.b", context })

describe("allows", () => {
  it("needs a statement that allows, and none that denies", () => {
    expect(asked([])).toBe(false)
    expect(asked([policy()])).toBe(false)
    expect(asked([policy(all)])).toBe(true)
    expect(asked([policy(all), policy({ ...all, Effect: "Deny" })])).toBe(false)
  })

  it("matches actions in any case, resources as written, both with wildcards", () => {
    const with_ = (more: Partial<Statement>) => asked([policy({ ...all, ...more })])
    expect(with_({ Action: "STS:assume*" })).toBe(true)
    expect(with_({ Action: ["oss:*", "sts:AssumeRol?"] })).toBe(true)
    expect(with_({ Action: "sts:AssumeRole?" })).toBe(false)
    expect(with_({ Resource: "acs:ram::1:role/a.b" })).toBe(true)
    expect(with_({ Resource: "acs:ram::1:role/aXb" })).toBe(false)
    expect(with_({ Resource: "acs:ram::1:ROLE/a.b" })).toBe(false)
    expect(asked([policy({ Effect: "Allow", NotAction: "oss:*", NotResource: "acs:oss:*" })])).toBe(true)
    expect(asked([policy({ Effect: "Allow", NotAction: "sts:*", Resource: "*" })])).toBe(false)
    expect(asked([policy({ Effect: "Allow", Action: "*", NotResource: "acs:ram::1:*" })])).toBe(false)
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
    expect(asked([document], { key: ["a"] })).toBe(outcome)
  })

  it("wants every condition, and takes an absent value for unequal", () => {
    const both = policy({ ...all, Condition: { StringEquals: { one: "1", two: "2" } } })
    expect(asked([both], { one: ["1"], two: ["2"] })).toBe(true)
    expect(asked([both], { one: ["1"] })).toBe(false)
    expect(asked([policy({ ...all, Condition: { StringNotEquals: { one: "1" } } })])).toBe(true)
  })

  it("finds principals of the right kind", () => {
    const trust = policy({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { RAM: ["a", "b"] } })
    const of = (kind: "RAM" | "Federated", names: ReadonlyArray<string>) =>
      Ram.allows([trust], { action: "sts:AssumeRole", principal: { kind, names }, context: {} })
    expect(of("RAM", ["x", "b"])).toBe(true)
    expect(of("RAM", ["x"])).toBe(false)
    expect(of("Federated", ["a"])).toBe(false)
  })
})

describe("parse", () => {
  it("takes one of Action and NotAction, and one of Resource and NotResource", () => {
    const parsed = (statement: object) =>
      Option.isSome(Ram.parse(JSON.stringify({ Version: "1", Statement: [statement] })))
    expect(parsed(all)).toBe(true)
    expect(parsed({ ...all, NotAction: "*" })).toBe(false)
    expect(parsed({ ...all, NotResource: "*" })).toBe(false)
    expect(parsed({ Effect: "Allow", Action: "*" })).toBe(false)
    expect(parsed({ Effect: "Allow", Resource: "*" })).toBe(false)
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
    expect(conditionsHold(conditions, context)).toBe(expected)
  })
})
