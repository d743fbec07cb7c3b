import { isDeepStrictEqual } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as FastCheck from "fast-check"
import { decode } from "../../../src/protocol/alibaba/rpc.js"
import type { Exchange } from "../../../src/protocol/exchange.js"
import { decoder } from "../../../src/schemas/Codec.js"
import { operations } from "../../schemas/alibaba/operations.js"
import { choices, mutated } from "../../schemas/mutations.js"

const right = {
  RequestId: "request-1",
  Credentials: {
    AccessKeyId: "STS.example",
    AccessKeySecret: "secret",
    SecurityToken: "token",
    Expiration: "2026-01-31T12:00:00Z"
  },
  AssumedRoleUser: { Arn: "acs:ram::123456789012:role/reader/report", AssumedRoleId: "1:report" },
  IdentityType: "Account",
  AccountId: "123456789012",
  PrincipalId: "null",
  Arn: "acs:ram::123456789012:root",
  Code: null
}

const exchange = (operation: string, body: string): Exchange => ({
  cloud: "alibaba",
  operation,
  status: 200,
  headers: { "content-type": "application/json" },
  body,
  stringToSign: undefined,
  secrets: () => []
})

const told = (result: Result.Result<object, object>): unknown =>
  Result.match(result, { onFailure: (error) => ({ ...error }), onSuccess: (made) => JSON.stringify(made) })

const withoutNulls = (text: string): string =>
  JSON.stringify(
    JSON.parse(text, (_, value) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null))
        : value
    )
  )

describe("a reply", () => {
  for (const { name, response } of operations) {
    const schema = response as unknown as Schema.Codec<object, unknown>
    const fast = decoder(schema)
    const strict = Schema.decodeUnknownResult(schema)

    it(`to ${name} is decoded as the schema decodes it, with or without members that are null`, () => {
      assert.isTrue(Result.isSuccess(decode(exchange(name, JSON.stringify(right)), fast)))
      FastCheck.assert(
        FastCheck.property(choices, FastCheck.nat(2_000), (chosen, cut) => {
          const whole = JSON.stringify(mutated(right, chosen)) ?? "null"
          const body = cut < 200 ? whole.slice(0, cut) : whole
          const made = told(decode(exchange(name, body), fast))
          assert.isTrue(isDeepStrictEqual(made, told(decode(exchange(name, body), strict))))
          if (body !== whole || whole === "null") return
          const bare = decode(exchange(name, withoutNulls(body)), fast)
          if (Result.isSuccess(bare)) assert.isTrue(isDeepStrictEqual(made, told(bare)))
        }),
        { numRuns: 10_000 }
      )
    })
  }
})

describe("a role's user in the spelling of the older documents", () => {
  const arn = "acs:ram::123456789012:role/reader/report"

  it.each<readonly [string, object, object]>([
    ["alone", { arn, AssumedRoleUserId: "1:report" }, { arn, assumedRoleId: "1:report" }],
    ["in part", { arn, AssumedRoleId: "1:report" }, { arn, assumedRoleId: "1:report" }],
    [
      "beside today's, which counts",
      { arn: "old", Arn: arn, AssumedRoleUserId: "old", AssumedRoleId: "1:report" },
      { arn, assumedRoleId: "1:report" }
    ],
    ["beside null for today's", { arn, Arn: null }, { arn, assumedRoleId: undefined }]
  ])("is read: %s", (_, AssumedRoleUser, expected) => {
    for (const { name, response } of operations) {
      if (!name.startsWith("AssumeRole")) continue
      const reply = exchange(name, JSON.stringify({ ...right, AssumedRoleUser }))
      const made = Result.getOrThrow(decode(reply, decoder(response as Schema.Codec<object, unknown>))) as {
        assumedRoleUser?: object
      }
      assert.deepStrictEqual({ assumedRoleId: undefined, ...made.assumedRoleUser }, expected)
    }
  })

  it.each([{ arn: 5 }, { arn, AssumedRoleUserId: {} }])(
    "is refused where it is no text: %o",
    (AssumedRoleUser) => {
      const [assumeRole] = operations.filter(({ name }) => name === "AssumeRole")
      const reply = exchange("AssumeRole", JSON.stringify({ ...right, AssumedRoleUser }))
      assert.isTrue(
        assumeRole !== undefined &&
          Result.isFailure(decode(reply, decoder(assumeRole.response as Schema.Codec<object, unknown>)))
      )
    }
  )
})
