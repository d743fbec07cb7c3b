/**
 * A suite: published data, read into cases that can be run one by one.
 */
import { existsSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import * as Effect from "effect/Effect"

/** One comparison. It fails, or dies on a failed assertion, where the project behaves otherwise. */
export interface Case {
  readonly name: string
  readonly check: Effect.Effect<void, unknown>
}

export interface Suite {
  /** The suite's file or folder below the data's folder. */
  readonly name: string
  /** Reads the suite at `path`. */
  readonly cases: (path: string) => ReadonlyArray<Case>
}

/** The folder of the published data. */
export const directory =
  process.env["STS_CONFORMANCE_DIR"] ?? resolve(import.meta.dirname, "../../../shared/conformance")

export const noData = `no conformance data in ${directory} (set STS_CONFORMANCE_DIR), nothing compared`

export const hasData = existsSync(directory)

/** The cases of a suite; none where its data is not there. */
export const casesOf = (suite: Suite): ReadonlyArray<Case> => {
  const path = join(directory, suite.name)
  return existsSync(path) ? suite.cases(path) : []
}

/** A case without effects. */
export const pure = (name: string, check: () => void): Case => ({ name, check: Effect.sync(check) })

export const readJson = <A>(path: string): A => JSON.parse(readFileSync(path, "utf8"))
