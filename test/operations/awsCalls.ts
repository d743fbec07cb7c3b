/**
 * Calls of AWS's operations as the tables make them.
 */

import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import * as Aws from "../../src/aws.js"
import type { RequestPolicyOptions } from "../../src/index.js"
import { AwsSeed } from "../../src/testing.js"
import type { Emulated } from "../support/emulators.js"
import { calling, signedForAws } from "../support/runners.js"
import type { Program } from "./row.js"

const { arns } = AwsSeed

type Key = Parameters<typeof signedForAws>[0]

type Signed<A, E> = Effect.Effect<A, E, Aws.Signer | Aws.CredentialProvider | HttpClient.HttpClient>

/** A call signed with the seeded user's key, unless with another. */
export const signed =
  <A, E>(call: Signed<A, E>, key?: Key, options?: RequestPolicyOptions): Program<A> =>
  ({ endpoint }) =>
    call.pipe(signedForAws(key), calling(endpoint, options))

/** A call that needs something of the emulator first. */
export const signedAfter =
  <B, E1, A, E>(first: (aws: Emulated["aws"]) => Effect.Effect<B, E1>, call: (made: B) => Signed<A, E>) =>
  (...runner: Parameters<Program<A>>) =>
    Effect.flatMap(first(runner[0].aws), (made) => signed(call(made))(...runner))

export const assume = (roleArn: string, more?: Partial<Parameters<typeof Aws.assumeRole>[0]>) =>
  Aws.assumeRole({ roleArn, roleSessionName: "report", ...more })

/** A call signed with what an operation has issued, the session of a role where nothing else is stated. */
export const signedByIssued =
  <A, E>(
    call: Signed<A, E>,
    issue: Program<{ readonly credentials: Aws.TemporaryCredentials }> = signed(assume(arns.role))
  ): Program<A> =>
  (...runner) =>
    Effect.flatMap(issue(...runner), ({ credentials }) => signed(call, credentials)(...runner))

export const withWebIdentity =
  (
    options?: Parameters<Emulated["aws"]["mintOidcToken"]>[0],
    change: (token: string) => string = (token) => token
  ): Program<Aws.AssumeRoleWithWebIdentityResponse> =>
  ({ aws, endpoint }) =>
    Effect.flatMap(aws.mintOidcToken(options), (token) =>
      Aws.assumeRoleWithWebIdentity({
        roleArn: arns.oidcRole,
        roleSessionName: "report",
        webIdentityToken: change(Redacted.value(token))
      }).pipe(calling(endpoint))
    )

export const withSaml =
  (
    options?: Parameters<Emulated["aws"]["mintSamlResponse"]>[0],
    change: (assertion: string) => string = (assertion) => assertion
  ): Program<Aws.AssumeRoleWithSAMLResponse> =>
  ({ aws, endpoint }) =>
    Effect.flatMap(aws.mintSamlResponse(options), (response) =>
      Aws.assumeRoleWithSAML({
        roleArn: arns.samlRole,
        principalArn: arns.samlProvider,
        samlAssertion: change(Redacted.value(response))
      }).pipe(calling(endpoint))
    )
