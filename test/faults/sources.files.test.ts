/**
 * Every source that reads files, and every way in which each of its files may be wrong: its error is the right one and
 * names a file, nobody else's credentials are taken for those that are broken, and none of this tells a secret.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { fullName, sources } from "../sources/all.js"
import { outcomesOfFile } from "../sources/expectedOfFiles.js"
import { fileTroubles } from "../sources/fileTroubles.js"
import { programFile } from "../sources/secrets.js"
import { inNoTime, type Outcome, observed, outcomeOf } from "../sources/watch.js"
import { type Conditions, type Listed, withSource } from "../sources/withSource.js"

const warning = /holds secrets and has mode/g

const meet = (listed: Listed, path: string, trouble: string, conditions: Conditions) =>
  inNoTime(() =>
    withSource(listed, conditions, ({ get }) =>
      Effect.map(observed(Effect.andThen(Effect.ignore(get), get)), ({ leaks, logs, result }) => {
        assert.deepStrictEqual(leaks, [], trouble)
        const warnings = logs.match(warning)?.length ?? 0
        assert.isTrue(warnings <= 1, `${trouble}: warned ${warnings} times`)
        return [trouble, { outcome: outcomeOf(listed, result, path), warned: warnings > 0 }] as const
      })
    )
  )

const anyError = (outcome: Outcome): Outcome =>
  outcome === "those of somebody else" ? outcome : "an error or its credentials"

describe.each(
  sources.flatMap((listed) =>
    Object.keys(listed.setup("").files ?? {})
      .filter((path) => path !== programFile)
      .map((path) => [fullName(listed), path, listed] as const)
  )
)("%s, %s", (_, path, listed) => {
  it("is read, or said to be unreadable", async () => {
    const met = await Effect.runPromise(
      Effect.forEach(
        Object.entries(fileTroubles),
        ([trouble, conditionsOf]) => meet(listed, path, trouble, conditionsOf(path)),
        { concurrency: 8 }
      )
    )
    const outcomes = met.map(([trouble, { outcome }]) => [
      trouble,
      trouble === "cut in the middle" ? anyError(outcome) : outcome
    ])
    assert.deepStrictEqual(Object.fromEntries(outcomes), outcomesOfFile(listed, path))
    const warned = met.filter(([, { warned }]) => warned).map(([trouble]) => trouble)
    const holdsSecrets = /credentials$|\/cache\/|\.aliyun/.test(path)
    assert.deepStrictEqual(warned, holdsSecrets ? ["read by everybody"] : [])
  })
})
