/**
 * A published case as a small machine: its files, its environment, its network, its clock; nothing of this machine's.
 */

import { strictEqual } from "node:assert"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join, relative } from "node:path"
import * as NodeChildProcessSpawner from "@effect/platform-node/NodeChildProcessSpawner"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as FileSystem from "effect/FileSystem"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import type * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import * as TestClock from "effect/testing/TestClock"
import { HostResolver } from "../../../src/layers/metadata/Destination.js"
import { files } from "../../support/files.js"
import { readJson } from "../Suite.js"
import { recorded } from "./recorded.js"

/** What a case provides. */
export type Services = HttpClient.HttpClient | FileSystem.FileSystem | ChildProcessSpawner.ChildProcessSpawner

export interface Result {
  readonly Ok?: {
    readonly access_key_id: string
    readonly secret_access_key: string
    readonly session_token?: string
    readonly account_id?: string
    readonly expiry?: number
  }
  readonly ErrorContains?: string
}

export interface Mounted {
  readonly name: string
  readonly result: Result
  /** Runs an effect on the case's machine; it ends in the time that its waits take, without waiting. */
  readonly run: <A, E>(effect: Effect.Effect<A, E, Services>, start: number) => Effect.Effect<A, E>
  /** Fails where the network was not used as recorded. */
  readonly finished: () => void
  /** Everything that was logged. */
  readonly logged: () => string
  /** Values that nobody may print. */
  readonly secrets: ReadonlyArray<string>
}

const filesBelow = (folder: string): Readonly<Record<string, string>> =>
  existsSync(folder)
    ? Object.fromEntries(
        readdirSync(folder, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name))
          .map((path) => [`/${relative(folder, path)}`, readFileSync(path, "utf8")])
      )
    : {}

const secretSettings =
  /"?(aws_secret_access_key|aws_session_token|accessToken|refreshToken|clientSecret)"?\s*[=:]\s*"?([^"\s]+)/gi
const secretVariable = /SECRET_ACCESS_KEY|SESSION_TOKEN|AUTHORIZATION_TOKEN$/

const secretsIn = (
  texts: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
  { Ok }: Result
) =>
  [
    ...Object.entries(texts).flatMap(([path, text]) =>
      path.endsWith(".jwt")
        ? [text.trim()]
        : Array.from(text.matchAll(secretSettings), ([, , value = ""]) => value)
    ),
    ...Object.entries(env).flatMap(([key, value]) => (secretVariable.test(key) ? [value] : [])),
    ...Object.entries(Ok ?? {}).flatMap(([key, value]) => (/secret|token/.test(key) ? [String(value)] : []))
  ].filter((secret) => secret.trim().length > 2)

const nowhere = () => Effect.fail({ code: "ENOTFOUND" })

/** The seconds that the waits of a case may take together. */
const patience = 120

const inItsTime = <A, E, R>(effect: Effect.Effect<A, E, R>, waits: boolean) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(effect)
    for (let second = 0; waits && second < patience; second++) {
      if ((yield* Effect.sync(() => Option.fromNullishOr(fiber.pollUnsafe())))._tag === "Some") break
      yield* TestClock.adjust("1 second")
    }
    return yield* Fiber.join(fiber)
  })

/** The case in a folder. */
export const mount = (folder: string): Mounted => {
  const { name, result } = readJson<{ readonly name: string; readonly result: Result }>(
    join(folder, "test-case.json")
  )
  const env = readJson<Readonly<Record<string, string>>>(join(folder, "env.json"))
  const texts = filesBelow(join(folder, "fs"))
  const http = recorded(readJson(join(folder, "http-traffic.json")))
  const log: Array<string> = []
  const logger = Logger.layer([
    Logger.map(Logger.formatSimple, (line) => {
      log.push(line)
    })
  ])
  // What a command prints takes real time, in which the test's clock stands.
  const waits = !Object.values(texts).some((text) => text.includes("credential_process"))
  return {
    name,
    result,
    run: (effect, start) =>
      Effect.andThen(TestClock.setTime(start), inItsTime(effect, waits)).pipe(
        Effect.provide([
          http.layer,
          files(texts).layer,
          Layer.provide(NodeChildProcessSpawner.layer, NodePath.layer).pipe(
            Layer.provide(NodeFileSystem.layer)
          ),
          logger
        ]),
        Effect.provideService(HostResolver, nowhere),
        Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(env)),
        Effect.provide(TestClock.layer())
      ),
    finished: http.finished,
    logged: () => log.join("\n"),
    secrets: secretsIn(texts, env, result)
  }
}

/** Fails where one of the case's secrets stands in a text. */
export const hides = ({ logged, secrets }: Mounted, ...texts: ReadonlyArray<string>): void => {
  const all = [logged(), ...texts].join("\n")
  for (const secret of secrets) {
    const inWords = new RegExp(`(?<!\\w)${secret.replace(/[^\w]/g, "\\$&")}(?!\\w)`)
    strictEqual(inWords.test(all), false, "a secret was printed")
  }
}
