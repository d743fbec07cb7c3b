/**
 * The demo's steps, each a small program that checks what it shows.
 *
 * @since 0.1.0
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Alibaba from "../../alibaba.js"
import { AlibabaBlocking } from "../../blocking.js"
import type { StsError } from "../../index.js"
import { AlibabaNode } from "../../node.js"
import type { Stage } from "./Stage.js"
import { StageError } from "./StageError.js"

type Services = Alibaba.Signer | Alibaba.CredentialProvider | HttpClient.HttpClient

/**
 * A step: what it shows, and a program that answers with lines to print.
 *
 * @category models
 * @since 0.1.0
 */
export interface Step {
  readonly title: string
  readonly run: Effect.Effect<ReadonlyArray<string>, StsError | StageError, Services>
}

const expect = (holds: boolean, detail: string): Effect.Effect<void, StageError> =>
  holds ? Effect.void : Effect.fail(new StageError({ detail }))

const session = "effect-sts-demo"

const shown = (credentials: Alibaba.TemporaryCredentials): Effect.Effect<ReadonlyArray<string>> =>
  Effect.map(credentials.timeToExpiry, (left) => [
    `accessKeyId      ${credentials.accessKeyId.slice(0, 8)}…`,
    `accessKeySecret  ${credentials.accessKeySecret}`,
    `securityToken    ${credentials.securityToken}`,
    `expiration       ${DateTime.formatIso(credentials.expiration)}, in ${Duration.format(
      Duration.seconds(Math.round(Duration.toSeconds(Option.getOrElse(left, () => Duration.zero))))
    )}`
  ])

const described = ({ accountId, arn, identityType }: Alibaba.GetCallerIdentityResponse): string =>
  `${identityType} ${arn} of account ${accountId}`

const whoAmI: Step = {
  title: "Who am I? getCallerIdentity with the keys from the environment",
  run: Effect.map(Alibaba.getCallerIdentity(), (me) => [described(me)])
}

const assumeRole = (roleArn: string): Step => ({
  title: `Become somebody else: assumeRole ${roleArn}`,
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

const assumeRoleWithOIDC = ({ oidcProviderArn, roleArn, token }: NonNullable<Stage["oidc"]>): Step => ({
  title: "No keys at all: assumeRoleWithOIDC with an identity provider's token",
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
  title: "A wrong secret: the error says what happened and what to do",
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

const blocking = (stage: Stage): Step => ({
  title: "The same call under Effect.runSync: the thread blocks, over real HTTP",
  run: Effect.try({
    try: () => {
      const before = performance.now()
      const me = Effect.runSync(
        Alibaba.getCallerIdentity().pipe(
          Effect.provide(AlibabaBlocking.layer),
          Effect.withConfigProvider(stage.config)
        )
      )
      return [described(me), `returned after ${Math.round(performance.now() - before)} ms, without a promise`]
    },
    catch: (error) => new StageError({ detail: String(error) })
  })
})

const ahead = Duration.minutes(20)

const wrongClock = Layer.unwrapEffect(
  Effect.clockWith((clock) => {
    const millis = () => clock.unsafeCurrentTimeMillis() + Duration.toMillis(ahead)
    const nanos = () => BigInt(millis()) * 1_000_000n
    return Effect.succeed(
      Layer.setClock({
        [Clock.ClockTypeId]: Clock.ClockTypeId,
        unsafeCurrentTimeMillis: millis,
        unsafeCurrentTimeNanos: nanos,
        currentTimeMillis: Effect.sync(millis),
        currentTimeNanos: Effect.sync(nanos),
        sleep: (duration) => clock.sleep(duration)
      })
    )
  })
)

const skewedClock: Step = {
  title: "A clock twenty minutes fast: refused, put right, signed again, all in one call",
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

/**
 * The steps that make sense on a stage.
 *
 * @category constructors
 * @since 0.1.0
 */
export const stepsFor = (stage: Stage): ReadonlyArray<Step> => [
  whoAmI,
  ...(stage.roleArn === undefined ? [] : [assumeRole(stage.roleArn)]),
  ...(stage.oidc === undefined ? [] : [assumeRoleWithOIDC(stage.oidc)]),
  ...(stage.mayGuess ? [wrongSecret(stage.accessKeyId)] : []),
  blocking(stage),
  skewedClock
]
