/**
 * Settings of the environment and, after it, of the shared config files, each with where it was stated.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import {
  type EndpointFault,
  type NamedRegion,
  regionNamed,
  regionOfZone
} from "../../protocol/aws/endpoint.js"
import { quotesHint, type Setting } from "../../protocol/settings.js"
import {
  type AwsKey,
  keyOf,
  type SharedVariable,
  type Switch,
  type Variable
} from "../../protocol/settingTable.js"
import type { StsConfigError } from "../../schemas/StsError.js"
import type { Policy } from "../RequestPolicy.js"
import { filled, flag, settingError, statedAll } from "../setting.js"

/** The settings of the selected profile. Blank counts as unset. */
export interface Settings {
  /** A setting of the profile's own, for example `region`. */
  readonly of: (key: AwsKey) => Setting | undefined
  /**
   * A setting of one service in the `[services]` section that the profile names, for example `sts`'s `endpoint_url`. A
   * missing section is an error only for what looks there.
   */
  readonly ofService: (service: string, key: AwsKey) => Result.Result<Setting | undefined, StsConfigError>
  /** Why the files cannot be used; undefined where they can. */
  readonly broken?: Broken | undefined
}

/** Files that no settings can be read from. */
interface Broken {
  /** For what needs a setting that only the files can have. */
  readonly error: StsConfigError
  /** For what can do without: warns once. */
  readonly passOver: Effect.Effect<void>
}

/** No settings. */
export const nothing: Settings = { of: () => undefined, ofService: () => Result.succeed(undefined) }

/**
 * Gives what the shared config files say at the time it is run. Nothing, where nobody provides it: `AwsNode` and
 * `AwsBlocking` do.
 */
export const SharedConfig = Context.Reference("effect-sts/aws/SharedConfig", {
  defaultValue: (): Effect.Effect<Settings, StsConfigError> => Effect.succeed(nothing)
})

/** What a profile of the shared config file states, by the names of its keys. */
export type ProfileSettings = ReadonlyMap<string, Omit<Setting, "key">>

/** What the selected profile states at the time it is run. Empty unless a chain or a profile leads to the source. */
export const SelectedProfile = Context.Reference("effect-sts/aws/SelectedProfile", {
  defaultValue: (): Effect.Effect<ProfileSettings> => Effect.succeed(new Map())
})

/** What is configured now. */
export interface Configured<Name extends Variable> {
  /** A variable or, after it, its older name, else the profile's setting of the same meaning. */
  readonly find: (variable: Name & SharedVariable, older?: Name) => Setting | undefined
  /** A variable, else the profile's setting of the same meaning: true or false. */
  readonly flag: (
    variable: Name & SharedVariable & Switch
  ) => Result.Result<boolean | undefined, StsConfigError>
  /** The URL that is stated for a service, unless configured URLs are to be ignored. */
  readonly endpoint: (service: string, variable: Name) => Result.Result<Setting | undefined, StsConfigError>
}

const common = ["AWS_ENDPOINT_URL", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] as const

const make = <Name extends Variable>(
  env: { readonly [_ in Name | (typeof common)[number]]: Setting | undefined },
  shared: Settings
): Configured<Name> => {
  type Known = Name | (typeof common)[number]
  const find = (variable: Known & SharedVariable, older?: Known): Setting | undefined =>
    env[variable] ?? (older && env[older]) ?? shared.of(keyOf(variable))
  const flagOf = (variable: Known & SharedVariable & Switch) => flag(find(variable))
  return {
    find,
    flag: flagOf,
    endpoint: (service, variable) =>
      Result.flatMap(flagOf("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"), (ignored) => {
        if (ignored === true) return Result.succeed(undefined)
        const stated = env[variable] ?? env.AWS_ENDPOINT_URL
        if (stated !== undefined) return Result.succeed(stated)
        const ofService = shared.ofService(service, "endpoint_url")
        return Result.map(ofService, (found): Setting | undefined => found ?? shared.of("endpoint_url"))
      })
  }
}

/** Settings of no file, and which of them were asked for. */
const watched = (asked: Set<string>): Settings => ({
  of: (key) => {
    asked.add(key)
    return undefined
  },
  ofService: (_, key) => {
    asked.add(key)
    return Result.succeed(undefined)
  }
})

/** The only setting that has no default. */
const needed = "region"

/**
 * Chooses by variables and, where those leave something open, by the shared config files. Blank counts as unset.
 *
 * Broken files are an error where the region has to come from them. Everything else has a default, so that the
 * environment counts, with one warning.
 */
export const configured = <Name extends Variable, A>(
  names: ReadonlyArray<Name>,
  choose: (configuration: Configured<Name>) => Result.Result<A, StsConfigError>
): Effect.Effect<A, StsConfigError> =>
  Effect.flatMap(statedAll([...names, ...common]), (env) => {
    const asked = new Set<string>()
    const without = choose(make<Name>(env, watched(asked)))
    if (asked.size === 0) return Effect.fromResult(without)
    return Effect.flatMap(Effect.flatten(SharedConfig), (shared): Effect.Effect<A, StsConfigError> => {
      if (shared.broken === undefined) return Effect.fromResult(choose(make<Name>(env, shared)))
      return asked.has(needed)
        ? shared.broken.error
        : Effect.andThen(shared.broken.passOver, Effect.fromResult(without))
    })
  })

/** What the program states, which takes precedence over anything configured. */
export interface Wanted {
  readonly region?: Setting | undefined
  readonly endpoint?: string | undefined
  readonly useFips?: boolean | undefined
  readonly useDualStack?: boolean | undefined
}

/** The variables that say which of a service's endpoints is meant. */
export const whereaboutsNames = [
  "AWS_REGION",
  "AWS_DEFAULT_REGION",
  "AWS_USE_FIPS_ENDPOINT",
  "AWS_USE_DUALSTACK_ENDPOINT"
] as const

type Names = (typeof whereaboutsNames)[number]

/** Which of a service's endpoints is meant. */
interface Whereabouts {
  /** The region as it was stated. */
  readonly region: Setting | undefined
  /** The region that is meant. */
  readonly named: NamedRegion | undefined
  readonly useFips: boolean | undefined
  readonly useDualStack: boolean | undefined
  /** The error for what the rules refuse, where it was stated. */
  readonly refused: (fault: EndpointFault) => StsConfigError
}

const stated = (key: string, text: string | undefined): Setting | undefined => {
  const value = filled(text)
  return value === undefined ? undefined : { key, value }
}

/** What a policy states; blank counts as unset. */
export const byPolicy = (field: "endpoint" | "region", { aws }: Policy): Setting | undefined =>
  stated(`RequestPolicy.aws.${field}`, aws[field])

/** The region that was stated: by the caller, the policy, the environment or the profile, in that order. */
export const regionIn = (
  { region }: Wanted,
  policy: Policy,
  configuration: Configured<Names>
): Setting | undefined =>
  (region === undefined ? undefined : stated(region.key, region.value) && region) ??
  byPolicy("region", policy) ??
  configuration.find("AWS_REGION", "AWS_DEFAULT_REGION")

const switches = {
  useFips: "AWS_USE_FIPS_ENDPOINT",
  useDualStack: "AWS_USE_DUALSTACK_ENDPOINT"
} as const

const switchIn = (
  name: keyof typeof switches,
  wanted: Wanted,
  { aws }: Policy,
  configuration: Configured<Names>
): Result.Result<readonly [on: boolean | undefined, place: Setting | undefined], StsConfigError> => {
  const option = wanted[name]
  if (option !== undefined) return Result.succeed([option, { key: name, value: String(option) }])
  const inPolicy = aws[name]
  return inPolicy === undefined
    ? Result.map(configuration.flag(switches[name]), (on) => [on, configuration.find(switches[name])])
    : Result.succeed([inPolicy, { key: `RequestPolicy.aws.${name}`, value: String(inPolicy) }])
}

const zoneFault = (found: Setting, region: string): StsConfigError =>
  settingError(found, "is an availability zone, not a region", `Set it to ${region}.`)

/**
 * Which of a service's endpoints is meant: by the caller, the policy, the environment and the profile, in that order. A
 * region's name that asks for FIPS counts beside the switch for it.
 */
export const whereabouts = (
  wanted: Wanted,
  policy: Policy,
  configuration: Configured<Names>
): Result.Result<Whereabouts, StsConfigError> =>
  Result.gen(function* () {
    const region = regionIn(wanted, policy, configuration)
    const named = region === undefined ? undefined : regionNamed(region.value)
    const zone = named === undefined ? undefined : regionOfZone(named.region)
    if (region !== undefined && zone !== undefined) return yield* Result.fail(zoneFault(region, zone))
    const [fips, fipsAt] = yield* switchIn("useFips", wanted, policy, configuration)
    const [useDualStack, dualStackAt] = yield* switchIn("useDualStack", wanted, policy, configuration)
    const byRegion = named?.fips === true
    const places = { region, useFips: byRegion ? region : fipsAt, useDualStack: dualStackAt }
    return {
      region,
      named,
      useFips: byRegion || fips,
      useDualStack,
      refused: ({ detail, parameter }) => {
        const place = parameter in places ? places[parameter as keyof typeof places] : undefined
        return settingError(
          place ?? { key: "AWS_REGION" },
          parameter === "useFips" && byRegion ? `asks for FIPS, which ${detail}` : detail,
          parameter === "region" && region !== undefined ? quotesHint(region.value) : undefined
        )
      }
    }
  })
