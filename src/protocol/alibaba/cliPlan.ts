/** Which profile of the command line tool's config file counts, and which others it builds on. */
import * as Result from "effect/Result"
import type { CliConfig } from "./cliConfig.js"
import { stepOf } from "./cliModes.js"
import type { Planned, Role } from "./plan.js"
import { type Fault, faultOf, listed, type Section } from "./section.js"

const known = ({ passedOver: [first], profiles }: CliConfig): string => {
  const names = profiles.size === 0 ? "there are none" : `there are ${listed(profiles.keys())}`
  return first === undefined ? names : `${names}; ${first.detail} (line ${first.line})`
}

const configured = (fault: Fault): Fault =>
  fault.reason === "NotConfigured" ? { ...fault, reason: "Incomplete", key: "mode" } : fault

const key = "source_profile"

const circle = (referrer: Section, path: Iterable<string>, source: string) => {
  const names = [...path]
  const round = [...names.slice(names.indexOf(source)), source]
  const detail = `${key} leads in a circle: ${listed(round, " -> ")}`
  return faultOf(
    referrer,
    "Malformed",
    key,
    detail,
    "One of these profiles must have credentials of its own."
  )
}

/** Follows the profiles that name others, down to one that has credentials of its own. */
const follow = (config: CliConfig, profile: Section): Planned =>
  Result.gen(function* () {
    const roles: Array<Role> = []
    const seen = new Set([profile.name])
    let section = profile
    for (;;) {
      const step = stepOf(section)
      const found = yield* roles.length === 0 ? step : Result.mapError(step, configured)
      if (found.role !== undefined) roles.push(found.role)
      if (found.base !== undefined) {
        return { profile: profile.name, base: found.base, roles: roles.reverse() }
      }
      const { source } = found
      if (seen.has(source)) return yield* circle(section, seen, source)
      const next = config.profiles.get(source)
      if (next === undefined) {
        const detail = `there is no profile ${listed([source])}; ${known(config)}`
        return yield* faultOf(section, "UnknownProfile", key, detail)
      }
      seen.add(source)
      section = next
    }
  })

/**
 * The profile that somebody named, or else the file's current one, or else `default`; nothing where there are none.
 */
export const selected = (
  config: CliConfig,
  named: string | undefined
): Result.Result<Section | undefined, Fault> =>
  Result.gen(function* () {
    const { passedOver, profiles } = config
    const [first] = passedOver
    const current = named === undefined ? yield* config.current : undefined
    if (named === undefined && profiles.size === 0) {
      return first === undefined ? undefined : yield* Result.fail<Fault>({ reason: "Malformed", ...first })
    }
    const name = named ?? current?.name ?? (profiles.has("default") ? "default" : undefined)
    if (name === undefined) {
      const detail = `it does not say which profile is current; ${known(config)}`
      return yield* Result.fail<Fault>({
        reason: "Incomplete",
        detail,
        key: "current",
        hint: "Run aliyun configure switch."
      })
    }
    const section = profiles.get(name) ?? profiles.get(name.trim())
    if (section !== undefined) return section
    return yield* Result.fail<Fault>({
      reason: "UnknownProfile",
      detail: `there is no profile ${listed([name])}; ${known(config)}`,
      profile: name,
      line: current?.line,
      key: named === undefined ? "current" : undefined
    })
  })

/**
 * The way to the credentials of the selected profile. Only that one and those that it builds on have to make sense.
 */
export const plan = (config: CliConfig, named: string | undefined): Planned =>
  Result.flatMap(selected(config, named), (section) => {
    if (section === undefined) {
      return Result.fail<Fault>({ reason: "NotConfigured", detail: "it has no profiles" })
    }
    const planned = follow(config, section)
    return named === undefined ? planned : Result.mapError(planned, configured)
  })
