/**
 * Which endpoint of IAM Identity Center or AWS Sign-In a credential source asks.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { EndpointParameters } from "../../protocol/aws/endpoint.js"
import { type IdentityService, resolve } from "../../protocol/aws/identityEndpoint.js"
import { StsConfigError } from "../../schemas/StsError.js"
import { parse } from "../Endpoint.js"
import { type Policy, RequestPolicy } from "../RequestPolicy.js"
import { at, type Configured, configured, type Found } from "./configured.js"

/**
 * What the source itself was told. What is left out is read from the request policy, the environment and the shared
 * config files, in that order.
 *
 * @category models
 * @since 0.1.0
 */
export interface Wanted {
  readonly region?: Found | undefined
  readonly endpoint?: string | undefined
  readonly useFips?: boolean | undefined
  readonly useDualStack?: boolean | undefined
}

const names = [
  "AWS_REGION",
  "AWS_DEFAULT_REGION",
  "AWS_USE_FIPS_ENDPOINT",
  "AWS_USE_DUALSTACK_ENDPOINT",
  "AWS_ENDPOINT_URL_SSO",
  "AWS_ENDPOINT_URL_SSO_OIDC",
  "AWS_ENDPOINT_URL_SIGNIN"
] as const

type Name = (typeof names)[number]

const called: Readonly<Record<IdentityService, readonly [service: string, variable: Name]>> = {
  portal: ["sso", "AWS_ENDPOINT_URL_SSO"],
  oidc: ["sso_oidc", "AWS_ENDPOINT_URL_SSO_OIDC"],
  signin: ["signin", "AWS_ENDPOINT_URL_SIGNIN"]
}

const settingOf: Readonly<Record<keyof EndpointParameters, string>> = {
  region: "AWS_REGION",
  useFips: "AWS_USE_FIPS_ENDPOINT",
  useDualStack: "AWS_USE_DUALSTACK_ENDPOINT",
  useGlobalEndpoint: "AWS_STS_REGIONAL_ENDPOINTS",
  endpoint: "AWS_ENDPOINT_URL"
}

const regionIn = ({ aws }: Policy, configuration: Configured<Name>): Found | undefined =>
  aws.region === undefined
    ? configuration.find("AWS_REGION", "AWS_DEFAULT_REGION")
    : { key: "RequestPolicy.aws.region", value: aws.region }

const choose = (
  service: IdentityService,
  wanted: Wanted,
  policy: Policy,
  configuration: Configured<Name>
): Either.Either<string, StsConfigError> =>
  Either.gen(function* () {
    const { aws } = policy
    const region = wanted.region ?? regionIn(policy, configuration)
    const stated =
      wanted.endpoint === undefined
        ? yield* configuration.endpoint(...called[service])
        : { key: "endpoint", value: wanted.endpoint }
    const parameters = {
      region: region?.value,
      useFips: wanted.useFips ?? aws.useFips ?? (yield* configuration.flag("AWS_USE_FIPS_ENDPOINT")),
      useDualStack:
        wanted.useDualStack ?? aws.useDualStack ?? (yield* configuration.flag("AWS_USE_DUALSTACK_ENDPOINT")),
      endpoint: stated?.value
    }
    const url = yield* Either.mapLeft(resolve(service, parameters), ({ detail, parameter }) => {
      const error = new StsConfigError({ key: settingOf[parameter], detail })
      return parameter === "region" ? at(region)(error) : error
    })
    const key = stated?.key ?? region?.key ?? settingOf.region
    const allowed = { http: policy.allowHttp, path: true }
    return (yield* Either.mapLeft(parse(key, url, undefined, allowed), at(stated))).url
  })

/**
 * The URL, which ends with a slash.
 *
 * @category constructors
 * @since 0.1.0
 */
export const identityEndpoint = (
  service: IdentityService,
  wanted: Wanted
): Effect.Effect<string, StsConfigError> =>
  Effect.flatMap(Effect.zip(RequestPolicy, configured(names)), ([policy, configuration]) =>
    choose(service, wanted, policy, configuration)
  )
