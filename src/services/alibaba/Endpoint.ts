/** Which Alibaba Cloud STS endpoint a call goes to. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { globalHost, hostOf, regionOf } from "../../protocol/alibaba/endpoint.js"
import type * as Plan from "../../protocol/alibaba/plan.js"
import type { Setting } from "../../protocol/settings.js"
import type { StsConfigError } from "../../schemas/StsError.js"
import { type Endpoint, httpAllowed, parse } from "../Endpoint.js"
import type { Policy } from "../RequestPolicy.js"
import { at, filled, flag, settingError, statedAll } from "../setting.js"

/** What a profile says of STS. */
export interface ProfileSettings {
  /** What the profile of a role states: it counts where the program and `ALIBABA_CLOUD_STS_ENDPOINT` state nothing. */
  readonly own?:
    | {
        readonly endpoint: Setting | undefined
        readonly region: Setting | undefined
        /** The switch that turns on the endpoint inside the VPC. */
        readonly vpc: Setting | undefined
      }
    | undefined
  /** Its region, which counts inside a VPC where nothing else states one; read when it is needed. */
  readonly region: Effect.Effect<Setting | undefined, StsConfigError>
}

/**
 * What the selected profile says of STS. Nothing, where nobody provides it: the default chain's layers do, and those of
 * the two files.
 */
export const Profile = Context.Reference("effect-sts/alibaba/Profile", {
  defaultValue: (): ProfileSettings => ({ region: Effect.succeed(undefined) })
})

const endpointVariable = "ALIBABA_CLOUD_STS_ENDPOINT"
const regionVariable = "ALIBABA_CLOUD_STS_REGION"
const vpcVariable = "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED"

interface Choice {
  /** A URL that somebody configured: region and network do not count. */
  readonly endpoint: Setting | undefined
  readonly region: Setting | undefined
  /** Who chose the endpoint inside the VPC; nothing where the public one counts. */
  readonly vpc: Setting | undefined
}

const choose = (policy: Policy): Effect.Effect<Choice, StsConfigError> =>
  Effect.gen(function* () {
    const env = yield* statedAll([endpointVariable, regionVariable, vpcVariable])
    const byProgram = (field: "endpoint" | "region" | "network"): Setting | undefined => {
      const value = filled(policy.alibaba[field])
      return value === undefined ? undefined : { key: `RequestPolicy.alibaba.${field}`, value }
    }
    const program = { ...policy.alibaba, endpoint: byProgram("endpoint"), region: byProgram("region") }
    const profile = yield* Profile
    const insideVpc = Effect.map(Effect.fromResult(flag(env[vpcVariable])), (on) =>
      on === true ? env[vpcVariable] : undefined
    )
    const isStated = Object.values(program).some((value) => value !== undefined)
    const own = isStated || env[endpointVariable] !== undefined ? undefined : profile.own
    // An endpoint in the environment does not overrule a region or network that the program states.
    const endpoint = program.endpoint ?? (isStated ? undefined : (env[endpointVariable] ?? own?.endpoint))
    const region = program.region ?? own?.region ?? env[regionVariable]
    if (endpoint !== undefined) return { endpoint, region, vpc: undefined }
    if (program.network === "public") return { endpoint, region, vpc: undefined }
    const vpc = byProgram("network") ?? own?.vpc ?? (yield* insideVpc)
    return { endpoint, vpc, region: region ?? (vpc === undefined ? undefined : yield* profile.region) }
  })

const missingRegion = (vpc: Setting): StsConfigError => {
  const key = vpc.file === undefined ? regionVariable : "sts_region"
  return settingError(
    { ...vpc, key },
    `is needed inside a VPC (${vpc.key}), and the profile has neither sts_region nor region_id`,
    `Set ${key} to the VPC's region, or turn ${vpc.key} off.`
  )
}

const withoutHost = (region: Setting): StsConfigError =>
  settingError(
    region,
    `${region.value.toLowerCase()} has no VPC endpoint`,
    "Use a region that has one, or turn the VPC endpoint off."
  )

const nameOf = (region: Setting): Result.Result<string, StsConfigError> =>
  Result.mapError(regionOf(region.value), ({ detail, hint }) => settingError(region, detail, hint))

const endpointAt = (host: string, region: string | undefined): Endpoint => ({
  url: `https://${host}/`,
  host,
  path: "/",
  region
})

const endpointOf = (http: boolean, { endpoint, region, vpc }: Choice) =>
  Result.gen(function* () {
    if (endpoint !== undefined) {
      const allowed = { http, path: false }
      const name = region === undefined ? undefined : Result.getOrUndefined(nameOf(region))
      return yield* Result.mapError(parse(endpoint.key, endpoint.value, name, allowed), at(endpoint))
    }
    if (region === undefined) {
      return vpc === undefined ? endpointAt(globalHost, undefined) : yield* Result.fail(missingRegion(vpc))
    }
    const name = yield* nameOf(region)
    const host = hostOf(name, vpc === undefined ? "public" : "vpc")
    return host === undefined ? yield* Result.fail(withoutHost(region)) : endpointAt(host, name)
  })

/** The region that a policy leads to, and where it was stated. */
export const region = (policy: Policy): Effect.Effect<Setting | undefined, StsConfigError> =>
  Effect.map(choose(policy), (choice) => choice.region)

/** The endpoint that is stated, and where; nothing where region and network lead to it. */
export const stated = (policy: Policy): Effect.Effect<Setting | undefined, StsConfigError> =>
  Effect.map(choose(policy), (choice) => choice.endpoint)

/**
 * The endpoint for a policy: what the policy states, else what a role's profile states, else the environment, else the
 * global host. Inside a VPC the selected profile's region counts where nothing else names one. A region's name is taken
 * in any case; one that is almost a known region, or a VPC endpoint without a region, is a `StsConfigError` that says
 * where it was stated.
 */
export const resolve = (policy: Policy): Effect.Effect<Endpoint, StsConfigError> =>
  Effect.zipWith(choose(policy), httpAllowed(policy.allowHttp), (choice, http) =>
    endpointOf(http, choice)
  ).pipe(Effect.flatMap(Effect.fromResult))

/** A file's setting with the file that it stands in. */
export const foundIn = (file: string, placed: Setting | undefined): Setting | undefined =>
  placed === undefined ? undefined : { ...placed, file }

/**
 * Makes a source whose calls go to the profile's STS endpoint, where neither the program nor the environment states
 * another.
 */
export const throughProfile =
  (file: string, { endpoint, inside, region, vpc }: Plan.Endpoint) =>
  <A, E, R>(making: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.flatMap(Profile, (selected) =>
      Effect.provideService(making, Profile, {
        own: { endpoint: foundIn(file, endpoint), region: foundIn(file, region), vpc: foundIn(file, vpc) },
        region: inside === undefined ? selected.region : Effect.succeed(foundIn(file, inside))
      })
    )
