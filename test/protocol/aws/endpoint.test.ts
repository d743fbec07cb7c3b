import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import * as FastCheck from "fast-check"
import { type EndpointParameters, partitions, resolve } from "../../../src/protocol/aws/endpoint.js"

const right = (parameters: EndpointParameters) => Result.getOrThrow(resolve(parameters))

const left = (parameters: EndpointParameters) => Result.getOrThrow(Result.flip(resolve(parameters)))

describe("an endpoint", () => {
  it.each<readonly [EndpointParameters, string, string]>([
    [{ region: "eu-central-1" }, "https://sts.eu-central-1.amazonaws.com", "eu-central-1"],
    [{ region: "aws-global" }, "https://sts.amazonaws.com", "us-east-1"],
    [{ region: "us-west-2", useGlobalEndpoint: true }, "https://sts.amazonaws.com", "us-east-1"],
    [
      { region: "us-west-2", useGlobalEndpoint: true, useFips: true },
      "https://sts-fips.us-west-2.amazonaws.com",
      "us-west-2"
    ],
    [{ region: "af-south-1", useGlobalEndpoint: true }, "https://sts.af-south-1.amazonaws.com", "af-south-1"],
    [{ region: "us-gov-west-1", useFips: true }, "https://sts.us-gov-west-1.amazonaws.com", "us-gov-west-1"],
    [
      { region: "us-gov-west-1", useFips: true, useDualStack: true },
      "https://sts-fips.us-gov-west-1.api.aws",
      "us-gov-west-1"
    ],
    [
      { region: "cn-north-1", useDualStack: true },
      "https://sts.cn-north-1.api.amazonwebservices.com.cn",
      "cn-north-1"
    ],
    [{ region: "eusc-de-east-1" }, "https://sts.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"],
    [{ region: "aws-cn-global" }, "https://sts.aws-cn-global.amazonaws.com.cn", "aws-cn-global"],
    [{ region: "us-new-7" }, "https://sts.us-new-7.amazonaws.com", "us-new-7"],
    [
      { region: "eu-west-1", endpoint: "https://vpce-1.sts.eu-west-1.vpce.amazonaws.com" },
      "https://vpce-1.sts.eu-west-1.vpce.amazonaws.com",
      "eu-west-1"
    ]
  ])("for %o is %s, signed for %s", (parameters, url, signingRegion) => {
    assert.deepStrictEqual(right(parameters), { url, signingRegion, signingName: "sts" })
  })

  it("that is configured needs no region", () => {
    assert.isUndefined(right({ endpoint: "https://example.com" }).signingRegion)
  })

  it.each<readonly [EndpointParameters, keyof EndpointParameters]>([
    [{}, "region"],
    [{ useGlobalEndpoint: true }, "region"],
    [{ endpoint: "https://example.com", useFips: true }, "useFips"],
    [{ endpoint: "https://example.com", useDualStack: true }, "useDualStack"]
  ])("for %o is refused because of %s", (parameters, parameter) => {
    assert.strictEqual(left(parameters).parameter, parameter)
  })

  it.each([
    "",
    "us-east-1.evil.example",
    "evil.example/",
    "evil.example#",
    "x@evil.example",
    "-us-east-1",
    "us east 1",
    "us-east-1\n",
    "a".repeat(64)
  ])("is never chosen by a region like %j", (region) => {
    for (const endpoint of [undefined, "https://example.com"]) {
      assert.strictEqual(left({ region, endpoint }).parameter, "region")
    }
  })

  it("is always a host of AWS", () => {
    const suffixes = partitions.flatMap(({ dnsSuffix, dualStackDnsSuffix }) => [
      dnsSuffix,
      dualStackDnsSuffix
    ])
    const flag = FastCheck.boolean()
    const region = FastCheck.oneof(FastCheck.string(), FastCheck.stringMatching(/^[a-z.\-@/:1]{1,12}$/))
    const parameters = FastCheck.record({
      region,
      useFips: flag,
      useDualStack: flag,
      useGlobalEndpoint: flag
    })
    let accepted = 0
    FastCheck.assert(
      FastCheck.property(parameters, (given) => {
        const found = resolve(given)
        if (Result.isFailure(found)) return
        accepted++
        const { hash, hostname, pathname, username } = new URL(found.success.url)
        assert.isTrue(suffixes.some((suffix) => hostname.endsWith(`.${suffix}`)))
        assert.deepStrictEqual([hash, pathname, username], ["", "/", ""])
      }),
      { numRuns: 2_000 }
    )
    assert.isAbove(accepted, 20)
  })
})
