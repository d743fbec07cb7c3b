/**
 * Members of replies that nobody needs: absent, null or empty, they take nobody's credentials away.
 */

import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import { AlibabaSeed, AwsSeed } from "../../src/testing.js"
import { files } from "../support/files.js"
import { calling, signedForAws, signedWith } from "../support/runners.js"
import { type Answer, reply, scripted } from "../support/scripted.js"

const endpoint = "http://127.0.0.1"

type Run = <A, E>(call: Effect.Effect<A, E, HttpClient.HttpClient>, answer: Answer) => Effect.Effect<A, E>

const run: Run = (call, answer) => Effect.provide(call, scripted(answer).layer)

const modes = {
  asynchronous: <A, E>(effect: Effect.Effect<A, E>) => Effect.runPromise(effect),
  blocking: async <A, E>(effect: Effect.Effect<A, E>) => Effect.runSync(effect)
}

const credentials = {
  AccessKeyId: "STS.Example",
  AccessKeySecret: "issued-secret",
  SecurityToken: "issued-token",
  Expiration: "2099-01-01T00:00:00Z"
}
const user = { Arn: "acs:ram::123456789012:role/reader/report", AssumedRoleId: "3:report" }

const alibabaReplies: Readonly<Record<string, object>> = {
  "nothing but credentials": { Credentials: credentials },
  "nulls for all else": {
    Credentials: { ...credentials, Extra: null },
    RequestId: null,
    AssumedRoleUser: null,
    SourceIdentity: null,
    PackedPolicySize: null,
    OIDCTokenInfo: null,
    Code: null,
    Message: null
  },
  "nulls within": {
    Credentials: credentials,
    AssumedRoleUser: { Arn: null, AssumedRoleId: null },
    OIDCTokenInfo: { Subject: null, Issuer: null }
  },
  "a user without an id": { Credentials: credentials, AssumedRoleUser: { Arn: user.Arn } },
  "an empty user": { Credentials: credentials, AssumedRoleUser: {} }
}

const role = { roleArn: AlibabaSeed.arns.role, roleSessionName: "report" }
const oidcRole = {
  roleArn: AlibabaSeed.arns.oidcRole,
  oidcProviderArn: AlibabaSeed.arns.oidcProvider,
  token: { file: "/var/token" },
  roleSessionName: "report"
}

const inProgram = Effect.provide(
  Layer.mergeAll(
    Alibaba.SignerAcs3.layer,
    Alibaba.Static.layer(AlibabaSeed.keys.user),
    files({ "/var/token": { text: "token" } }).layer
  )
)

const alibabaSources = {
  "a role": Effect.flatMap(Alibaba.CredentialProvider, (base) => Alibaba.RamRoleArn.make(base, role)).pipe(
    Effect.flatMap(({ get }) => get),
    inProgram
  ),
  "an OIDC role": Alibaba.Oidc.make(oidcRole).pipe(
    Effect.flatMap(({ get }) => get),
    inProgram
  )
}

describe("B15: Alibaba Cloud sources need only the credentials of a reply", () => {
  for (const [mode, start] of Object.entries(modes)) {
    for (const [what, body] of Object.entries(alibabaReplies)) {
      for (const [name, source] of Object.entries(alibabaSources)) {
        it(`${name}, ${what}, ${mode}`, async () => {
          const given = await start(run(calling(endpoint)(source), reply(200, body)))
          assert.strictEqual(given.accessKeyId, "STS.Example")
        })
      }
    }
  }
})

const xml = (body: string): Answer => reply(200, body, { "content-type": "text/xml" })

const awsCredentials =
  "<Credentials><AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>issued-secret</SecretAccessKey><SessionToken>issued-token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"

const awsParts: Readonly<Record<string, string>> = {
  "nothing but credentials": "",
  "empty elements for all else":
    "<AssumedRoleUser/><PackedPolicySize/><SourceIdentity/><SubjectFromWebIdentityToken/><Provider/><Audience/>",
  "elements that are blank": "<AssumedRoleUser> </AssumedRoleUser><PackedPolicySize> </PackedPolicySize>",
  "elements that say that they are nil":
    '<PackedPolicySize xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/><SourceIdentity xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>',
  "a user without an ARN": "<AssumedRoleUser><AssumedRoleId>A:report</AssumedRoleId></AssumedRoleUser>"
}

const awsInProgram = Effect.provide(
  Layer.mergeAll(
    Aws.SignerV4.layer,
    Aws.Static.layer(AwsSeed.keys.user),
    files({ "/var/token": { text: "token" } }).layer
  )
)

const awsRole = { roleArn: AwsSeed.arns.role, roleSessionName: "report" }

const awsSources = {
  AssumeRole: Effect.flatMap(Aws.CredentialProvider, (base) => Aws.AssumedRole.make(base, awsRole)).pipe(
    Effect.flatMap(({ get }) => get),
    awsInProgram
  ),
  AssumeRoleWithWebIdentity: Aws.WebIdentity.make({ ...awsRole, token: { file: "/var/token" } }).pipe(
    Effect.flatMap(({ get }) => get),
    awsInProgram
  )
}

describe("B15: AWS sources need only the credentials of a reply", () => {
  for (const [mode, start] of Object.entries(modes)) {
    for (const [what, part] of Object.entries(awsParts)) {
      for (const [name, source] of Object.entries(awsSources)) {
        it(`${name}, ${what}, ${mode}`, async () => {
          const body = `<${name}Response><${name}Result>${awsCredentials}${part}</${name}Result></${name}Response>`
          const given = await start(run(calling(endpoint)(source), xml(body)))
          assert.strictEqual(given.accessKeyId, "ASIAEXAMPLE")
        })
      }
    }
  }
})

const account = "123456789012"

const identities: Readonly<Record<string, object>> = {
  "nothing but account and ARN": { AccountId: account, Arn: "acs:ram::123456789012:user/alice" },
  "nulls for all else": {
    AccountId: account,
    Arn: "acs:ram::123456789012:user/alice",
    RequestId: null,
    IdentityType: null,
    PrincipalId: null,
    UserId: null,
    RoleId: null
  }
}

describe("B15: identity guards need only account and ARN", () => {
  for (const [mode, start] of Object.entries(modes)) {
    for (const [what, body] of Object.entries(identities)) {
      it(`Alibaba Cloud, ${what}, ${mode}`, async () => {
        const guarded = Effect.flatMap(Alibaba.CredentialProvider, (base) =>
          Alibaba.expectAccount(account)(base)
        )
        const get = Effect.flatMap(guarded, ({ get }) => get).pipe(inProgram, calling(endpoint))
        await start(run(get, reply(200, body)))
      })
    }
    it(`AWS, ${mode}`, async () => {
      const guarded = Effect.flatMap(Aws.CredentialProvider, (base) => Aws.expectAccount(account)(base))
      const get = Effect.flatMap(guarded, ({ get }) => get).pipe(awsInProgram, calling(endpoint))
      const body = `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>${account}</Account><Arn>arn:aws:iam::${account}:user/alice</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`
      await start(run(get, xml(body)))
    })
  }
})

describe("B15: replies of operations", () => {
  const assume = Alibaba.assumeRole(role).pipe(signedWith("acs3"), calling(endpoint))
  const whole = { RequestId: "R", Credentials: credentials, AssumedRoleUser: user }

  it("treats null as absent in optional members", async () => {
    const body = { ...whole, RequestId: null, SourceIdentity: null }
    const response = await modes.asynchronous(run(assume, reply(200, body, { "x-acs-request-id": "H" })))
    assert.deepStrictEqual([response.requestId, response.sourceIdentity], ["H", undefined])
  })

  // A text, a number, a list and an object where another kind is expected.
  const wrong: ReadonlyArray<unknown> = ["text", 7, true, [1], { a: 1 }]
  const replies = wrong.flatMap((value) => [
    { ...whole, RequestId: value },
    { ...whole, SourceIdentity: value },
    { ...whole, AssumedRoleUser: value },
    { ...whole, AssumedRoleUser: { ...user, Arn: value } },
    { ...whole, Credentials: value },
    ...Object.keys(credentials).map((name) => ({ ...whole, Credentials: { ...credentials, [name]: value } })),
    ...Object.keys(credentials).map((name) => ({ ...whole, Credentials: { ...credentials, [name]: null } }))
  ])
  const type =
    /\bundefined\b|\bstring \||\| |\breadonly\b|\{|<string>|Redacted<|\bnull\b|-->|Schema|Transformation/

  it("is refused without TypeScript jargon", async () => {
    for (const body of replies) {
      const outcome = await modes.asynchronous(Effect.result(run(assume, reply(200, body))))
      if (outcome._tag === "Success") continue
      assert.strictEqual(outcome.failure._tag, "StsResponseError")
      assert.notMatch(outcome.failure.message, type, JSON.stringify(body))
      assert.match(outcome.failure.message, /RequestId|SourceIdentity|AssumedRoleUser|Credentials/i)
    }
  })

  it("of AWS is refused without TypeScript jargon", async () => {
    const call = Aws.assumeRole(awsRole).pipe(signedForAws(), calling(endpoint))
    const parts = [
      "",
      "<Credentials/>",
      "<Credentials>x</Credentials>",
      awsCredentials.replace("2099-01-01T00:00:00Z", "soon"),
      awsCredentials.replace("issued-secret", ""),
      awsCredentials.replace(/<SessionToken>.*<\/SessionToken>/, ""),
      awsCredentials.replace("issued-secret", "<a>b</a>"),
      `${awsCredentials}<PackedPolicySize>many</PackedPolicySize>`
    ]
    for (const part of parts) {
      const body = `<AssumeRoleResponse><AssumeRoleResult>${part}</AssumeRoleResult></AssumeRoleResponse>`
      const error = await modes.asynchronous(Effect.flip(run(call, xml(body))))
      assert.strictEqual(error._tag, "StsResponseError")
      assert.notMatch(error.message, type, part)
    }
  })
})

describe("B15: validation errors without TypeScript jargon", () => {
  const type = /\bundefined\b|\bstring \||\| |\breadonly\b|\{|Redacted<|-->/
  const values: ReadonlyArray<unknown> = [7, true, null, [1], { a: 1 }, ""]
  const fields = [
    "roleArn",
    "roleSessionName",
    "policy",
    "durationSeconds",
    "tags",
    "policyArns",
    "providedContexts",
    "tokenCode",
    "transitiveTagKeys",
    "sourceIdentity"
  ]

  it("for every field and kind", () => {
    for (const field of fields) {
      for (const value of values) {
        for (const outcome of [
          Aws.AssumeRoleRequest.validate({ ...awsRole, [field]: value }),
          Alibaba.AssumeRoleRequest.validate({ ...role, [field]: value })
        ]) {
          if (outcome._tag === "Failure")
            assert.notMatch(outcome.failure.message, type, `${field}: ${JSON.stringify(value)}`)
        }
      }
    }
  })
})
