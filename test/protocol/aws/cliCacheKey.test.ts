import { spawnSync } from "node:child_process"
import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "fast-check"
import { ofAssumedRole, ofSsoRole, reprint, separators } from "../../../src/protocol/aws/cliCacheKey.js"
import { isInstalled } from "../../support/installed.js"

const { default: usual, minified } = separators

describe("JSON as Python prints it", () => {
  const cases: ReadonlyArray<readonly [written: string, printed: string]> = [
    ['{"b":1,"a":[1,true,null]}', '{"a": [1, true, null], "b": 1}'],
    ['{"a":{},"b":[]}', '{"a": {}, "b": []}'],
    [
      '"\\u00fc \\ud83d\\ude00 \\u007f \\/ \\" \\\\ \\n \\u0001"',
      '"\\u00fc \\ud83d\\ude00 \\u007f / \\" \\\\ \\n \\u0001"'
    ],
    [
      "[1.0, 1e5, 1e16, 1e-5, 0.0001, -0, -0.0, 1E400, 123456789012345678901234567890]",
      "[1.0, 100000.0, 1e+16, 1e-05, 0.0001, 0, -0.0, Infinity, 123456789012345678901234567890]"
    ],
    ['{"\ud83d\ude00":1,"\uff5e":2}', '{"\\uff5e": 2, "\\ud83d\\ude00": 1}']
  ]
  for (const [written, printed] of cases) {
    it(`${JSON.stringify(written)} is ${printed}`, () => assert.strictEqual(reprint(written, usual), printed))
  }

  it("can be compact", () => {
    assert.strictEqual(reprint('{"b": [1, 2], "a": 3}', minified), '{"a":3,"b":[1,2]}')
  })

  it("rejects invalid JSON", () => assert.isUndefined(reprint("{'a': 1}", usual)))

  it.runIf(isInstalled("python3 with boto3"))("is what Python prints", () => {
    const texts = FastCheck.sample(FastCheck.json({ stringUnit: "binary", maxDepth: 4 }), {
      numRuns: 300,
      seed: 4
    }).concat(
      FastCheck.sample(
        FastCheck.double()
          .map(String)
          .filter((text) => /^[-\d.e+]+$/.test(text)),
        { numRuns: 300, seed: 4 }
      )
    )
    const script =
      "import sys, json\nfor text in json.load(sys.stdin): print(json.dumps(json.loads(text), sort_keys=True))"
    const { stdout } = spawnSync("python3", ["-c", script], {
      input: JSON.stringify(texts),
      encoding: "utf8"
    })
    assert.deepStrictEqual(
      texts.map((text) => reprint(text, usual)),
      stdout.trimEnd().split("\n")
    )
  })
})

const roleArn = "arn:aws:iam::123456789012:role/auditor"

describe("the names of the AWS CLI's cache files", () => {
  it("do not depend on a policy's order or formatting", () => {
    const key = (policy: string) => ofAssumedRole({ roleArn, policy })
    assert.strictEqual(key('{"a":1,"b":"\\u0041"}'), key('{ "b": "A", "a": 1 }'))
    assert.notStrictEqual(key('{"a":1}'), key('{"a":1.0}'))
  })

  it("reject policies that are not JSON", () => {
    for (const policy of ["", "{", '1,"RoleArn":"x"']) assert.isUndefined(ofAssumedRole({ roleArn, policy }))
  })

  it("distinguish absent options from given ones", () => {
    const keys = [
      ofAssumedRole({ roleArn }),
      ofAssumedRole({ roleArn, roleSessionName: "me" }),
      ofAssumedRole({ roleArn, durationSeconds: 900 }),
      ofAssumedRole({ roleArn, externalId: "900" }),
      ofAssumedRole({ roleArn, mfaSerial: "900" })
    ]
    assert.strictEqual(new Set(keys).size, keys.length)
  })

  it("name the session or the portal", () => {
    const role = {
      accountId: "123456789012",
      roleName: "auditor",
      startUrl: "https://example.awsapps.com/start"
    }
    assert.notStrictEqual(ofSsoRole(role), ofSsoRole({ ...role, sessionName: "work" }))
    assert.strictEqual(ofSsoRole(role), ofSsoRole({ ...role, sessionName: "" }))
  })
})
