/**
 * What comes of asking AWS's sources, which find certain files, variables and answers.
 */

import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Aws from "../../src/aws.js"
import { HostResolver } from "../../src/layers/metadata/Destination.js"
import type { CredentialSource, SourceError } from "../../src/services/CredentialSource.js"
import { noCommand } from "./commands.js"
import { files } from "./files.js"
import { type Answer, fault, reply, type Sent, scripted } from "./scripted.js"

export const home = "/home/alice"
export const configFile = `${home}/.aws/config`
export const credentialsFile = `${home}/.aws/credentials`

/** What a source finds. */
export interface Setup {
  readonly env?: Readonly<Record<string, string>>
  readonly config?: string
  readonly credentials?: string
  readonly others?: Parameters<typeof files>[0]
  /** Who answers over HTTP, one after the other; nobody, where it is left out. */
  readonly answers?: ReadonlyArray<Answer>
  /** The addresses of every host name. */
  readonly addresses?: ReadonlyArray<string>
}

export type Making = Effect.Effect<CredentialSource<Aws.Credentials>, never, Aws.Profile.Services>

export interface Outcome<A = Aws.Credentials, E = SourceError> {
  readonly value: A | undefined
  readonly error: E | undefined
  readonly sent: ReadonlyArray<Sent>
}

/** Runs an effect so and tells what came of it. */
export const running = <A, E>(
  effect: Effect.Effect<A, E, Aws.Profile.Services>,
  {
    addresses = ["127.0.0.1"],
    answers = [fault("EHOSTUNREACH")],
    config,
    credentials,
    env,
    others
  }: Setup = {}
): Effect.Effect<Outcome<A, E>> =>
  Effect.suspend(() => {
    const http = scripted(...answers)
    const disk = files({
      ...(config === undefined ? {} : { [configFile]: config }),
      ...(credentials === undefined ? {} : { [credentialsFile]: credentials }),
      ...others
    })
    return effect.pipe(
      Effect.provideService(HostResolver, () => Effect.succeed(addresses)),
      Effect.provide([http.layer, disk.layer, Aws.SignerV4.layer, noCommand]),
      Effect.provideService(
        ConfigProvider.ConfigProvider,
        ConfigProvider.fromUnknown({ HOME: home, ...env })
      ),
      Effect.result,
      Effect.map((outcome) => ({
        value: Result.getOrUndefined(outcome),
        error: Result.isFailure(outcome) ? outcome.failure : undefined,
        sent: http.sent
      }))
    )
  })

/** Asks a source once. */
export const asking = (making: Making, setup?: Setup): Effect.Effect<Outcome> =>
  running(
    Effect.flatMap(making, ({ get }) => get),
    setup
  )

/** The parameters of the first request that went to STS. */
export const parametersOf = ({ sent }: { readonly sent: ReadonlyArray<Sent> }): URLSearchParams =>
  new URLSearchParams(sent.find(({ body }) => body.includes("Action="))?.body ?? "")

/** STS, which lets every role be assumed. */
export const assumed: Answer = (request, sent) => {
  const operation = new URLSearchParams(sent.body).get("Action")
  return reply(
    200,
    `<${operation}Response><${operation}Result><AssumedRoleUser><AssumedRoleId>A:s</AssumedRoleId><Arn>arn:aws:sts::123456789012:assumed-role/r/s</Arn></AssumedRoleUser><Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>PLANTED-ROLE-SECRET</SecretAccessKey><SessionToken>PLANTED-ROLE-TOKEN</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration></Credentials></${operation}Result></${operation}Response>`,
    { "content-type": "text/xml" }
  )(request, sent)
}

/** STS's answer to who asks who they are. */
export const callerIs = reply(
  200,
  "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/alice</Arn><UserId>AIDAALICE</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>",
  { "content-type": "text/xml" }
)
