/**
 * The operations against moto's server, where it is installed: signatures that it checks, and what needs none.
 */

import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import * as Aws from "../../src/aws.js"
import { StsApiError } from "../../src/index.js"
import { NodeHttp } from "../../src/node.js"
import { isInstalled } from "../support/installed.js"
import { signedForAws } from "../support/runners.js"
import { checkSignatures, type Known, type Moto, openMoto } from "./moto.js"

const roleSessionName = "report"

describe.skipIf(!isInstalled("moto_server"))("moto answers", () => {
  let moto: Moto
  beforeAll(async () => {
    moto = await openMoto()
  })
  afterAll(() => moto?.close())

  const run = <A, E>(call: Effect.Effect<A, E, HttpClient.HttpClient>) =>
    Effect.runPromise(
      call.pipe(
        Effect.provide(NodeHttp.layerWith({ proxy: false })),
        Effect.provideService(
          ConfigProvider.ConfigProvider,
          ConfigProvider.fromUnknown({ AWS_ENDPOINT_URL_STS: moto.endpoint, AWS_REGION: "us-east-1" })
        )
      )
    )

  it("AssumeRoleWithWebIdentity, which is not signed", async () => {
    const roleArn = "arn:aws:iam::123456789012:role/reader"
    const { assumedRoleUser, credentials } = await run(
      Aws.assumeRoleWithWebIdentity({ roleArn, roleSessionName, webIdentityToken: "token" })
    )
    assert.strictEqual(assumedRoleUser?.arn, "arn:aws:sts::123456789012:assumed-role/reader/report")
    assert.isTrue(Redacted.isRedacted(credentials.sessionToken))
  })

  describe("with signatures checked,", () => {
    let known: Known
    beforeAll(async () => {
      known = await checkSignatures(moto)
    })

    it("GetCallerIdentity", async () => {
      const { arn } = await run(Aws.getCallerIdentity().pipe(signedForAws(known)))
      assert.strictEqual(arn, known.userArn)
    })

    it("AssumeRole, and GetCallerIdentity as the role", async () => {
      const { roleArn } = known
      const { credentials } = await run(
        Aws.assumeRole({ roleArn, roleSessionName }).pipe(signedForAws(known))
      )
      const { arn } = await run(Aws.getCallerIdentity().pipe(signedForAws(credentials)))
      assert.strictEqual(arn, "arn:aws:sts::123456789012:assumed-role/reports/report")
    })

    it("GetSessionToken", async () => {
      const { credentials } = await run(Aws.getSessionToken().pipe(signedForAws(known)))
      assert.isTrue(Redacted.isRedacted(credentials.sessionToken))
    })

    it("GetFederationToken", async () => {
      const { federatedUser } = await run(Aws.getFederationToken({ name: "guest" }).pipe(signedForAws(known)))
      assert.strictEqual(federatedUser?.arn, "arn:aws:sts::123456789012:federated-user/guest")
    })

    it("GetAccessKeyInfo", async () => {
      const { account } = await run(
        Aws.getAccessKeyInfo({ accessKeyId: known.accessKeyId }).pipe(signedForAws(known))
      )
      assert.strictEqual(account, "123456789012")
    })

    const refused = async (key: Aws.Static.Options) => {
      const error = await run(Effect.flip(Aws.getCallerIdentity().pipe(signedForAws(key))))
      assert.instanceOf(error, StsApiError)
      return error
    }

    it("a wrong secret with a refusal", async () => {
      const error = await refused({ ...known, secretAccessKey: `${known.secretAccessKey}x` })
      assert.deepInclude(error, { status: 403, code: "SignatureDoesNotMatch" })
    })

    it("a key that does not exist with a refusal", async () => {
      const error = await refused({ ...known, accessKeyId: "AKIAUNKNOWN" })
      assert.deepInclude(error, { status: 403, code: "InvalidClientTokenId" })
    })
  })
})
