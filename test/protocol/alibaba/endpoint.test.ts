import { assert, describe, it } from "@effect/vitest"
import {
  globalHost,
  globalRegions,
  hostOf,
  regionsWithBoth,
  vpcOnlyRegions,
  vpcRegions
} from "../../../src/protocol/alibaba/endpoint.js"

describe("hosts", () => {
  it("are the region's own, unless it has none", () => {
    for (const region of [...regionsWithBoth, "ap-southeast-6", "atlantis"]) {
      assert.strictEqual(hostOf(region, "public"), `sts.${region}.aliyuncs.com`)
      assert.strictEqual(hostOf(region, "vpc"), `sts-vpc.${region}.aliyuncs.com`)
    }
    for (const region of vpcRegions) {
      assert.strictEqual(hostOf(region, "vpc"), `sts-vpc.${region}.aliyuncs.com`)
    }
  })

  it("are the global one in public without a region, and for those without a host", () => {
    for (const region of [undefined, ...globalRegions]) {
      assert.strictEqual(hostOf(region, "public"), globalHost)
    }
  })

  it("are inside the VPC alone for some", () => {
    for (const region of vpcOnlyRegions) {
      assert.strictEqual(hostOf(region, "public"), `sts-vpc.${region}.aliyuncs.com`)
      assert.strictEqual(hostOf(region, "vpc"), `sts-vpc.${region}.aliyuncs.com`)
    }
  })

  it.each([undefined, "ap-south-1", "cn-hangzhou-finance", "cn-beijing-gov-1"])(
    "are not there inside a VPC for the region %j",
    (region) => {
      assert.isUndefined(hostOf(region, "vpc"))
    }
  )
})
