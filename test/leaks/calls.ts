/**
 * Calls that carry every secret a call can carry.
 */

import type * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import { AlibabaSeed, AwsSeed } from "../../src/testing.js"
import { calling, signedForAws, signedWith } from "../support/runners.js"
import { own, tokenCode } from "./planted.js"

const key = {
  accessKeyId: "LTAI-PLANTED",
  accessKeySecret: own.accessKeySecret,
  securityToken: own.securityToken
}

const { arns } = AlibabaSeed

export const request = {
  oidc: {
    oidcProviderArn: arns.oidcProvider,
    roleArn: arns.oidcRole,
    oidcToken: own.oidcToken,
    roleSessionName: "report"
  },
  saml: { samlProviderArn: arns.samlProvider, roleArn: arns.samlRole, samlAssertion: own.samlAssertion },
  role: { roleArn: arns.role, roleSessionName: "report" }
}

export const awsKey = {
  accessKeyId: "AKIAPLANTED",
  secretAccessKey: own.accessKeySecret,
  sessionToken: own.securityToken
}

export const awsRequest = {
  role: {
    roleArn: AwsSeed.arns.role,
    roleSessionName: "report",
    serialNumber: AwsSeed.mfaDevice.serialNumber,
    tokenCode,
    providedContexts: [
      { providerArn: "arn:aws:iam::aws:contextProvider/x", contextAssertion: own.contextAssertion }
    ]
  },
  webIdentity: {
    roleArn: AwsSeed.arns.oidcRole,
    roleSessionName: "report",
    webIdentityToken: own.oidcToken
  },
  saml: {
    roleArn: AwsSeed.arns.samlRole,
    principalArn: AwsSeed.arns.samlProvider,
    samlAssertion: own.samlAssertion
  },
  tradeIn: { tradeInToken: own.tradeInToken }
}

type Call = (endpoint: string) => Effect.Effect<unknown, unknown, HttpClient.HttpClient>

export const calls: Readonly<Record<string, Call>> = {
  "GetCallerIdentity, ACS3": (endpoint) =>
    Alibaba.getCallerIdentity().pipe(signedWith("acs3", key), calling(endpoint)),
  "GetCallerIdentity, RPC": (endpoint) =>
    Alibaba.getCallerIdentity().pipe(signedWith("rpc", key), calling(endpoint)),
  "AssumeRole, ACS3": (endpoint) =>
    Alibaba.assumeRole(request.role).pipe(signedWith("acs3", key), calling(endpoint)),
  "AssumeRole, RPC": (endpoint) =>
    Alibaba.assumeRole(request.role).pipe(signedWith("rpc", key), calling(endpoint)),
  AssumeRoleWithOIDC: (endpoint) => Alibaba.assumeRoleWithOIDC(request.oidc).pipe(calling(endpoint)),
  AssumeRoleWithSAML: (endpoint) => Alibaba.assumeRoleWithSAML(request.saml).pipe(calling(endpoint)),
  "AWS GetCallerIdentity": (endpoint) =>
    Aws.getCallerIdentity().pipe(signedForAws(awsKey), calling(endpoint)),
  "AWS AssumeRole": (endpoint) =>
    Aws.assumeRole(awsRequest.role).pipe(signedForAws(awsKey), calling(endpoint)),
  "AWS GetDelegatedAccessToken": (endpoint) =>
    Aws.getDelegatedAccessToken(awsRequest.tradeIn).pipe(signedForAws(awsKey), calling(endpoint)),
  "AWS GetWebIdentityToken": (endpoint) =>
    Aws.getWebIdentityToken({ audience: ["a"], signingAlgorithm: "RS256" }).pipe(
      signedForAws(awsKey),
      calling(endpoint)
    ),
  "AWS AssumeRoleWithWebIdentity": (endpoint) =>
    Aws.assumeRoleWithWebIdentity(awsRequest.webIdentity).pipe(calling(endpoint)),
  "AWS AssumeRoleWithSAML": (endpoint) => Aws.assumeRoleWithSAML(awsRequest.saml).pipe(calling(endpoint))
}
