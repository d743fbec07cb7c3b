/** The demo's steps on Alibaba Cloud, each a small program that checks what it shows. */
import * as Clock from "effect/Clock"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Alibaba from "../../alibaba.js"
import { AlibabaBlocking } from "../../blocking.js"
import { AlibabaNode } from "../../node.js"
import { type AlibabaStage, type Stage, StageError } from "./Stage.js"
import { blocking, expect, type Step, session, shown } from "./Step.js"

/** How far the wrong clock is ahead. */
const ahead = Duration.minutes(20)

/** Effect's Clock, but ahead. */
const wrongClock = Layer.unwrap(
  Effect.clockWith((clock) => {
    const millis = () => clock.currentTimeMillisUnsafe() + Duration.toMillis(ahead)
    const nanos = () => BigInt(millis()) * 1_000_000n
    const wrong: Clock.Clock = Object.create(clock)
    return Effect.succeed(
      Layer.succeed(
        Clock.Clock,
        Object.assign(wrong, {
          currentTimeMillisUnsafe: millis,
          currentTimeNanosUnsafe: nanos,
          currentTimeMillis: Effect.sync(millis),
          currentTimeNanos: Effect.sync(nanos)
        })
      )
    )
  })
)

const described = ({ accountId, arn, identityType }: Alibaba.GetCallerIdentityResponse): string =>
  `${identityType} ${arn} of account ${accountId}`

const whoAmI: Step = {
  title: "Alibaba Cloud. Who am I? getCallerIdentity with the keys from the environment",
  run: Effect.map(Alibaba.getCallerIdentity(), (me) => [described(me)])
}

const assumeRole = (roleArn: string): Step => ({
  title: `Alibaba Cloud. Become somebody else: assumeRole ${roleArn}`,
  run: Effect.gen(function* () {
    const { credentials } = yield* Alibaba.assumeRole({
      roleArn,
      roleSessionName: session,
      durationSeconds: 900
    })
    const now = yield* Alibaba.getCallerIdentity().pipe(Effect.provide(Alibaba.Static.layer(credentials)))
    yield* expect(now.identityType === "AssumedRoleUser", `expected a role's session, got ${described(now)}`)
    return [...(yield* shown(credentials)), `Who am I now?    ${described(now)}`]
  })
})

const assumeRoleWithOIDC = ({
  oidcProviderArn,
  roleArn,
  token
}: NonNullable<AlibabaStage["oidc"]>): Step => ({
  title: "Alibaba Cloud. No keys at all: assumeRoleWithOIDC with an identity provider's token",
  run: Effect.gen(function* () {
    const oidcToken = yield* Effect.mapError(token, () => new StageError({ detail: "no token to be had" }))
    const { credentials, oidcTokenInfo } = yield* Alibaba.assumeRoleWithOIDC({
      oidcProviderArn,
      roleArn,
      oidcToken,
      roleSessionName: session
    })
    return [
      `token of         ${oidcTokenInfo?.subject} by ${oidcTokenInfo?.issuer}`,
      ...(yield* shown(credentials))
    ]
  })
})

const wrongSecret = (accessKeyId: string): Step => ({
  title: "Alibaba Cloud. A wrong secret: the error says what happened and what to do",
  run: Effect.gen(function* () {
    const wrong = Alibaba.Static.layer({ accessKeyId, accessKeySecret: "not-the-secret" })
    const error = yield* Alibaba.getCallerIdentity().pipe(
      Effect.provide(wrong),
      Effect.flip,
      Effect.mapError(() => new StageError({ detail: "the service took a wrong secret" }))
    )
    yield* expect(
      error._tag === "StsApiError" && error.code === "SignatureDoesNotMatch",
      `expected SignatureDoesNotMatch, got ${error.message}`
    )
    return [`${error._tag}: ${error.message}`]
  })
})

const blockingCall = (stage: Stage): Step => ({
  title: "Alibaba Cloud. The same call under Effect.runSync: the thread blocks, over real HTTP",
  run: blocking(
    Alibaba.getCallerIdentity().pipe(
      Effect.provide(AlibabaBlocking.layer),
      Effect.provideService(ConfigProvider.ConfigProvider, stage.config)
    ),
    described
  )
})

const skewedClock: Step = {
  title: "Alibaba Cloud. A clock twenty minutes fast: refused, put right, signed again, all in one call",
  run: Effect.gen(function* () {
    const me = yield* Alibaba.getCallerIdentity()
    const offset = yield* Alibaba.timeOffset
    yield* expect(Math.abs(offset + Duration.toMillis(ahead)) < 60_000, `the offset learned is ${offset} ms`)
    return [
      described(me),
      `learned that the service's clock is ${Math.round(offset / 60_000)} minutes from ours`
    ]
  }).pipe(Effect.provide(AlibabaNode.layer), Effect.provide(wrongClock))
}

/** The steps that make sense on a stage. */
export const alibabaSteps = (
  stage: Stage,
  { accessKeyId, oidc, roleArn }: AlibabaStage
): ReadonlyArray<Step> => [
  whoAmI,
  ...(roleArn === undefined ? [] : [assumeRole(roleArn)]),
  ...(oidc === undefined ? [] : [assumeRoleWithOIDC(oidc)]),
  ...(stage.mayGuess ? [wrongSecret(accessKeyId)] : []),
  blockingCall(stage),
  skewedClock
]
