/** How a chain's search becomes an explanation, whatever the cloud. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { type Readers, readerOf, type Setting } from "../protocol/settings.js"
import type { SettingNote, SourceReport, StatedSetting } from "../schemas/Explanation.js"
import { Explanation } from "../schemas/Explanation.js"
import type { Cloud, StsConfigError } from "../schemas/StsError.js"
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
): ReadonlyArray<Omit<SourceReport, "settings">> => {
  const asked = attempts.map(({ detail, file, hint, line, reason, source }) => {
    const outcome = reason === "NotConfigured" ? ("not-configured" as const) : ("failed" as const)
    return { source, outcome, detail, hint, file, line }
  })
  const used =
    chosen === undefined
      ? []
      : [{ source: chosen, outcome: "used" as const, detail: gift(Result.getOrUndefined(search), now) }]
  const rest = names.slice(asked.length + used.length).map((source) => ({
    source,
    outcome: "not-reached" as const,
    detail: "an earlier one ended the search"
  }))
  return [...asked, ...used, ...rest]
}

/** What is set for a source and counts: a setting that does not has a note. */
const settingsOf = (
  source: string,
  set: ReadonlySet<string>,
  { inFiles, notes, readers }: Told
): ReadonlyArray<StatedSetting> => {
  const isNoted = ({ key, file }: StatedSetting) =>
    notes.some((note) => note.kind !== "elsewhere" && note.key === key && note.file === file)
  const variables = [...set].filter((name) => readerOf(readers, name) === source).map((key) => ({ key }))
  const keys = inFiles.filter((setting) => setting.source === source)
  return [...variables, ...keys.map(({ source: _, ...setting }) => setting)].filter((one) => !isNoted(one))
}

const placeOf = ({ file, key, line }: Setting): string =>
  file === undefined ? key : `${key} (${file}:${line})`

/** A region, and in words where it was stated. */
export const regionFrom = (found: Setting): Explanation["region"] => ({
  value: found.value,
  from: placeOf(found)
})

/** Where calls go, or why they fail before anything is sent. */
export type Calls = Pick<Explanation, "endpoint" | "problem">

/** The same by an endpoint as it is found for a call, and what states it. */
export const callsBy = <R>(
  endpoint: Effect.Effect<{ readonly url: string }, StsConfigError, R>,
  stated: Effect.Effect<Setting | undefined, StsConfigError, R>
): Effect.Effect<Calls, never, R> =>
  Effect.match(Effect.all([endpoint, stated]), {
    onFailure: ({ message }) => ({ endpoint: undefined, problem: message }),
    onSuccess: ([{ url }, found]) => ({
      endpoint: { url, from: found && placeOf(found) },
      problem: undefined
    })
  })

/** Notes on files that cannot be read and were not asked for. */
export const unreadableNotes = (files: ReadonlyArray<Unreadable>): ReadonlyArray<SettingNote> =>
  files.map(({ file, reason }) => ({
    kind: "unknown",
    key: "file",
    detail: `it cannot be read (${reason}) and is ignored`,
    file
  }))

// Of either cloud.
const ownPrefix = "EFFECT_STS"

/** A key of a file, and the source that reads it. */
export interface ReadSetting extends StatedSetting {
  readonly source: string
}

interface Told {
  readonly notes: ReadonlyArray<SettingNote>
  /** Which variables are for which source. */
  readonly readers: Readers
  /** What the profiles state that lead to the credentials. */
  readonly inFiles: ReadonlyArray<ReadSetting>
}

/** What differs between the clouds. */
export interface Cloudy extends Pick<Told, "readers" | "inFiles"> {
  readonly cloud: Cloud
  /** What the names of its variables begin with. */
  readonly prefixes: ReadonlyArray<string>
  readonly region: Explanation["region"]
  readonly calls: Calls
  readonly notes: (set: ReadonlySet<string>, chosen: string | undefined) => ReadonlyArray<SettingNote>
}

/** Asks the sources in turn, as the chain does, and reports the results. */
export const explain = <Credentials extends Known>(
  sources: ReadonlyArray<CredentialSource<Credentials>>,
  { calls, cloud, inFiles, notes: notesOf, prefixes, readers, region }: Cloudy,
  options: Chain.Options = {}
): Effect.Effect<Explanation> =>
  Effect.gen(function* () {
    const trace = yield* Chain.trace(cloud, "explanation", sources, options)
    const names = yield* Effect.forEach([...prefixes, ownPrefix], settingNames)
    const set = new Set(names.flat())
    const given = Result.getOrUndefined(trace.outcome)
    const notes = notesOf(set, trace.chosen)
    const reports = reportsOf(
      sources.map(({ name }) => name),
      trace,
      yield* Clock.currentTimeMillis
    )
    return new Explanation({
      cloud,
      sources: reports.map((report) => ({
        ...report,
        settings: settingsOf(report.source, set, { notes, readers, inFiles })
      })),
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
      ...calls,
      notes
    })
  })
