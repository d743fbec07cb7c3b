/** Which AWS STS endpoint a call goes to. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { globalHost, regionNamed, resolve as rules } from "../../protocol/aws/endpoint.js"
import { StsConfigError } from "../../schemas/StsError.js"
import { type Endpoint, httpAllowed, parse } from "../Endpoint.js"
import type { Policy } from "../RequestPolicy.js"
import {
  at,
  byPolicy,
  type Configured,
  configured,
  type Found,
  regionIn,
  whereabouts,
  whereaboutsNames
} from "./configured.js"

const names = [...whereaboutsNames, "AWS_ENDPOINT_URL_STS", "AWS_STS_REGIONAL_ENDPOINTS"] as const

type Configuration = Configured<(typeof names)[number]>

const usesGlobal = (found: Found | undefined): Result.Result<boolean | undefined, StsConfigError> => {
  switch (found?.value.toLowerCase()) {
    case undefined:
      return Result.succeed(undefined)
    case "legacy":
      return Result.succeed(true)
    case "regional":
      return Result.succeed(false)
    default:
      return Result.fail(
        at(found)(
          new StsConfigError({ key: "AWS_STS_REGIONAL_ENDPOINTS", detail: "must be regional or legacy" })
        )
      )
  }
}

const globalRegion = regionNamed("aws-global").region

const missingRegion = () =>
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
    // The partition `aws` alone has a host for the whole of it, which has no variants.
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
export const region = (policy: Policy): Effect.Effect<Found | undefined, StsConfigError> =>
  configured(names, (configuration) => {
    const found = regionIn({}, policy, configuration)
    return Result.succeed(
      found === undefined ? undefined : { ...found, value: regionNamed(found.value).region }
    )
  })

/**
 * The endpoint for a policy: what the policy states, else what the environment states, else what the selected profile
 * of the shared config files does. A missing region is a `StsConfigError` that says where it was looked for.
 */
export const resolve = resolver(false)

/** The same for operations that the global endpoint does not serve. */
export const resolveRegional = resolver(true)

/**
 * The region that requests to an endpoint are signed for. Only a custom endpoint can be without one, and then only
 * anonymous requests can be made.
 */
export const signingRegion = ({ region }: Endpoint): Result.Result<string, StsConfigError> =>
  region === undefined ? Result.fail(missingRegion()) : Result.succeed(region)
