/** The endpoints of AWS STS, IAM Identity Center and AWS Sign-In. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { globalHost, regionNamed, resolve as rules } from "../../protocol/aws/endpoint.js"
import { type IdentityService, resolve as identityRules } from "../../protocol/aws/identityServices.js"
import type { Setting } from "../../protocol/settings.js"
import { StsConfigError } from "../../schemas/StsError.js"
import { type Endpoint, httpAllowed, parse } from "../Endpoint.js"
import { type Policy, RequestPolicy } from "../RequestPolicy.js"
import { at, filled, settingError } from "../setting.js"
import {
  byPolicy,
  type Configured,
  configured,
  regionIn,
  type Wanted,
  whereabouts,
  whereaboutsNames
} from "./Settings.js"

const names = [...whereaboutsNames, "AWS_ENDPOINT_URL_STS", "AWS_STS_REGIONAL_ENDPOINTS"] as const

type Configuration = Configured<(typeof names)[number]>

const usesGlobal = (found: Setting | undefined): Result.Result<boolean | undefined, StsConfigError> => {
  if (found === undefined) return Result.succeed(undefined)
  switch (found.value.toLowerCase()) {
    case "legacy":
      return Result.succeed(true)
    case "regional":
      return Result.succeed(false)
    default:
      return Result.fail(settingError(found, "must be regional or legacy"))
  }
}

const globalRegion = regionNamed("aws-global").region

/** The error for a signed request where no region is known, as for a custom endpoint: anonymous ones need none. */
export const missingRegion = () =>
  new StsConfigError({
    key: "AWS_REGION",
    detail:
      "is needed and was found in neither RequestPolicy.aws.region, AWS_REGION, AWS_DEFAULT_REGION nor the profile's region",
    hint: "Set one of them, for example AWS_REGION=eu-central-1."
  })

const notGlobal = () =>
  new StsConfigError({
    key: "AWS_REGION",
    detail: `must name a region, because ${globalHost} does not serve this operation`,
    hint: "Set it to a region, for example AWS_REGION=us-east-1."
  })

const choose = (
  policy: Policy,
  configuration: Configuration,
  http: boolean,
  regional: boolean
): Result.Result<Endpoint, StsConfigError> =>
  Result.gen(function* () {
    const { aws } = policy
    const { named, refused, useDualStack, useFips } = yield* whereabouts({}, policy, configuration)
    const global = configuration.find("AWS_STS_REGIONAL_ENDPOINTS")
    const useGlobalEndpoint = !regional && (aws.useGlobalEndpoint ?? (yield* usesGlobal(global)))
    const stated =
      byPolicy("endpoint", policy) ?? (yield* configuration.endpoint("sts", "AWS_ENDPOINT_URL_STS"))
    if (named === undefined && stated === undefined) return yield* Result.fail(missingRegion())
    // Only the partition `aws` has a global host, which has no variants.
    const whole = named?.global === true && named.region === globalRegion && stated === undefined
    const parameters = {
      region: whole && useFips !== true && useDualStack !== true ? "aws-global" : named?.region,
      useFips,
      useDualStack,
      useGlobalEndpoint,
      endpoint: stated?.value
    }
    const { signingRegion, url } = yield* Result.mapError(rules(parameters), refused)
    const allowed = { http, path: true }
    const endpoint = yield* Result.mapError(
      parse(stated?.key ?? "AWS_REGION", url, signingRegion, allowed),
      at(stated)
    )
    return regional && endpoint.host === globalHost ? yield* Result.fail(notGlobal()) : endpoint
  })

const resolver =
  (regional: boolean) =>
  (policy: Policy): Effect.Effect<Endpoint, StsConfigError> =>
    Effect.flatMap(httpAllowed(policy.allowHttp), (http) =>
      configured(names, (configuration) => choose(policy, configuration, http, regional))
    )

/** The region that a policy leads to, and where it was stated. */
export const region = (policy: Policy): Effect.Effect<Setting | undefined, StsConfigError> =>
  configured(names, (configuration) => {
    const found = regionIn({}, policy, configuration)
    return Result.succeed(
      found === undefined ? undefined : { ...found, value: regionNamed(found.value).region }
    )
  })

/** The endpoint that is stated, and where; nothing where the region leads to it. */
export const stated = (policy: Policy): Effect.Effect<Setting | undefined, StsConfigError> =>
  configured(names, (configuration) => {
    const option = byPolicy("endpoint", policy)
    return option === undefined
      ? configuration.endpoint("sts", "AWS_ENDPOINT_URL_STS")
      : Result.succeed(option)
  })

/**
 * The endpoint for a policy: what the policy states, else what the environment states, else what the selected profile
 * of the shared config files does. A missing region is a `StsConfigError` that says where it was looked for.
 */
export const resolve = resolver(false)

/** The same for operations that the global endpoint does not serve. */
export const resolveRegional = resolver(true)

const called = {
  portal: ["sso", "AWS_ENDPOINT_URL_SSO"],
  oidc: ["sso_oidc", "AWS_ENDPOINT_URL_SSO_OIDC"],
  signin: ["signin", "AWS_ENDPOINT_URL_SIGNIN"]
} as const satisfies Readonly<Record<IdentityService, readonly [service: string, variable: string]>>

type IdentityName = (typeof whereaboutsNames)[number] | (typeof called)[IdentityService][1]

const chooseIdentity = (
  service: IdentityService,
  wanted: Wanted,
  policy: Policy,
  configuration: Configured<IdentityName>,
  http: boolean
): Result.Result<string, StsConfigError> =>
  Result.gen(function* () {
    const { named, refused, region, useDualStack, useFips } = yield* whereabouts(
      wanted,
      policy,
      configuration
    )
    const option = filled(wanted.endpoint)
    const [name, variable] = called[service]
    const stated =
      option === undefined
        ? yield* configuration.endpoint(name, variable)
        : { key: "endpoint", value: option }
    const parameters = { region: named?.region, useFips, useDualStack, endpoint: stated?.value }
    const url = yield* Result.mapError(identityRules(service, parameters), refused)
    const key = stated?.key ?? region?.key ?? "AWS_REGION"
    return (yield* Result.mapError(parse(key, url, undefined, { http, path: true }), at(stated))).url
  })

/** The URL of IAM Identity Center or AWS Sign-In for a credential source, which ends with a slash. */
export const identityEndpoint = (
  service: IdentityService,
  wanted: Wanted
): Effect.Effect<string, StsConfigError> =>
  Effect.gen(function* () {
    const policy = yield* RequestPolicy
    const http = yield* httpAllowed(policy.allowHttp)
    return yield* configured<IdentityName, string>(
      [...whereaboutsNames, called[service][1]],
      (configuration) => chooseIdentity(service, wanted, policy, configuration, http)
    )
  })
