/**
 * Every source under `Effect.runSync`: with real files, real commands, and real requests to another process. Where all
 * is well each gives its credentials, and where it is refused or has lost its files it says so.
 */

import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { rmSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import { Blocking } from "../../src/blocking.js"
import { fullName, promises, sources } from "../sources/all.js"
import { leaks, observed, told } from "../sources/watch.js"
import { type Conditions, type Listed, withSource } from "../sources/withSource.js"
import { program } from "../support/program.js"

const blocking = Layer.orDie(Blocking.layerWith({ proxy: false }))

/** Sends to the process what is meant for others. */
const http = (port: number, refuse: boolean, asked: Array<string>) =>
  Layer.effect(
    HttpClient.HttpClient,
    Effect.map(
      HttpClient.HttpClient,
      HttpClient.mapRequest((request) => {
        asked.push(request.url)
        return request.pipe(
          HttpClientRequest.setHeader("x-meant-for", request.url),
          refuse ? HttpClientRequest.setHeader("x-refuse", "yes") : (same) => same,
          HttpClientRequest.setUrl(`http://127.0.0.1:${port}/`)
        )
      })
    )
  ).pipe(Layer.provide(blocking))

describe("under runSync", () => {
  let endpoints: ChildProcess
  let port: number
  beforeAll(async () => {
    const file = program("test/sources/endpointsProcess.ts")
    endpoints = spawn(process.execPath, [file], { stdio: ["pipe", "pipe", "inherit"] })
    const [line] = await once(endpoints.stdout as NonNullable<ChildProcess["stdout"]>, "data")
    port = Number(line)
  })
  afterAll(async () => {
    const ended = once(endpoints, "exit")
    endpoints.stdin?.end()
    await ended
  })

  const run = (listed: Listed, refuse: boolean, conditions: Conditions = {}) => {
    const asked: Array<string> = []
    const seen = Effect.runSync(
      withSource(listed, { ...conditions, http: http(port, refuse, asked) }, ({ get }) => observed(get)).pipe(
        Effect.provide(blocking)
      )
    )
    return { ...seen, asked }
  }

  const isRefused = (listed: Listed): boolean => {
    const { asked, leaks: found, result } = run(listed, true)
    if (asked.length === 0) return false
    assert.deepStrictEqual(found, [])
    // Who refuses everything at an address that nobody asked for is no metadata service.
    const expected = listed.configured ? "Refused" : "NotConfigured"
    assert.strictEqual("reason" in result ? result.reason : told(result), expected)
    return true
  }

  const hasLost = (listed: Listed): void => {
    const paths = Object.keys(listed.setup("").files ?? {})
    const before = (home: string) => {
      for (const path of paths) rmSync(join(home, path))
    }
    if (paths.length === 0) return
    const { leaks: found, result } = run(listed, false, { before })
    assert.deepStrictEqual(found, [])
    // A chain whose files are gone looks elsewhere, as if they had never been.
    assert.strictEqual(
      "accessKeyId" in result,
      listed.name.startsWith("default chain: ") && result !== undefined
    )
  }

  for (const listed of sources) {
    it(fullName(listed), () => {
      const { leaks: found, result } = run(listed, false)
      assert.strictEqual(told(result), listed.id)
      assert.deepStrictEqual(found, [])
      if (!isRefused(listed)) hasLost(listed)
    })
  }

  for (const listed of promises) {
    it(`${fullName(listed)} fails with an explanation`, () => {
      const { result } = run(listed, false)
      assert.strictEqual("reason" in result ? result.reason : told(result), "Unsupported")
      assert.deepStrictEqual(leaks({ message: told(result) }), [])
    })
  }
})
