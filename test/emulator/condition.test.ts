import { expect, it } from "@effect/vitest"
import { type Conditions, conditionsHold } from "../../src/emulator/Policy.js"

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
