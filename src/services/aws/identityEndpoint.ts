/** Which endpoint of IAM Identity Center or AWS Sign-In a credential source asks. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { type IdentityService, resolve } from "../../protocol/aws/identityServices.js"
import type { StsConfigError } from "../../schemas/StsError.js"
import { httpAllowed, parse } from "../Endpoint.js"
import { type Policy, RequestPolicy } from "../RequestPolicy.js"
import { filled } from "../setting.js"
import { at, type Configured, configured, type Wanted, whereabouts, whereaboutsNames } from "./configured.js"

const names = [
  ...whereaboutsNames,
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

const choose = (
  service: IdentityService,
  wanted: Wanted,
  policy: Policy,
  configuration: Configured<Name>,
  http: boolean
): Result.Result<string, StsConfigError> =>
  Result.gen(function* () {
    const { named, refused, region, useDualStack, useFips } = yield* whereabouts(
      wanted,
      policy,
      configuration
    )
    const option = filled(wanted.endpoint)
    const stated =
      option === undefined
        ? yield* configuration.endpoint(...called[service])
        : { key: "endpoint", value: option }
    const parameters = { region: named?.region, useFips, useDualStack, endpoint: stated?.value }
    const url = yield* Result.mapError(resolve(service, parameters), refused)
    const key = stated?.key ?? region?.key ?? "AWS_REGION"
    return (yield* Result.mapError(parse(key, url, undefined, { http, path: true }), at(stated))).url
  })

/** The URL, which ends with a slash. */
export const identityEndpoint = (
  service: IdentityService,
  wanted: Wanted
): Effect.Effect<string, StsConfigError> =>
  Effect.gen(function* () {
    const policy = yield* RequestPolicy
    const http = yield* httpAllowed(policy.allowHttp)
    return yield* configured(names, (configuration) => choose(service, wanted, policy, configuration, http))
  })
