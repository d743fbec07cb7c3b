/**
 * Where AWS's operations go and what region they are signed for, by the environment and the policy, as an HTTP client
 * gets to see it.
 */
import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Aws from "../../src/aws.js"
import { RequestPolicy, type RequestPolicyOptions, StsConfigError } from "../../src/index.js"
import { AwsSeed } from "../../src/testing.js"
import { signedForAws } from "../support/runners.js"
import { reply, scripted } from "../support/scripted.js"

type Environment = Readonly<Record<string, string>>

interface Place {
  readonly name: string
  readonly env: Environment
  readonly policy?: RequestPolicyOptions["aws"]
  readonly url: string
  readonly region: string
}

const under =
  (env: Environment, policy: RequestPolicyOptions["aws"] = {}) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    effect.pipe(
      RequestPolicy.adjust({ aws: policy }),
      Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(env))
    )

const west = { AWS_REGION: "eu-west-1" }
const global = "https://sts.amazonaws.com/"

const places: ReadonlyArray<Place> = [
  { name: "AWS_REGION", env: west, url: "https://sts.eu-west-1.amazonaws.com/", region: "eu-west-1" },
  {
    name: "AWS_DEFAULT_REGION",
    env: { AWS_DEFAULT_REGION: "eu-north-1" },
    url: "https://sts.eu-north-1.amazonaws.com/",
    region: "eu-north-1"
  },
  {
    name: "AWS_REGION over AWS_DEFAULT_REGION",
    env: { ...west, AWS_DEFAULT_REGION: "eu-north-1" },
    url: "https://sts.eu-west-1.amazonaws.com/",
    region: "eu-west-1"
  },
  {
    name: "the policy over AWS_REGION",
    env: west,
    policy: { region: "cn-north-1" },
    url: "https://sts.cn-north-1.amazonaws.com.cn/",
    region: "cn-north-1"
  },
  {
    name: "AWS_ENDPOINT_URL",
    env: { ...west, AWS_ENDPOINT_URL: "https://all.test" },
    url: "https://all.test/",
    region: "eu-west-1"
  },
  {
    name: "AWS_ENDPOINT_URL_STS over AWS_ENDPOINT_URL",
    env: { ...west, AWS_ENDPOINT_URL: "https://all.test", AWS_ENDPOINT_URL_STS: "https://sts.test" },
    url: "https://sts.test/",
    region: "eu-west-1"
  },
  {
    name: "the policy over AWS_ENDPOINT_URL_STS",
    env: { ...west, AWS_ENDPOINT_URL_STS: "https://sts.test" },
    policy: { endpoint: "https://mine.test" },
    url: "https://mine.test/",
    region: "eu-west-1"
  },
  {
    name: "an endpoint behind a gateway's path",
    env: { ...west, AWS_ENDPOINT_URL_STS: "https://gateway.test/sts" },
    url: "https://gateway.test/sts/",
    region: "eu-west-1"
  },
  {
    name: "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    env: { ...west, AWS_ENDPOINT_URL_STS: "https://sts.test", AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" },
    url: "https://sts.eu-west-1.amazonaws.com/",
    region: "eu-west-1"
  },
  {
    name: "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS, but not the policy's",
    env: { ...west, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" },
    policy: { endpoint: "https://mine.test" },
    url: "https://mine.test/",
    region: "eu-west-1"
  },
  {
    name: "AWS_USE_FIPS_ENDPOINT",
    env: { AWS_REGION: "us-west-2", AWS_USE_FIPS_ENDPOINT: "true" },
    url: "https://sts-fips.us-west-2.amazonaws.com/",
    region: "us-west-2"
  },
  {
    name: "AWS_USE_DUALSTACK_ENDPOINT",
    env: { ...west, AWS_USE_DUALSTACK_ENDPOINT: "true" },
    url: "https://sts.eu-west-1.api.aws/",
    region: "eu-west-1"
  },
  {
    name: "FIPS and dual stack",
    env: { AWS_REGION: "us-west-2", AWS_USE_FIPS_ENDPOINT: "true", AWS_USE_DUALSTACK_ENDPOINT: "true" },
    url: "https://sts-fips.us-west-2.api.aws/",
    region: "us-west-2"
  },
  {
    name: "the policy over AWS_USE_FIPS_ENDPOINT",
    env: { AWS_REGION: "us-west-2", AWS_USE_FIPS_ENDPOINT: "true" },
    policy: { useFips: false },
    url: "https://sts.us-west-2.amazonaws.com/",
    region: "us-west-2"
  },
  {
    name: "AWS_STS_REGIONAL_ENDPOINTS=legacy, an older region",
    env: { ...west, AWS_STS_REGIONAL_ENDPOINTS: "legacy" },
    url: global,
    region: "us-east-1"
  },
  {
    name: "AWS_STS_REGIONAL_ENDPOINTS=legacy, a newer region",
    env: { AWS_REGION: "af-south-1", AWS_STS_REGIONAL_ENDPOINTS: "legacy" },
    url: "https://sts.af-south-1.amazonaws.com/",
    region: "af-south-1"
  },
  {
    name: "AWS_STS_REGIONAL_ENDPOINTS=regional",
    env: { ...west, AWS_STS_REGIONAL_ENDPOINTS: "regional" },
    url: "https://sts.eu-west-1.amazonaws.com/",
    region: "eu-west-1"
  },
  { name: "aws-global", env: { AWS_REGION: "aws-global" }, url: global, region: "us-east-1" }
]

/** One call, and what was sent. */
const sentBy = <A, E, R>(call: Effect.Effect<A, E, R>) => {
  const http = scripted(reply(200, "<html/>", { "content-type": "text/xml" }))
  return Effect.map(Effect.flip(Effect.provide(call, http.layer)), (error) => ({ error, sent: http.sent }))
}

const scopeOf = (authorization = ""): string | undefined =>
  /Credential=[^/]+\/\d{8}\/([^/]+)\/sts\//.exec(authorization)?.[1]

const root = Aws.assumeRoot({
  targetPrincipal: AwsSeed.memberAccountId,
  taskPolicyArn: { arn: "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials" }
})

describe("a call goes where it is sent by", () => {
  for (const { env, name, policy, region, url } of places) {
    it.effect(name, () =>
      Effect.gen(function* () {
        const { sent } = yield* sentBy(Aws.getCallerIdentity().pipe(signedForAws(), under(env, policy)))
        assert.deepStrictEqual(
          sent.map(({ headers, url }) => [url, scopeOf(headers["authorization"])]),
          [[url, region]]
        )
      })
    )
  }

  it.effect("its region alone, if the global endpoint does not serve it", () =>
    Effect.gen(function* () {
      const legacy = { ...west, AWS_STS_REGIONAL_ENDPOINTS: "legacy" }
      const { sent } = yield* sentBy(root.pipe(signedForAws(), under(legacy)))
      assert.deepStrictEqual(
        sent.map(({ url }) => url),
        ["https://sts.eu-west-1.amazonaws.com/"]
      )
    })
  )
})

it.effect.each([{ AWS_REGION: "aws-global" }, { ...west, AWS_ENDPOINT_URL_STS: global }])(
  "AssumeRoot is not sent to the global endpoint: %j",
  (env) =>
    Effect.gen(function* () {
      const { error, sent } = yield* sentBy(root.pipe(signedForAws(), under(env)))
      assert.instanceOf(error, StsConfigError)
      assert.include(error.message, "does not serve this operation")
      assert.strictEqual(sent.length, 0)
    })
)

interface Mistake {
  readonly name: string
  readonly env: Environment
  readonly policy?: RequestPolicyOptions["aws"]
  readonly key: string
  readonly says: ReadonlyArray<string>
}

const mistakes: ReadonlyArray<Mistake> = [
  {
    name: "no region at all",
    env: {},
    key: "AWS_REGION",
    says: ["RequestPolicy.aws.region", "AWS_REGION", "AWS_DEFAULT_REGION"]
  },
  {
    name: "an endpoint without a region",
    env: { AWS_ENDPOINT_URL_STS: "https://sts.test" },
    key: "AWS_REGION",
    says: ["AWS_DEFAULT_REGION"]
  },
  {
    name: "a region that is no name",
    env: { AWS_REGION: "eu-west-1.evil.test/" },
    key: "AWS_REGION",
    says: []
  },
  {
    name: "a flag that is none",
    env: { ...west, AWS_USE_FIPS_ENDPOINT: "perhaps" },
    key: "AWS_USE_FIPS_ENDPOINT",
    says: []
  },
  {
    name: "a word that is neither regional nor legacy",
    env: { ...west, AWS_STS_REGIONAL_ENDPOINTS: "global" },
    key: "AWS_STS_REGIONAL_ENDPOINTS",
    says: ["regional", "legacy"]
  },
  {
    name: "FIPS with an endpoint of one's own",
    env: { ...west, AWS_ENDPOINT_URL_STS: "https://sts.test", AWS_USE_FIPS_ENDPOINT: "true" },
    key: "AWS_USE_FIPS_ENDPOINT",
    says: []
  },
  {
    name: "an endpoint that is no URL",
    env: { ...west, AWS_ENDPOINT_URL_STS: "ftp://sts.test" },
    key: "AWS_ENDPOINT_URL_STS",
    says: []
  },
  {
    name: "plain HTTP to elsewhere",
    env: { ...west, AWS_ENDPOINT_URL: "http://sts.test" },
    key: "AWS_ENDPOINT_URL",
    says: []
  }
]

describe("nothing is sent with", () => {
  for (const { env, key, name, policy, says } of mistakes) {
    it.effect(name, () =>
      Effect.gen(function* () {
        const { error, sent } = yield* sentBy(
          Aws.getCallerIdentity().pipe(signedForAws(), under(env, policy))
        )
        assert.lengthOf(sent, 0)
        assert.instanceOf(error, StsConfigError)
        if (error instanceof StsConfigError) assert.strictEqual(error.key, key)
        for (const words of says) assert.include(error.message, words)
      })
    )
  }
})
