/**
 * A permission that is missing: the policy that the service names is the one that the hint is about.
 */

import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import { StsApiError } from "../../src/index.js"
import { AlibabaSeed, AwsSeed } from "../../src/testing.js"
import { calling, signedForAws, signedWith } from "../support/runners.js"
import { type Answer, reply, scripted } from "../support/scripted.js"

type Call = Effect.Effect<unknown, unknown, HttpClient.HttpClient>

const endpoint = "http://127.0.0.1"

const alibaba: Call = Alibaba.assumeRole({ roleArn: AlibabaSeed.arns.role, roleSessionName: "report" }).pipe(
  signedWith("acs3"),
  calling(endpoint)
)
const alibabaOidc: Call = Alibaba.assumeRoleWithOIDC({
  roleArn: AlibabaSeed.arns.oidcRole,
  oidcProviderArn: AlibabaSeed.arns.oidcProvider,
  oidcToken: "token",
  roleSessionName: "report"
}).pipe(calling(endpoint))
const aws: Call = Aws.assumeRole({ roleArn: AwsSeed.arns.role, roleSessionName: "report" }).pipe(
  signedForAws(),
  calling(endpoint)
)

const modes = {
  asynchronous: (call: Call, answer: Answer) =>
    Effect.runPromise(Effect.flip(Effect.provide(call, scripted(answer).layer))),
  blocking: async (call: Call, answer: Answer) =>
    Effect.runSync(Effect.flip(Effect.provide(call, scripted(answer).layer)))
}

const hintOf = (error: unknown): string => {
  assert.instanceOf(error, StsApiError)
  return error.hint ?? ""
}

const denied = (detail: object, code = "NoPermission"): Answer =>
  reply(403, {
    RequestId: "R-1",
    Code: code,
    Message: "You are not authorized to do this action. You should be authorized by RAM.",
    AccessDeniedDetail: { AuthAction: "sts:AssumeRole", NoPermissionType: "ImplicitDeny", ...detail }
  })

const policies = [
  "trust policy",
  "identity-based",
  "control policy",
  "session policy",
  "boundary",
  "possible causes"
]

const namesOneAtMost = (hint: string): void =>
  assert.isAtMost(policies.filter((policy) => hint.includes(policy)).length, 1, hint)

const byType: ReadonlyArray<readonly [type: string, named: RegExp]> = [
  ["AssumeRolePolicy", /trust policy/],
  ["AccountLevelIdentityBasedPolicy", /own \(identity/],
  ["ResourceGroupLevelIdentityBasedPolicy", /own \(identity.*resource group/],
  ["ControlPolicy", /control policy/],
  ["SessionPolicy", /session policy/],
  ["PermissionBoundary", /boundary/],
  ["VPCEndpointPolicy", /VPC endpoint/],
  ["SomethingNewPolicy", /SomethingNewPolicy/]
]

describe("B9: the hint is about the policy that Alibaba Cloud names", () => {
  for (const [mode, run] of Object.entries(modes)) {
    for (const [type, named] of byType) {
      it(`${type}, ${mode}`, async () => {
        const allows = hintOf(await run(alibaba, denied({ PolicyType: type })))
        assert.match(allows, named)
        assert.match(allows, /does not allow sts:AssumeRole/)
        namesOneAtMost(allows)
        const forbids = hintOf(
          await run(alibaba, denied({ PolicyType: type, NoPermissionType: "ExplicitDeny" }))
        )
        assert.match(forbids, named)
        assert.match(forbids, /forbids sts:AssumeRole/)
      })
    }
  }

  it("also when an identity provider's token is refused", async () => {
    const detail = { PolicyType: "AssumeRolePolicy", AuthAction: "sts:AssumeRoleWithOIDC" }
    const hint = hintOf(
      await modes.asynchronous(alibabaOidc, denied(detail, "AuthenticationFail.NoPermission"))
    )
    assert.match(hint, /trust policy does not allow sts:AssumeRoleWithOIDC/)
  })

  for (const [what, detail] of Object.entries({
    "no type": {},
    "a type that is null": { PolicyType: null },
    "a type of another kind": { PolicyType: ["x"] },
    "a type that is no name": { PolicyType: "\u001b[31m<script>" }
  })) {
    it(`without a named policy the hint gives both causes: ${what}`, async () => {
      const error = await modes.asynchronous(alibaba, denied(detail))
      assert.match(hintOf(error), /two possible causes/)
      assert.notInclude(String(error), "\u001b")
    })
  }
})

const message = (words: string): Answer =>
  reply(
    403,
    `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User: arn:aws:iam::123456789012:user/alice is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/reader ${words}</Message></Error><RequestId>R-1</RequestId></ErrorResponse>`,
    { "content-type": "text/xml" }
  )

const byWords: ReadonlyArray<readonly [words: string, named: RegExp, forbids: boolean]> = [
  ["because no identity-based policy allows the sts:AssumeRole action", /own \(identity/, false],
  ["with an explicit deny in an identity-based policy", /own \(identity/, true],
  ["because no role trust policy allows the sts:AssumeRole action", /trust policy/, false],
  ["with an explicit deny in the role trust policy", /trust policy/, true],
  [
    "because no resource-based policy allows the sts:AssumeRole action",
    /policy of the resource.*trust policy/,
    false
  ],
  ["with an explicit deny in a resource-based policy", /policy of the resource.*trust policy/, true],
  ["because no service control policy allows the sts:AssumeRole action", /control policy/, false],
  ["with an explicit deny in a service control policy", /control policy/, true],
  [
    "with an explicit deny in a service control policy: arn:aws:organizations::1:policy/o-1/service_control_policy/p-1",
    /control policy/,
    true
  ],
  ["with an explicit deny in a resource control policy", /control policy/, true],
  ["because no session policy allows the sts:AssumeRole action", /session policy/, false],
  ["with an explicit deny in a session policy", /session policy/, true],
  ["because no permissions boundary allows the sts:AssumeRole action", /boundary/, false],
  ["with an explicit deny in a permissions boundary", /boundary/, true],
  ["because no VPC endpoint policy allows the sts:AssumeRole action", /VPC endpoint/, false],
  ["with an explicit deny in a VPC endpoint policy", /VPC endpoint/, true]
]

describe("B9: the hint is about the policy that AWS names", () => {
  for (const [mode, run] of Object.entries(modes)) {
    for (const [words, named, forbids] of byWords) {
      it(`${words}, ${mode}`, async () => {
        const hint = hintOf(await run(aws, message(words)))
        assert.match(hint, named)
        assert.match(hint, forbids ? /forbids sts:AssumeRole/ : /does not allow sts:AssumeRole/)
        namesOneAtMost(hint)
      })
    }
  }

  it("without a named policy the hint gives all causes", async () => {
    assert.match(hintOf(await modes.asynchronous(aws, message(""))), /three possible causes/)
  })
})
