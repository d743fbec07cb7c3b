/**
 * What of AWS holds secrets: requests, credentials and proofs of identity.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Aws from "../../src/aws.js"
import { RequestPolicy } from "../../src/index.js"
import { signedForAws } from "../support/runners.js"
import { awsKey, awsRequest } from "./calls.js"
import { hides } from "./hides.js"
import { own, planted } from "./planted.js"
import { search } from "./search.js"

const values: Readonly<Record<string, () => unknown>> = {
  "credentials that were made": () =>
    new Aws.Credentials({
      accessKeyId: "AKIA",
      secretAccessKey: Redacted.make(own.accessKeySecret),
      sessionToken: Redacted.make(own.securityToken)
    }),
  "an AssumeRole request": () => Aws.AssumeRoleRequest.make(awsRequest.role),
  "an AssumeRoleWithWebIdentity request": () =>
    Aws.AssumeRoleWithWebIdentityRequest.make(awsRequest.webIdentity),
  "an AssumeRoleWithSAML request": () => Aws.AssumeRoleWithSAMLRequest.make(awsRequest.saml),
  "a GetDelegatedAccessToken request": () => Aws.GetDelegatedAccessTokenRequest.make(awsRequest.tradeIn)
}

describe("nothing secret is printed of", () => {
  for (const [name, make] of Object.entries(values)) it(name, () => hides(make()))

  it.effect("a presigned URL and a cluster's token, which hold it", () =>
    Effect.gen(function* () {
      const url = yield* Aws.presignGetCallerIdentity()
      assert.isNotEmpty(search(Redacted.value(url), planted))
      hides(url)
      hides(yield* Aws.eksToken("demo"))
    }).pipe(signedForAws(awsKey), RequestPolicy.adjust({ aws: { region: "us-east-1" } }))
  )
})
