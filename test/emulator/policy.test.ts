import { describe, expect, it } from "@effect/vitest"
import * as Option from "effect/Option"
import { allows, type Document, parse } from "../../src/emulator/alibaba/Policy.js"

type Statement = Document["Statement"][number]

const policy = (...statements: ReadonlyArray<Statement>): Document => ({
  Version: "1",
  Statement: statements
})

const all: Statement = { Effect: "Allow", Action: "*", Resource: "*" }

const asked = (documents: ReadonlyArray<Document>, context = {}) =>
  allows(documents, { action: "sts:AssumeRole", resource: "acs:ram::1:role/a.b", context })

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
      allows([trust], { action: "sts:AssumeRole", principal: { kind, names }, context: {} })
    expect(of("RAM", ["x", "b"])).toBe(true)
    expect(of("RAM", ["x"])).toBe(false)
    expect(of("Federated", ["a"])).toBe(false)
  })
})

describe("parse", () => {
  it("takes one of Action and NotAction, and one of Resource and NotResource", () => {
    const parsed = (statement: object) =>
      Option.isSome(parse(JSON.stringify({ Version: "1", Statement: [statement] })))
    expect(parsed(all)).toBe(true)
    expect(parsed({ ...all, NotAction: "*" })).toBe(false)
    expect(parsed({ ...all, NotResource: "*" })).toBe(false)
    expect(parsed({ Effect: "Allow", Action: "*" })).toBe(false)
    expect(parsed({ Effect: "Allow", Resource: "*" })).toBe(false)
  })
})
