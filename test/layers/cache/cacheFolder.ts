/** A cache in a file of a test's own: its folder, and what stands there. */
import { statSync } from "node:fs"
import { join } from "node:path"
import { beforeEach } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import { FileCache } from "../../../src/index.js"
import { fileSystem } from "../../../src/layers/blocking/SyncFileSystem.js"
import { fileName } from "../../../src/protocol/cacheEntry.js"
import type { CredentialSource } from "../../../src/services/CredentialSource.js"
import { newFolder } from "../../support/folders.js"
import { keptLogs } from "../../support/logs.js"
import { type Behaviour, ScriptedSource } from "../../support/renewable.js"

export const key = { by: "tester", role: "reader" }
export const secret = "secret-of-a-scripted-source"

/** The name of the entry's file. */
export const name = (sealed = false) => fileName({ cloud: "aws", ...key }, sealed)

export const minutes = (count: number) => count * 60_000
export const modeOf = (path: string): number => statSync(path).mode & 0o777

export const gives = (takes = 0): Behaviour => ({ _tag: "Gives", seconds: 3_600, takes })
export const giving = () => new ScriptedSource(() => gives())
/** Gives once and then does something else. */
export const givingOnce = (behaviour: Behaviour) =>
  new ScriptedSource((contact) => (contact === 0 ? gives() : behaviour))

export const refuse = ({ invalidate }: CredentialSource<unknown>, accessKeyId: string) =>
  invalidate?.(accessKeyId) ?? Effect.void

/** The caches of a file's tests, each in a folder that is not there yet. */
export const cacheFolder = () => {
  let directory = ""
  const entry = (sealed = false) => join(directory, name(sealed))
  const { layer: logs, messages: logged } = keptLogs()
  beforeEach(() => {
    directory = join(newFolder(), "cache")
    logged.length = 0
  })
  const caching = (source: ScriptedSource, options: Partial<FileCache.Options> = {}) =>
    FileCache.make("aws", source, { directory, key, ...options })
  const scenario = <A, E>(test: () => Effect.Effect<A, E, FileSystem.FileSystem>) =>
    Effect.suspend(test).pipe(Effect.provideService(FileSystem.FileSystem, fileSystem), Effect.provide(logs))
  return { caching, directory: () => directory, entry, lock: () => `${entry()}.lock`, logged, logs, scenario }
}
