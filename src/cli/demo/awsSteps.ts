/** The demo's steps on AWS, and from AWS to Alibaba Cloud, each a small program that checks what it shows. */
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Alibaba from "../../alibaba.js"
import * as Aws from "../../aws.js"
import { AwsBlocking } from "../../blocking.js"
import type { AwsStage, Bridge, Stage } from "./Stage.js"
import { blocking, expect, type Step, session, shown } from "./Step.js"

const described = ({ account, arn }: Aws.GetCallerIdentityResponse): string => `${arn} of account ${account}`

const whoAmI: Step = {
  title: "AWS. Who am I? getCallerIdentity with the keys from the environment",
  run: Effect.map(Aws.getCallerIdentity(), (me) => [described(me)])
}

const assumeRole = (roleArn: string): Step => ({
  title: `AWS. Become somebody else: assumeRole ${roleArn}`,
  run: Effect.gen(function* () {
    const { credentials } = yield* Aws.assumeRole({ roleArn, roleSessionName: session, durationSeconds: 900 })
    const now = yield* Aws.getCallerIdentity().pipe(Effect.provide(Aws.Static.layer(credentials)))
    yield* expect(now.arn.includes(":assumed-role/"), `expected a role's session, got ${described(now)}`)
    return [...(yield* shown(credentials)), `Who am I now?    ${described(now)}`]
  })
})

const origin: Step = {
  title: "AWS. Where do these credentials come from? explain",
  run: Effect.map(Aws.explain(), (explanation) =>
    explanation
      .render()
      .split("\n")
      .filter((line) => line !== "")
  )
}

const readers = 1_000

const keptRole = (roleArn: string): Step => ({
  title: `AWS. A thousand readers of one role, kept and renewed in time: roleCredentials ${roleArn}`,
  run: Effect.gen(function* () {
    const role = Aws.roleCredentials({ roleArn, roleSessionName: session, durationSeconds: 900 })
    const all = yield* Effect.all(
      Array.from({ length: readers }, () => role),
      { concurrency: "unbounded" }
    )
    const keys = new Set(all.map(({ accessKeyId }) => accessKeyId))
    yield* expect(keys.size === 1, `expected one session, got ${keys.size}`)
    return [`${all.length} readers, ${keys.size} access key, one AssumeRole`]
  }).pipe(Effect.provide(Aws.RoleCredentialsCache.layer))
})

const blockingCall = (stage: Stage): Step => ({
  title: "AWS. The same under Effect.runSync",
  run: blocking(
    Aws.getCallerIdentity().pipe(
      Effect.provide(AwsBlocking.layer),
      Effect.provideService(ConfigProvider.ConfigProvider, stage.config)
    ),
    described
  )
})

const proof: Step = {
  title: "AWS. A proof of identity for others, as EKS and Vault take it: eksToken",
  run: Effect.gen(function* () {
    const token = yield* Aws.eksToken("demo")
    yield* expect(Redacted.value(token).startsWith("k8s-aws-v1."), "the token is not as EKS takes it")
    return [`token of ${Redacted.value(token).length} characters, shown as ${token}`]
  })
}

const bridge = ({ audience, oidcProviderArn, roleArn }: Bridge): Step => ({
  title: "From AWS to Alibaba Cloud without keys: getWebIdentityToken, then assumeRoleWithOIDC",
  run: Effect.gen(function* () {
    const { webIdentityToken } = yield* Aws.getWebIdentityToken({
      audience: [audience],
      signingAlgorithm: "RS256"
    })
    const { credentials } = yield* Alibaba.assumeRoleWithOIDC({
      oidcProviderArn,
      roleArn,
      oidcToken: webIdentityToken,
      roleSessionName: session
    })
    const now = yield* Alibaba.getCallerIdentity().pipe(Effect.provide(Alibaba.Static.layer(credentials)))
    yield* expect(now.identityType === "AssumedRoleUser", "expected a role's session in Alibaba Cloud")
    return [
      `AWS signed       a token of ${Redacted.value(webIdentityToken).length} characters`,
      `Alibaba gave     ${now.arn}`,
      ...(yield* shown(credentials))
    ]
  })
})

/** The steps that make sense on a stage. */
export const awsSteps = (stage: Stage, aws: AwsStage): ReadonlyArray<Step> => [
  whoAmI,
  origin,
  ...(aws.roleArn === undefined ? [] : [assumeRole(aws.roleArn), keptRole(aws.roleArn)]),
  blockingCall(stage),
  proof,
  ...(aws.bridge === undefined ? [] : [bridge(aws.bridge)])
]
