/**
 * Which Alibaba Cloud STS endpoint a call goes to.
 *
 * @since 0.1.0
 */
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import { hostOf } from "../../protocol/alibaba/endpoint.js"
import { StsConfigError } from "../../schemas/StsError.js"
import { type Endpoint, parse } from "../Endpoint.js"
import type { Policy } from "../RequestPolicy.js"

const variable = {
  endpoint: "ALIBABA_CLOUD_STS_ENDPOINT",
  region: "ALIBABA_CLOUD_STS_REGION",
  vpc: "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED"
} as const

const setting = (name: string) =>
  Config.string(name).pipe(
    Config.option,
    Config.map(Option.map((text) => text.trim())),
    Config.map(Option.filter((text) => text !== "")),
    Config.map(Option.getOrUndefined)
  )

const environment = Config.all({
  endpoint: setting(variable.endpoint),
  region: setting(variable.region),
  vpc: setting(variable.vpc)
})

const unreadable = new StsConfigError({
  key: "ALIBABA_CLOUD_STS_*",
  detail: "could not be read from the configuration"
})

const network = (
  policy: Policy,
  vpc: string | undefined
): Either.Either<"public" | "vpc", StsConfigError> => {
  if (policy.alibaba.network !== undefined) return Either.right(policy.alibaba.network)
  switch (vpc?.toLowerCase()) {
    case undefined:
    case "false":
      return Either.right("public")
    case "true":
      return Either.right("vpc")
    default:
      return Either.left(new StsConfigError({ key: variable.vpc, detail: "must be true or false" }))
  }
}

const choose = (
  policy: Policy,
  env: Config.Config.Success<typeof environment>
): Either.Either<Endpoint, StsConfigError> => {
  const region = policy.alibaba.region ?? env.region
  if (policy.alibaba.endpoint !== undefined) {
    return parse("RequestPolicy.alibaba.endpoint", policy.alibaba.endpoint, region, policy.allowHttp)
  }
  // A region or network that the program states is not overruled by an endpoint that the environment happens to hold.
  const stated = policy.alibaba.region !== undefined || policy.alibaba.network !== undefined
  if (!stated && env.endpoint !== undefined) {
    return parse(variable.endpoint, env.endpoint, region, policy.allowHttp)
  }
  return Either.flatMap(network(policy, env.vpc), (through) => {
    const host = hostOf(region, through)
    return host === undefined
      ? Either.left(
          new StsConfigError({
            key: policy.alibaba.region === undefined ? variable.region : "RequestPolicy.alibaba.region",
            detail: region === undefined ? "is needed inside a VPC" : `${region} has no VPC endpoint`,
            hint: "Name a region that has one, or turn the VPC endpoint off."
          })
        )
      : Either.right({ url: `https://${host}/`, host, region })
  })
}

/**
 * The endpoint for a policy: what the policy states, else what the environment states, else the global host.
 *
 * @category constructors
 * @since 0.1.0
 */
export const resolve = (policy: Policy): Effect.Effect<Endpoint, StsConfigError> =>
  environment.pipe(
    Effect.mapError(() => unreadable),
    Effect.flatMap((env) => choose(policy, env))
  )
