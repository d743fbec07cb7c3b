/**
 * Which AWS STS endpoint a call goes to.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { type EndpointParameters, globalHost, resolve as rules } from "../../protocol/aws/endpoint.js"
import { StsConfigError } from "../../schemas/StsError.js"
import { type Endpoint, parse } from "../Endpoint.js"
import type { Policy } from "../RequestPolicy.js"
import { flag, settings } from "../setting.js"

const names = [
  "AWS_REGION",
  "AWS_DEFAULT_REGION",
  "AWS_ENDPOINT_URL_STS",
  "AWS_ENDPOINT_URL",
  "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
  "AWS_USE_FIPS_ENDPOINT",
  "AWS_USE_DUALSTACK_ENDPOINT",
  "AWS_STS_REGIONAL_ENDPOINTS"
] as const

type Environment = { readonly [_ in (typeof names)[number]]: string | undefined }

const usesGlobal = (text: string | undefined): Either.Either<boolean | undefined, StsConfigError> => {
  switch (text?.toLowerCase()) {
    case undefined:
      return Either.right(undefined)
    case "legacy":
      return Either.right(true)
    case "regional":
      return Either.right(false)
    default:
      return Either.left(
        new StsConfigError({ key: "AWS_STS_REGIONAL_ENDPOINTS", detail: "must be regional or legacy" })
      )
  }
}

interface Configured {
  /** Where the endpoint was stated. */
  readonly key: string
  readonly endpoint: string
}

const configured = ({ aws }: Policy, env: Environment, ignored: boolean): Configured | undefined => {
  if (aws.endpoint !== undefined) return { key: "RequestPolicy.aws.endpoint", endpoint: aws.endpoint }
  if (ignored) return undefined
  const key = env.AWS_ENDPOINT_URL_STS === undefined ? "AWS_ENDPOINT_URL" : "AWS_ENDPOINT_URL_STS"
  const endpoint = env[key]
  return endpoint === undefined ? undefined : { key, endpoint }
}

const missingRegion = new StsConfigError({
  key: "AWS_REGION",
  detail: "is needed and was found in neither RequestPolicy.aws.region, AWS_REGION nor AWS_DEFAULT_REGION",
  hint: "Set one of them, for example AWS_REGION=eu-central-1."
})

const notGlobal = new StsConfigError({
  key: "AWS_REGION",
  detail: `must name a region, because ${globalHost} does not serve this operation`,
  hint: "Set it to a region, for example AWS_REGION=us-east-1."
})

const settingOf: Readonly<Record<keyof EndpointParameters, string>> = {
  region: "AWS_REGION",
  useFips: "AWS_USE_FIPS_ENDPOINT",
  useDualStack: "AWS_USE_DUALSTACK_ENDPOINT",
  useGlobalEndpoint: "AWS_STS_REGIONAL_ENDPOINTS",
  endpoint: "AWS_ENDPOINT_URL_STS"
}

const choose = (
  policy: Policy,
  env: Environment,
  regional: boolean
): Either.Either<Endpoint, StsConfigError> =>
  Either.gen(function* () {
    const { aws } = policy
    const ignored = yield* flag(
      "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
      env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS
    )
    const useFips = aws.useFips ?? (yield* flag("AWS_USE_FIPS_ENDPOINT", env.AWS_USE_FIPS_ENDPOINT))
    const useDualStack =
      aws.useDualStack ?? (yield* flag("AWS_USE_DUALSTACK_ENDPOINT", env.AWS_USE_DUALSTACK_ENDPOINT))
    const useGlobalEndpoint =
      !regional && (aws.useGlobalEndpoint ?? (yield* usesGlobal(env.AWS_STS_REGIONAL_ENDPOINTS)))
    const region = aws.region ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION
    const stated = configured(policy, env, ignored === true)
    if (region === undefined && stated === undefined) return yield* Either.left(missingRegion)
    const parameters = { region, useFips, useDualStack, useGlobalEndpoint, endpoint: stated?.endpoint }
    const { signingRegion, url } = yield* Either.mapLeft(
      rules(parameters),
      ({ detail, parameter }) => new StsConfigError({ key: settingOf[parameter], detail })
    )
    const allowed = { http: policy.allowHttp, path: true }
    const endpoint = yield* parse(stated?.key ?? "AWS_REGION", url, signingRegion, allowed)
    return regional && endpoint.host === globalHost ? yield* Either.left(notGlobal) : endpoint
  })

const resolver =
  (regional: boolean) =>
  (policy: Policy): Effect.Effect<Endpoint, StsConfigError> =>
    Effect.flatMap(settings(names), (env) => choose(policy, env, regional))

/**
 * The endpoint for a policy: what the policy states, else what the environment states. A missing region is a
 * `StsConfigError` that says where it was looked for.
 *
 * @category constructors
 * @since 0.1.0
 */
export const resolve = resolver(false)

/**
 * The same for operations that the global endpoint does not serve.
 *
 * @category constructors
 * @since 0.1.0
 */
export const resolveRegional = resolver(true)

/**
 * The region that requests to an endpoint are signed for. Only a custom endpoint can be without one, and then only
 * anonymous requests can be made.
 *
 * @category accessors
 * @since 0.1.0
 */
export const signingRegion = ({ region }: Endpoint): Either.Either<string, StsConfigError> =>
  region === undefined ? Either.left(missingRegion) : Either.right(region)
