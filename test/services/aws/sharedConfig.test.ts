/**
 * What the selected profile says about how requests are made, after the policy and the environment.
 */
import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Aws from "../../../src/aws.js"
import { RequestPolicy, StsConfigError } from "../../../src/index.js"
import * as Endpoint from "../../../src/services/aws/Endpoint.js"
import { files } from "../../support/files.js"

const configFile = "/home/alice/.aws/config"

type Variables = Readonly<Record<string, string>>

interface Setup {
  readonly config: string
  readonly env?: Variables
}

const under =
  ({ config, env = {} }: Setup) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    effect.pipe(
      Effect.provide(Aws.SharedSettings.layer),
      Effect.provide(files({ [configFile]: config }).layer),
      Effect.provideService(
        ConfigProvider.ConfigProvider,
        ConfigProvider.fromUnknown({ HOME: "/home/alice", ...env })
      )
    )

const url = Effect.map(Effect.flatMap(RequestPolicy, Endpoint.resolve), (endpoint) => endpoint.url)

const services = [
  "[default]",
  "region = eu-west-1",
  "endpoint_url = https://all.test",
  "services = local",
  "[services local]",
  "s3 =",
  "  endpoint_url = https://s3.test",
  "STS =",
  "  # in the office",
  "  Endpoint_Url = https://sts.test/path # here"
].join("\n")

const region = "[default]\nregion = eu-west-1\n"

describe("the selected profile's settings", () => {
  const places: ReadonlyArray<readonly [name: string, setup: Setup, url: string]> = [
    ["its region", { config: region }, "https://sts.eu-west-1.amazonaws.com/"],
    [
      "AWS_REGION over its region",
      { config: region, env: { AWS_REGION: "eu-north-1" } },
      "https://sts.eu-north-1.amazonaws.com/"
    ],
    [
      "the region of the profile that AWS_PROFILE names",
      { config: `${region}[profile far]\nregion = ap-south-1\n`, env: { AWS_PROFILE: "far" } },
      "https://sts.ap-south-1.amazonaws.com/"
    ],
    [
      "FIPS and dual stack",
      { config: `[default]\nregion = us-east-1\nuse_fips_endpoint = TRUE\nuse_dualstack_endpoint = true\n` },
      "https://sts-fips.us-east-1.api.aws/"
    ],
    [
      "the environment's refusal of dual stack",
      {
        config: `${region}use_dualstack_endpoint = true\n`,
        env: { AWS_USE_DUALSTACK_ENDPOINT: "false" }
      },
      "https://sts.eu-west-1.amazonaws.com/"
    ],
    [
      "the global endpoint",
      { config: `${region}sts_regional_endpoints = legacy\n` },
      "https://sts.amazonaws.com/"
    ],
    ["the service's endpoint before the general one", { config: services }, "https://sts.test/path/"],
    [
      "the environment's general endpoint before the service's",
      { config: services, env: { AWS_ENDPOINT_URL: "https://env.test" } },
      "https://env.test/"
    ],
    [
      "no endpoint, where they are to be ignored",
      { config: services.replace("services", "ignore_configured_endpoint_urls = true\nservices") },
      "https://sts.eu-west-1.amazonaws.com/"
    ],
    ["the general endpoint", { config: `${region}endpoint_url = https://all.test\n` }, "https://all.test/"]
  ]

  for (const [name, setup, expected] of places) {
    it.effect(name, () =>
      Effect.gen(function* () {
        assert.strictEqual(yield* under(setup)(url), expected)
      })
    )
  }

  const faults: ReadonlyArray<
    readonly [
      name: string,
      setup: Setup,
      expected: { key: string; file?: string; line?: number; detail?: string }
    ]
  > = [
    [
      "a region that is none",
      { config: "[default]\nregion = eu west\n" },
      { key: "region", file: configFile, line: 2 }
    ],
    [
      "a switch that is neither",
      { config: `${region}use_fips_endpoint = yes\n` },
      { key: "use_fips_endpoint", file: configFile, line: 3 }
    ],
    [
      "a kind of endpoint that is none",
      { config: `${region}sts_regional_endpoints = global\n` },
      { key: "sts_regional_endpoints", file: configFile, line: 3 }
    ],
    [
      "an endpoint over plain HTTP",
      { config: `${region}endpoint_url = http://all.test\n` },
      { key: "endpoint_url", file: configFile, line: 3 }
    ],
    [
      "services that are not there",
      { config: `${region}services = gone\n` },
      { key: "services", file: configFile, line: 3 }
    ],
    [
      "a profile that is not there",
      { config: region, env: { AWS_PROFILE: "gone" } },
      {
        key: "AWS_PROFILE",
        detail:
          "cannot be used: there is no profile gone; the only one is default; looked in /home/alice/.aws/config and /home/alice/.aws/credentials"
      }
    ],
    [
      "a line that is none",
      { config: `${region}oops\n` },
      { key: "shared config files", file: configFile, line: 3 }
    ],
    ["no region at all", { config: "[default]\n" }, { key: "AWS_REGION" }]
  ]

  for (const [name, setup, expected] of faults) {
    it.effect(`report ${name}`, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(under(setup)(url))
        assert.instanceOf(error, StsConfigError)
        assert.deepInclude({ ...error }, expected)
      })
    )
  }

  it.effect("are read for each call", () =>
    Effect.gen(function* () {
      const entries: Record<string, string> = { [configFile]: region }
      const both = Effect.gen(function* () {
        const first = yield* url
        entries[configFile] = "[default]\nregion = us-east-2\n"
        return [first, yield* url]
      })
      const urls = yield* both.pipe(
        Effect.provide(Aws.SharedSettings.layer),
        Effect.provide(files(entries).layer),
        Effect.provideService(
          ConfigProvider.ConfigProvider,
          ConfigProvider.fromUnknown({ HOME: "/home/alice" })
        )
      )
      assert.deepStrictEqual(urls, [
        "https://sts.eu-west-1.amazonaws.com/",
        "https://sts.us-east-2.amazonaws.com/"
      ])
    })
  )

  it.effect("include the origin of the region", () =>
    Effect.gen(function* () {
      const found = Effect.flatMap(RequestPolicy, Endpoint.region)
      assert.deepStrictEqual(yield* under({ config: region })(found), {
        key: "region",
        value: "eu-west-1",
        file: configFile,
        line: 2
      })
      const env = { AWS_DEFAULT_REGION: "us-east-1" }
      assert.deepStrictEqual(yield* under({ config: region, env })(found), {
        key: "AWS_DEFAULT_REGION",
        value: "us-east-1"
      })
    })
  )
})
