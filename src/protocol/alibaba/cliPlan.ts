/**
 * Which profile of the command line tool's config file counts, and which others it builds on.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import type { CliConfig } from "./cliConfig.js"
import { type Follow, planOf } from "./cliModes.js"
import type { Planned } from "./plan.js"
import { faultOf } from "./section.js"

const known = ({ profiles }: CliConfig): string =>
  profiles.size === 0 ? "there are none" : `there are ${[...profiles.keys()].join(", ")}`

const configured = (planned: Planned): Planned =>
  Either.mapLeft(planned, (fault) =>
    fault.reason === "NotConfigured" ? { ...fault, reason: "Incomplete" as const, key: "mode" } : fault
  )

const follow =
  (config: CliConfig, path: ReadonlyArray<string>): Follow =>
  (referrer, source) => {
    const key = "source_profile"
    const seen = [...path, referrer.name]
    if (seen.includes(source)) {
      const circle = [...seen.slice(seen.indexOf(source)), source].join(" -> ")
      const hint = "One of these profiles must have credentials of its own."
      return faultOf(referrer, "Malformed", key, `${key} leads in a circle: ${circle}`, hint)
    }
    const section = config.profiles.get(source)
    if (section === undefined) {
      return faultOf(referrer, "UnknownProfile", key, `there is no profile ${source}; ${known(config)}`)
    }
    return configured(planOf(section, follow(config, seen)))
  }

/**
 * The way to the credentials of the profile that somebody named, or else of the file's current one.
 *
 * @category decoding
 * @since 0.1.0
 */
export const plan = (config: CliConfig, named: string | undefined): Planned => {
  const { current, profiles } = config
  if (named === undefined && profiles.size === 0) {
    return Either.left({ reason: "NotConfigured", detail: "it has no profiles" })
  }
  const name = named ?? current?.name
  if (name === undefined) {
    const detail = `it does not say which profile is current; ${known(config)}`
    return Either.left({ reason: "Incomplete", detail, key: "current", hint: "Run aliyun configure switch." })
  }
  const section = profiles.get(name)
  if (section === undefined) {
    const detail = `there is no profile ${name}; ${known(config)}`
    const line = named === undefined ? current?.line : undefined
    const key = named === undefined ? "current" : undefined
    return Either.left({ reason: "UnknownProfile", detail, profile: name, line, key })
  }
  const planned = planOf(section, follow(config, []))
  return named === undefined ? planned : configured(planned)
}
