/**
 * What tests of sessions that a person has signed in to have in common.
 */

import { assert } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as FileSystem from "effect/FileSystem"
import type * as HttpClient from "effect/http/HttpClient"
import * as TestClock from "effect/testing/TestClock"
import { HomeDirectory } from "../../../src/layers/HomeDirectory.js"
import { StsCredentialError } from "../../../src/schemas/StsError.js"
import { hides } from "../../leaks/hides.js"
import { watched } from "../../leaks/watched.js"
import type { Disk } from "../../support/files.js"
import type { scripted } from "../../support/scripted.js"

/** The time at which every test begins. */
export const now = Date.parse("2026-01-01T00:00:00Z")

/** So many minutes after that, as ISO 8601 has it. */
export const inMinutes = (minutes: number): string =>
  new Date(now + minutes * 60_000).toISOString().replace(".000Z", "Z")

export interface Machine {
  readonly disk: Disk
  readonly http: ReturnType<typeof scripted>
  readonly env?: Readonly<Record<string, string>>
}

/** Runs a program on a machine with its files, network and environment; nothing that it prints may hold a secret. */
export const on = <A, E>(
  { disk, env = {}, http }: Machine,
  program: Effect.Effect<A, E, HttpClient.HttpClient | FileSystem.FileSystem>
) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(now)
    const exit = yield* Effect.exit(program).pipe(watched)
    for (const text of Object.values(exit.texts)) hides(text)
    hides(exit.result)
    return yield* exit.result as Effect.Effect<A, E>
  }).pipe(
    Effect.provide([http.layer, disk.layer]),
    Effect.provideService(HomeDirectory, Effect.succeed(undefined)),
    Effect.provideService(
      ConfigProvider.ConfigProvider,
      ConfigProvider.fromUnknown({ HOME: "/home", ...env })
    )
  )

/** Lets time pass while an effect waits. */
export const inTime = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(effect)
    yield* TestClock.adjust("1 minute")
    return yield* Fiber.join(fiber)
  })

/** Asserts that an effect fails with a credential error of this kind that says these words. */
export const refuses = <A, E, R>(
  effect: Effect.Effect<A, E, R>,
  reason: StsCredentialError["reason"],
  ...words: ReadonlyArray<string>
) =>
  Effect.map(Effect.flip(effect), (error) => {
    assert.instanceOf(error, StsCredentialError)
    assert.strictEqual(error.reason, reason, error.message)
    for (const word of words) assert.include(error.message, word)
    hides(error)
    return error
  })
