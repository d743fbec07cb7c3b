/**
 * The names of docs/observability.md are those that calls use, and no others.
 */
import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import { Refreshing } from "../../src/index.js"
import { AwsSeed, Emulator, Fault } from "../../src/testing.js"
import { cacheOf } from "../support/fleetNodes.js"
import { RedisModel } from "../support/redisModel.js"
import { calling, signedForAws, signedWith } from "../support/runners.js"
import { spansOf } from "../support/spans.js"

const guide = readFileSync(resolve(import.meta.dirname, "../../docs/observability.md"), "utf8")

const codeIn = (cell = "") => Array.from(cell.matchAll(/`([^`]+)`/g), ([, name]) => name ?? "")

/** The rows of each of the guide's tables, without the head. */
const tables = guide
  .split("\n\n")
  .filter((block) => block.startsWith("|"))
  .map((block) =>
    block
      .trim()
      .split("\n")
      .slice(2)
      .map((row) => row.split("|").slice(1, -1))
  )
const [ofCalls = [], ofSources = [], metrics = []] = tables

const namesIn = (rows: ReadonlyArray<ReadonlyArray<string>>) => rows.flatMap(([cell]) => codeIn(cell))

const source = {
  name: "scripted",
  get: Effect.succeed(Aws.Credentials.make({ ...AwsSeed.keys.user }))
}

const everything = Effect.gen(function* () {
  const emulator = yield* Emulator.Emulator
  yield* emulator.addFault(Fault.throttled({ retryAfter: "0 seconds" }))
  yield* signedForAws()(Aws.getCallerIdentity())
  yield* emulator.addFault(Fault.refused(403, "AccessDenied"))
  yield* Effect.flip(signedForAws()(Aws.getCallerIdentity()))
  yield* signedWith("acs3")(Alibaba.getCallerIdentity())
  yield* Refreshing.make("aws", source).get
  yield* (yield* cacheOf(new RedisModel(Date.now).engine, source)).get
}).pipe(calling("http://127.0.0.1", { aws: { region: "eu-west-1" }, jitter: false }))

describe("docs/observability.md", { timeout: 300_000 }, () => {
  it.live("lists all attributes and metrics", () => {
    const { program, spans } = spansOf(everything)
    return Effect.gen(function* () {
      yield* program
      const namesOf = (isWanted: (name: string) => boolean) => [
        ...new Set(
          spans.filter(({ name }) => isWanted(name)).flatMap(({ attributes }) => [...attributes.keys()])
        )
      ]
      assert.sameMembers(
        namesOf((name) => name.startsWith("STS.")),
        namesIn(ofCalls)
      )
      assert.sameMembers(
        namesOf((name) => name === "effect_sts.credential.refresh"),
        namesIn(ofSources)
      )
      const found = (yield* Metric.snapshot).filter(({ id }) => /^(rpc|effect_sts)\./.test(id))
      const shapes = new Map<string, Set<string>>()
      for (const { attributes: { unit, ...others } = {}, id, type } of found) {
        const shape = `${id} ${type.toLowerCase()} ${unit}`
        shapes.set(shape, new Set([...(shapes.get(shape) ?? []), ...Object.keys(others)]))
      }
      assert.sameDeepMembers(
        Array.from(shapes, ([shape, names]) => [shape, [...names].sort()]),
        metrics.map(([name, kind = "", unit, attributes]) => [
          [codeIn(name)[0], kind.trim(), codeIn(unit)[0]].join(" "),
          codeIn(attributes).sort()
        ])
      )
    }).pipe(Effect.provide(Emulator.layer))
  })
})
