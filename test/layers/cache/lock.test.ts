import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { ThisProcess, whileHeld } from "../../../src/layers/cache/Lock.js"
import { Interleaving, randomFrom } from "./interleaving.js"

const lock = { path: "/cache/entry.json.lock", staleAfter: 300_000 }
const tries = 4

const contest = (seed: number, processes: number, chanceOfDeath: number) => {
  const folder = new Interleaving(randomFrom(seed))
  const inside = new Set<number>()
  const leave = (pid: number) => void inside.delete(pid)
  let most = 0
  let entered = 0
  const critical = (pid: number) =>
    Effect.gen(function* () {
      inside.add(pid)
      entered++
      most = Math.max(most, inside.size)
      yield* folder.turn(pid)
      yield* folder.turn(pid)
      leave(pid)
    })
  const start = (pid: number) => {
    const fs = folder.fileSystem(pid)
    const isAlive = (other: number) => Effect.sync(() => !folder.dead.has(other))
    return folder.start(
      Effect.repeat(Effect.andThen(whileHeld(fs, lock, critical(pid)), folder.turn(pid)), {
        times: tries
      }).pipe(Effect.provideService(ThisProcess, { pid, thread: 0, host: "here", uid: undefined, isAlive }))
    )
  }
  const all = Array.from({ length: processes }, (_, index) => start(index + 1))
  folder.run(chanceOfDeath, leave)
  const contended = entered
  const last = start(processes + 1)
  folder.run(0, leave)
  const ended = [...all.filter((_, index) => !folder.dead.has(index + 1)), last]
  return {
    most,
    contended,
    afterwards: entered - contended,
    files: [...folder.files.keys()],
    dead: folder.dead.size,
    isWell: ended.every((fiber) => fiber.pollUnsafe()?._tag === "Success")
  }
}

const isLeftover = (path: string) => path !== lock.path

describe("a lock between processes", () => {
  it("has one holder at a time, in whatever order they come", () => {
    for (let seed = 0; seed < 100; seed++) {
      const { afterwards, contended, files, isWell, most } = contest(seed, 4, 0)
      assert.isTrue(isWell, `seed ${seed}`)
      assert.strictEqual(most, 1, `seed ${seed}`)
      assert.isAbove(contended, 0, `seed ${seed}`)
      assert.strictEqual(afterwards, tries + 1, `seed ${seed}`)
      assert.deepStrictEqual(files, [], `seed ${seed}`)
    }
  }, 60_000)

  it("is taken over by one process from each that dies, at whatever point", () => {
    let deaths = 0
    for (let seed = 0; seed < 250; seed++) {
      const { afterwards, dead, files, isWell, most } = contest(seed, 5, 0.02)
      deaths += dead
      assert.isTrue(isWell, `seed ${seed}`)
      assert.isAtMost(most, 1, `seed ${seed}`)
      assert.strictEqual(afterwards, tries + 1, `seed ${seed}`)
      assert.isTrue(files.every(isLeftover), `seed ${seed}: ${files.join()}`)
    }
    assert.isAbove(deaths, 250)
  }, 60_000)
})
