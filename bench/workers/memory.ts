/**
 * What calls leave behind and what a waiting one holds, with a client that answers at once or never.
 */

import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import { key, reply, request } from "../clouds/alibaba.js"
import * as built from "../support/built.js"
import { serve } from "../support/process.js"

export interface Question {
  readonly kind: "growth" | "waiting" | "fibers"
  readonly count: number
}

const { assumeRole, SignerAcs3, Static } = await built.alibaba()
const { BufferedResponse, make } = await built.bufferedClient()
const platform = await import("effect/http/HttpClient")

const body = Buffer.from(reply())
const headers = { "content-type": "application/json;charset=utf-8" }
const answered = (sent: HttpClientRequest.HttpClientRequest) =>
  Effect.succeed(new BufferedResponse(sent, 200, headers, body))

const layer = (client: HttpClient.HttpClient) =>
  Layer.mergeAll(Static.layer(key), SignerAcs3.layer, Layer.succeed(platform.HttpClient, client))

/** Bytes in use once everything that can go is gone. */
const heap = async (): Promise<number> => {
  if (globalThis.gc === undefined) throw new Error("needs --expose-gc")
  for (let turn = 0; turn < 5; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 10))
    globalThis.gc()
  }
  return process.memoryUsage().heapUsed
}

const call = Effect.suspend(() => assumeRole(request))

const growth = (calls: number) =>
  Effect.gen(function* () {
    const many = (count: number) => Effect.forEach(Array(count), () => call, { discard: true })
    yield* many(10_000)
    const before = yield* Effect.promise(heap)
    // In pieces: the list of what is still to do is not the library's.
    for (let done = 0; done < calls; done += 10_000) yield* many(Math.min(10_000, calls - done))
    return ((yield* Effect.promise(heap)) - before) / calls
  }).pipe(Effect.provide(layer(make(answered))))

const waiting = <R>(waiter: Effect.Effect<unknown, unknown, R>, count: number) =>
  Effect.gen(function* () {
    yield* Effect.flatMap(Effect.forkChild(waiter), Fiber.interrupt)
    const before = yield* Effect.promise(heap)
    // They end with this process.
    const fibers = yield* Effect.forEach(Array(count), () => Effect.forkDetach(waiter))
    return ((yield* Effect.promise(heap)) - before) / fibers.length
  })

const unanswered = make(() => Effect.never)

/** Bytes per call, per waiting call or per fiber that only waits. */
serve(({ count, kind }: Question): Promise<number> => {
  switch (kind) {
    case "growth":
      return Effect.runPromise(growth(count))
    case "waiting":
      return Effect.runPromise(waiting(call, count).pipe(Effect.provide(layer(unanswered))))
    case "fibers":
      return Effect.runPromise(waiting(Effect.never, count))
  }
})
