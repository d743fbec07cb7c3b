/**
 * Which Alibaba Cloud STS endpoint a call goes to.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { hostOf, type Network } from "../../protocol/alibaba/endpoint.js"
import { StsConfigError } from "../../schemas/StsError.js"
import { type Endpoint, parse } from "../Endpoint.js"
import type { Policy } from "../RequestPolicy.js"
import { flag, settings } from "../setting.js"

const names = [
  "ALIBABA_CLOUD_STS_ENDPOINT",
  "ALIBABA_CLOUD_STS_REGION",
  "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED"
] as const

type Environment = { readonly [_ in (typeof names)[number]]: string | undefined }

const network = (policy: Policy, env: Environment): Either.Either<Network, StsConfigError> =>
  policy.alibaba.network !== undefined
    ? Either.right(policy.alibaba.network)
    : Either.map(
        flag("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED", env.ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED),
        (enabled) => (enabled === true ? "vpc" : "public")
      )

const choose = (policy: Policy, env: Environment): Either.Either<Endpoint, StsConfigError> => {
  const allowed = { http: policy.allowHttp, path: false }
  const region = policy.alibaba.region ?? env.ALIBABA_CLOUD_STS_REGION
  if (policy.alibaba.endpoint !== undefined) {
    return parse("RequestPolicy.alibaba.endpoint", policy.alibaba.endpoint, region, allowed)
  }
  // A region or network that the program states is not overruled by an endpoint that the environment happens to hold.
  const stated = policy.alibaba.region !== undefined || policy.alibaba.network !== undefined
  if (!stated && env.ALIBABA_CLOUD_STS_ENDPOINT !== undefined) {
    return parse("ALIBABA_CLOUD_STS_ENDPOINT", env.ALIBABA_CLOUD_STS_ENDPOINT, region, allowed)
  }
  return Either.flatMap(network(policy, env), (through) => {
    const host = hostOf(region, through)
    return host === undefined
      ? Either.left(
          new StsConfigError({
            key:
              policy.alibaba.region === undefined
                ? "ALIBABA_CLOUD_STS_REGION"
                : "RequestPolicy.alibaba.region",
            detail: region === undefined ? "is needed inside a VPC" : `${region} has no VPC endpoint`,
            hint: "Name a region that has one, or turn the VPC endpoint off."
          })
        )
      : Either.right({ url: `https://${host}/`, host, path: "/", region })
  })
}

/**
 * The endpoint for a policy: what the policy states, else what the environment states, else the global host.
 *
 * @category constructors
 * @since 0.1.0
 */
export const resolve = (policy: Policy): Effect.Effect<Endpoint, StsConfigError> =>
  Effect.flatMap(settings(names), (env) => choose(policy, env))
