/**
 * Where AWS credentials come from, and why from there.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { mistakesAside, profileKeys } from "../../protocol/aws/profileFault.js"
import type { Section } from "../../protocol/aws/profileFile.js"
import { readers, settingNotes } from "../../protocol/aws/settingNotes.js"
import type { Explanation, SettingNote } from "../../schemas/Explanation.js"
import type { StsConfigError } from "../../schemas/StsError.js"
import * as Endpoint from "../../services/aws/Endpoint.js"
import { nothing, type Settings, SharedConfig } from "../../services/aws/Settings.js"
import { RequestPolicy } from "../../services/RequestPolicy.js"
import * as Explained from "../explanation.js"
import * as DefaultChain from "./DefaultChain.js"
import * as SharedConfigFiles from "./SharedConfigFiles.js"

const regionOf = (shared: Effect.Effect<Settings, StsConfigError>) =>
  Effect.flatMap(RequestPolicy, Endpoint.region).pipe(
    // What is wrong with the files is reported for the source that reads them.
    Effect.provideService(
      SharedConfig,
      Effect.orElseSucceed(shared, () => nothing)
    ),
    Effect.orElseSucceed(() => undefined),
    Effect.map((found) => found && Explained.regionFrom(found))
  )

const calls = (shared: Effect.Effect<Settings, StsConfigError>) =>
  Effect.flatMap(RequestPolicy, (policy) =>
    Explained.callsBy(Endpoint.resolve(policy), Endpoint.stated(policy))
  ).pipe(Effect.provideService(SharedConfig, shared))

interface Read {
  /** The profiles that lead to the credentials. */
  readonly profiles: ReadonlyArray<Section>
  /** What was passed over in the files. */
  readonly notes: ReadonlyArray<SettingNote>
}

const asides = (section: Section): ReadonlyArray<SettingNote> =>
  Array.from(mistakesAside(section), ({ detail, file, line, meant }) => ({
    kind: "unknown",
    key: meant,
    detail,
    source: SharedConfigFiles.sourceName,
    file,
    line
  }))

/** The keys that are read, whatever they say. */
const keysIn = (section: Section): ReadonlyArray<Explained.ReadSetting> =>
  [...section.settings].flatMap(([key, { file, line }]) =>
    profileKeys.has(key) ? [{ key, file, line, source: SharedConfigFiles.sourceName }] : []
  )

const read = (load: SharedConfigFiles.Load, options: DefaultChain.Options): Effect.Effect<Read> =>
  Effect.map(Effect.option(load(options)), (loaded) => {
    if (loaded._tag === "None") return { profiles: [], notes: [] }
    const { profile, sections, unreadable } = loaded.value
    const way = Result.getOrUndefined(SharedConfigFiles.planOf(loaded.value))
    const names = way === undefined ? [profile] : [...way.roles.map((role) => role.profile), way.profile.name]
    const involved = new Set(names)
    const profiles = [...involved].flatMap((name) => sections.profiles.get(name) ?? [])
    const notes = sections.notes
      .filter(({ about, profile: whose = "" }) => about !== "overruled" || involved.has(whose))
      .map(({ about, detail, file, key = about === "header" ? "section" : "setting", line }) => ({
        kind: about === "overruled" ? ("shadowed" as const) : ("unknown" as const),
        key,
        detail,
        source: SharedConfigFiles.sourceName,
        file,
        line
      }))
    return {
      profiles,
      notes: [...Explained.unreadableNotes(unreadable), ...notes, ...profiles.flatMap(asides)]
    }
  })

/**
 * The region that calls go to: what the policy states, else the environment, else the selected profile where shared config
 * files are read. Nothing where none of them does.
 *
 * @category accessors
 * @since 4.0.0
 */
export const region: Effect.Effect<string | undefined, StsConfigError> = /* @__PURE__ */ Effect.map(
  /* @__PURE__ */ Effect.flatMap(RequestPolicy, Endpoint.region),
  (found) => found?.value
)

/**
 * Asks the sources of the default chain in turn and reports each result: the one that gave credentials, why the
 * others before it did not, the region and where it comes from, where calls go or why they fail, settings that another setting overrides, that nobody
 * reads or that look misspelt, and where other tools would decide otherwise. It contains no secret and never fails.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { Aws } from "effect-sts"
 *
 * const tell = Effect.map(Aws.explain(), (explanation) => explanation.render())
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const explain = (
  options: DefaultChain.Options = {}
): Effect.Effect<Explanation, never, DefaultChain.Services> =>
  Effect.gen(function* () {
    const load = yield* SharedConfigFiles.make
    const { notes, profiles } = yield* read(load, options)
    const sources = Effect.provideService(DefaultChain.sources(options), SharedConfigFiles.SharedReader, load)
    const shared = SharedConfigFiles.readSettings(load, options)
    const about: Explained.Cloudy = {
      cloud: "aws",
      prefixes: ["AWS"],
      readers,
      inFiles: profiles.flatMap(keysIn),
      region: yield* regionOf(shared),
      calls: yield* calls(shared),
      notes: (set, chosen) => [...settingNotes({ set, chosen }, profiles), ...notes]
    }
    return yield* Explained.explain(yield* sources, about, options)
  })
