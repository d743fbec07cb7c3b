/**
 * Values that are nearly right.
 */
import * as DateTime from "effect/DateTime"
import * as Redacted from "effect/Redacted"
import * as FastCheck from "fast-check"

/** Where a value is changed, and to what; nothing leaves it as it is. */
export const choices: FastCheck.Arbitrary<ReadonlyArray<number>> = FastCheck.array(FastCheck.nat(9_999), {
  maxLength: 8
})

const others: ReadonlyArray<() => unknown> = [
  () => undefined,
  () => null,
  () => "",
  () => "a",
  () => "\u0000",
  () => "é".repeat(3_000),
  () => "2026-02-30T00:00:00Z",
  () => "arn:aws:iam::123456789012:user/alice",
  () => 0,
  () => 3_600,
  () => 900.5,
  () => Number.NaN,
  () => true,
  () => [],
  () => [undefined],
  () => ["a", "b"],
  () => ({}),
  () => ({ arn: 1, key: "a", value: "b" }),
  () => Object.create({ arn: "arn:aws:iam::123456789012:role/inherited", Arn: "inherited" }),
  () => new Date(0),
  () => new Date(Number.NaN),
  () => DateTime.makeUnsafe(0),
  () => Redacted.make(""),
  () => Redacted.make("000000"),
  () => Redacted.make(1),
  () => Symbol("other"),
  () => () => "other"
]

type Place = readonly [holder: Record<string, unknown>, name: string]

const isTree = (value: unknown): value is Record<string, unknown> =>
  Array.isArray(value) ||
  (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype)

const copy = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(copy)
  if (!isTree(value)) return value
  const made: Record<string, unknown> = {}
  for (const name of Object.keys(value)) made[name] = copy(value[name])
  return made
}

const placesIn = (holder: Record<string, unknown>, before: Array<Place> = []): ReadonlyArray<Place> => {
  for (const name of Object.keys(holder)) {
    before.push([holder, name])
    const value = holder[name]
    if (isTree(value)) placesIn(value, before)
  }
  return before
}

const pick = <A>(all: ReadonlyArray<A>, choice: number): A | undefined => all[choice % all.length]

/** A value with some of its parts taken away, added or replaced, each by two choices. */
export const mutated = (right: unknown, chosen: ReadonlyArray<number>): unknown => {
  const root: Record<string, unknown> = { value: copy(right) }
  for (let index = 0; index + 1 < chosen.length; index += 2) {
    const [where = 0, what = 0] = chosen.slice(index, index + 2)
    const [holder, name] = pick(placesIn(root), where) ?? [root, "value"]
    const other = pick(others, what >> 2)?.()
    if (what % 4 === 0) delete holder[name]
    else if (what % 4 === 1) holder[`${name}s`] = other
    else if (what % 4 === 2) holder[name] = Object.create(isTree(holder[name]) ? holder[name] : {})
    else holder[name] = other
  }
  return root["value"]
}
