/**
 * The vendors' own sources, which answer with promises: whatever they answer with, the error is ours and repeats nothing
 * of theirs.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import { secrets } from "../sources/secrets.js"
import { inNoTime, type Outcome, observed, outcomeOf } from "../sources/watch.js"
import { type Listed, withSource } from "../sources/withSource.js"

const leaky = (more: object = {}): Error =>
  Object.assign(new Error(`no ${secrets.accessKeySecret}`), {
    request: { token: secrets.oidcToken },
    ...more
  })

const rejecting = (more: object) => () => Promise.reject(leaky(more))
const giving = (answer: object) => () => Promise.resolve(answer as never)

const pair = {
  accessKeyId: "AKIA.own",
  secretAccessKey: secrets.accessKeySecret,
  accessKeySecret: secrets.accessKeySecret
}

const troubles: Readonly<Record<string, readonly [answer: () => Promise<never>, outcome: Outcome]>> = {
  "an error": [rejecting({ name: secrets.refreshToken, code: secrets.issuedToken }), "Unavailable"],
  "an outage": [rejecting({ $metadata: { httpStatusCode: 503 }, statusCode: 503 }), "Unavailable"],
  "a refusal": [rejecting({ $metadata: { httpStatusCode: 403 }, statusCode: 403 }), "Refused"],
  "something else than an error": [() => Promise.reject(secrets.accessKeySecret), "Unavailable"],
  "an error at once": [
    () => {
      throw leaky()
    },
    "Unavailable"
  ],
  "no credentials": [giving({}), "Malformed"],
  "half a pair": [giving({ ...pair, accessKeyId: "" }), "Incomplete"],
  "values of wrong types": [giving({ ...pair, accessKeyId: [secrets.issuedSecret] }), "Malformed"],
  "a value with a line break": [giving({ ...pair, accessKeyId: `${secrets.issuedSecret}\n` }), "Malformed"]
}

const clouds = {
  "provider of AWS's SDK": (answer: () => Promise<never>) => Aws.fromAwsProvider(answer),
  "credential of Alibaba Cloud's SDK": (answer: () => Promise<never>) =>
    Alibaba.fromAlibabaCredential({ getCredential: answer })
}

describe.each(Object.entries(clouds))("%s", (name, make) => {
  it.each(Object.entries(troubles))("meets %s", async (_name, [answer, outcome]) => {
    const source = Effect.succeed(make(answer))
    const listed: Listed = { name, cloud: "aws", id: "", configured: true, setup: () => ({ source }) }
    const { leaks, result } = await Effect.runPromise(
      inNoTime(() => withSource(listed, {}, ({ get }) => observed(get)))
    )
    assert.deepStrictEqual(leaks, [])
    assert.strictEqual(outcomeOf(listed, result), outcome)
  })
})
