/**
 * Where Alibaba Cloud credentials come from, and why from there.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { regionOf } from "../../protocol/alibaba/endpoint.js"
import { prefixes, readers, settingNotes } from "../../protocol/alibaba/settingNotes.js"
import { namesIn, type Setting } from "../../protocol/settings.js"
import * as Table from "../../protocol/settingTable.js"
import type { Explanation, SettingNote } from "../../schemas/Explanation.js"
import type { StsConfigError } from "../../schemas/StsError.js"
import * as Endpoint from "../../services/alibaba/Endpoint.js"
import { RequestPolicy } from "../../services/RequestPolicy.js"
import { filled } from "../../services/setting.js"
import * as Explained from "../explanation.js"
import * as DefaultChain from "./DefaultChain.js"
import * as Profiles from "./profiles.js"

interface Region {
  readonly region: Explanation["region"]
  readonly notes: ReadonlyArray<SettingNote>
}

const regionIn = ({ value, ...place }: Setting): Region =>
  Result.match(regionOf(value), {
    onFailure: ({ detail }) => ({ region: undefined, notes: [{ kind: "unknown", detail, ...place }] }),
    onSuccess: (name) => ({ region: Explained.regionFrom({ ...place, value: name }), notes: [] })
  })

const stated = (options?: DefaultChain.Options) =>
  Effect.flatMap(RequestPolicy, Endpoint.region).pipe(
    Effect.provide(Profiles.layer(["cli", "ini"], options)),
    // What is wrong with a file is reported for the source that reads it.
    Effect.orElseSucceed(() => undefined),
    Effect.map((found): Region => (found === undefined ? { region: undefined, notes: [] } : regionIn(found)))
  )

const calls = (options?: DefaultChain.Options) =>
  Effect.flatMap(RequestPolicy, (policy) =>
    Explained.callsBy(Endpoint.resolve(policy), Endpoint.stated(policy))
  ).pipe(Effect.provide(Profiles.layer(["cli", "ini"], options)))

const known = { cli: namesIn("key", Table.alibaba), ini: namesIn("iniKey", Table.alibaba) }

/** What the profiles that are selected in either file state. */
const inFiles = (options?: DefaultChain.Options) =>
  Effect.map(
    Effect.all([Profiles.inCli(options), Profiles.inIni(options)]),
    ([cli, ini]): ReadonlyArray<Explained.ReadSetting> =>
      [
        { selected: cli, keys: known.cli, source: Profiles.cli.source },
        { selected: ini, keys: known.ini, source: Profiles.ini.source }
      ].flatMap(({ keys, selected, source }) =>
        selected === undefined
          ? []
          : [...selected.section.settings].flatMap(([key, { line }]) =>
              keys.has(key) ? [{ key, file: selected.file, line, source }] : []
            )
      )
  )

/**
 * The region that a program is for: what the policy states, else the selected profile where the vendor's files are read.
 * Nothing where neither does. Calls of STS itself go to the one global endpoint unless something else is stated.
 *
 * @category accessors
 * @since 4.0.0
 */
export const region: Effect.Effect<string | undefined, StsConfigError> = /* @__PURE__ */ Effect.gen(
  function* () {
    const { alibaba } = yield* RequestPolicy
    const profile = yield* Endpoint.Profile
    return filled(alibaba.region) ?? (yield* profile.region)?.value
  }
)

/**
 * Asks the sources of the default chain in turn and reports each result: the one that gave credentials, why the
 * others before it did not, the region and where it comes from, where calls go or why they fail, settings that another setting overrides or that look
 * misspelt, and what other tools read. It contains no secret and never fails.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { Alibaba } from "effect-sts"
 *
 * const tell = Effect.map(Alibaba.explain(), (explanation) => explanation.render())
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const explain = (
  options?: DefaultChain.Options
): Effect.Effect<Explanation, never, DefaultChain.Services> =>
  Effect.gen(function* () {
    const { notes, region } = yield* stated(options)
    const passedOver = yield* Profiles.passedOver(options)
    const about: Explained.Cloudy = {
      cloud: "alibaba",
      prefixes,
      readers,
      inFiles: yield* inFiles(options),
      region,
      calls: yield* calls(options),
      notes: (set, chosen) => [...notes, ...settingNotes({ set, chosen }), ...passedOver]
    }
    return yield* Explained.explain(yield* DefaultChain.sources(options), about, options)
  })
