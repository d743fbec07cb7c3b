/**
 * Random requests, signed here and by the vendor's own signer.
 */
import { OpenApiUtil } from "@alicloud/openapi-core"
import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "fast-check"
import * as acs3 from "../../../src/protocol/alibaba/acs3.js"
import * as rpc from "../../../src/protocol/alibaba/rpc.js"
import { key, millis, pairs, plainName, text } from "../arbitraries.js"

const numRuns = 2_000

const fields = (form: string): Record<string, string> => Object.fromEntries(new URLSearchParams(form))

describe("the official signer agrees", () => {
  it(`on ${numRuns} RPC requests`, () => {
    const call = FastCheck.record({
      action: text,
      version: text,
      parameters: pairs(text),
      time: millis,
      nonce: text
    })
    FastCheck.assert(
      FastCheck.property(call, key, (request, who) => {
        const { Signature, ...signed } = fields(rpc.sign(request, who).body)
        assert.strictEqual(OpenApiUtil.getRPCSignature(signed, "POST", who.accessKeySecret), Signature)
      }),
      { numRuns }
    )
  })

  it(`on ${numRuns} ACS3 requests`, () => {
    const signedHeader = plainName.map((name) => `x-acs-${name.toLowerCase()}`)
    const request = FastCheck.record({
      method: FastCheck.constantFrom("GET", "POST"),
      query: pairs(plainName),
      headers: FastCheck.tuple(pairs(signedHeader), pairs(plainName.map((name) => name.toLowerCase()))).map(
        ([signed, others]) => ({ ...others, ...signed, host: "sts.aliyuncs.com" })
      ),
      body: text
    })
    FastCheck.assert(
      FastCheck.property(request, key, ({ body, headers, method, query }, who) => {
        const contentSha256 = acs3.sha256(body)
        const ours = acs3.authorization({ method, path: "/", query, headers, contentSha256 }, who)
        const theirs = OpenApiUtil.getAuthorization(
          { method, pathname: "/", query, headers } as never,
          acs3.algorithm,
          contentSha256,
          who.accessKeyId,
          who.accessKeySecret
        )
        assert.strictEqual(ours.authorization, theirs)
      }),
      { numRuns }
    )
  })

  it("on the hash of a body", () => {
    FastCheck.assert(
      FastCheck.property(text, (body) => {
        assert.strictEqual(
          acs3.sha256(body),
          OpenApiUtil.hash(Buffer.from(body), acs3.algorithm).toString("hex")
        )
      })
    )
  })
})
