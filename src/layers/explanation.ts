/** How a chain's search becomes an explanation, whatever the cloud. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Setting } from "../protocol/settings.js"
import type { SettingNote, SourceReport } from "../schemas/Explanation.js"
import { Explanation } from "../schemas/Explanation.js"
import type { Cloud } from "../schemas/StsError.js"
import type { CredentialSource } from "../services/CredentialSource.js"
import type { Renewable } from "../services/Refreshing.js"
import { terms } from "../services/RefreshSchedule.js"
import { settingNames } from "../services/setting.js"
import * as Chain from "./Chain.js"
import type { Unreadable } from "./PrivateFile.js"

/** What a source gave, and where a cache had it. */
const gift = (credentials: object | undefined, now: number): string => {
  const term = credentials === undefined ? undefined : terms.get(credentials)
  if (term === undefined) return "it gave credentials"
  return `it gave credentials, from ${term.origin}, ${Math.max(0, Math.round((now - term.since) / 1_000))} s old`
}

type Known = Renewable & { readonly source?: string | undefined; readonly accountId?: string | undefined }

const reportsOf = (
  names: ReadonlyArray<string>,
  { attempts, chosen, outcome: search }: Chain.TraceResult<Known>,
  now: number
): ReadonlyArray<SourceReport> => {
  const asked = attempts.map(({ detail, file, hint, line, reason, source }): SourceReport => {
    const outcome = reason === "NotConfigured" ? "not configured" : "failed"
    return { source, outcome, detail, hint, file, line }
  })
  const used: ReadonlyArray<SourceReport> =
    chosen === undefined
      ? []
      : [{ source: chosen, outcome: "used", detail: gift(Result.getOrUndefined(search), now) }]
  const rest = names.slice(asked.length + used.length).map(
    (source): SourceReport => ({
      source,
      outcome: "not reached",
      detail: "an earlier one ended the search"
    })
  )
  return [...asked, ...used, ...rest]
}

/** A region, and in words where it was stated. */
export const regionFrom = ({ file, key, line, value }: Setting): Explanation["region"] => ({
  value,
  from: file === undefined ? key : `${key} (${file}:${line})`
})

/** Notes on files that cannot be read and that nobody asked for. */
export const unreadableNotes = (files: ReadonlyArray<Unreadable>): ReadonlyArray<SettingNote> =>
  files.map(({ file, reason }) => ({
    kind: "unknown",
    key: "file",
    detail: `it cannot be read (${reason}) and is ignored`,
    file
  }))

// Of either cloud.
const ownPrefix = "EFFECT_STS"

/** What only the cloud knows. */
export interface Cloudy {
  readonly cloud: Cloud
  /** What the names of its variables begin with. */
  readonly prefixes: ReadonlyArray<string>
  readonly region: Explanation["region"]
  readonly notes: (set: ReadonlySet<string>, chosen: string | undefined) => ReadonlyArray<SettingNote>
}

/** Asks the sources in turn, as the chain does, and tells what came of it. */
export const explain = <Credentials extends Known>(
  sources: ReadonlyArray<CredentialSource<Credentials>>,
  { cloud, notes, prefixes, region }: Cloudy,
  options: Chain.Options = {}
): Effect.Effect<Explanation> =>
  Effect.gen(function* () {
    const trace = yield* Chain.trace(cloud, "explanation", sources, options)
    const names = yield* Effect.forEach([...prefixes, ownPrefix], settingNames)
    const set = new Set(names.flat())
    const given = Result.getOrUndefined(trace.outcome)
    return new Explanation({
      cloud,
      sources: reportsOf(
        sources.map(({ name }) => name),
        trace,
        yield* Clock.currentTimeMillis
      ),
      credentials:
        given === undefined
          ? undefined
          : {
              accessKeyId: given.accessKeyId,
              source: given.source ?? trace.chosen ?? "",
              accountId: given.accountId,
              expiration: given.expiration
            },
      region,
      notes: notes(set, trace.chosen)
    })
  })
