import { assert, describe, it } from "@effect/vitest"
import { globalHost, hostOf, publicRegions, vpcRegions } from "../../../src/protocol/alibaba/endpoint.js"

describe("hosts", () => {
  it("are the region's own where it has one", () => {
    for (const region of publicRegions) {
      assert.strictEqual(hostOf(region, "public"), `sts.${region}.aliyuncs.com`)
    }
    for (const region of vpcRegions) {
      assert.strictEqual(hostOf(region, "vpc"), `sts-vpc.${region}.aliyuncs.com`)
    }
  })

  it.each([
    undefined,
    "",
    "atlantis",
    "cn-hangzhou-finance",
    "cn-shenzhen-finance-1",
    "CN-BEIJING",
    "evil.example/"
  ])("are the global one in public for the region %j", (region) => {
    assert.strictEqual(hostOf(region, "public"), globalHost)
  })

  it.each([undefined, "", "atlantis", "cn-hangzhou-finance", "evil.example/"])(
    "are not there inside a VPC for the region %j",
    (region) => {
      assert.isUndefined(hostOf(region, "vpc"))
    }
  )
})
