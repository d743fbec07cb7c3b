import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { whileHeld } from "../../../src/layers/cache/Lock.js"
import { ThisProcess } from "../../../src/layers/cache/ThisProcess.js"
import { Interleaving, randomFrom } from "../../support/interleaving.js"

const lock = { path: "/cache/entry.json.lock", staleAfter: 300_000 }
const tries = 8

const contest = (seed: number, processes: number, chanceOfDeath: number) =>
  Effect.gen(function* () {
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
    const process = (pid: number) => {
      const fs = folder.fileSystem(pid)
      const isAlive = (other: number) => Effect.sync(() => !folder.dead.has(other))
      return Effect.repeatN(
        Effect.zipRight(whileHeld(fs, lock, critical(pid)), folder.turn(pid)),
        tries
      ).pipe(Effect.provideService(ThisProcess, { pid, thread: 0, host: "here", uid: undefined, isAlive }))
    }
    for (let pid = 1; pid <= processes; pid++) yield* Effect.forkDaemon(process(pid))
    yield* folder.run(chanceOfDeath, leave)
    const contended = entered
    const last = yield* Effect.fork(process(processes + 1))
    yield* folder.run(0, leave)
    yield* Fiber.join(last)
    return {
      most,
      contended,
      afterwards: entered - contended,
      files: [...folder.files.keys()],
      dead: folder.dead.size
    }
  })

const isLeftover = (path: string) => path !== lock.path

describe("a lock between processes", () => {
  it.effect(
    "has one holder at a time, in whatever order they come",
    () =>
      Effect.gen(function* () {
        for (let seed = 0; seed < 100; seed++) {
          const { afterwards, contended, files, most } = yield* contest(seed, 4, 0)
          assert.strictEqual(most, 1, `seed ${seed}`)
          assert.isAbove(contended, 0, `seed ${seed}`)
          assert.strictEqual(afterwards, tries + 1, `seed ${seed}`)
          assert.deepStrictEqual(files, [], `seed ${seed}`)
        }
      }),
    60_000
  )

  it.effect(
    "is taken over by one process from each that dies, at whatever point",
    () =>
      Effect.gen(function* () {
        let deaths = 0
        for (let seed = 0; seed < 250; seed++) {
          const { afterwards, dead, files, most } = yield* contest(seed, 5, 0.02)
          deaths += dead
          assert.isAtMost(most, 1, `seed ${seed}`)
          assert.strictEqual(afterwards, tries + 1, `seed ${seed}`)
          assert.isTrue(files.every(isLeftover), `seed ${seed}: ${files.join()}`)
        }
        assert.isAbove(deaths, 250)
      }),
    60_000
  )
})
