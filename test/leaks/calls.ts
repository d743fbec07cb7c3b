/**
 * Calls that carry every secret a call can carry.
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import type * as Effect from "effect/Effect"
import * as Alibaba from "../../src/alibaba.js"
import { AlibabaSeed } from "../../src/testing.js"
import { calling, signedWith } from "../support/worlds.js"
import { own } from "./planted.js"

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
  AssumeRoleWithSAML: (endpoint) => Alibaba.assumeRoleWithSAML(request.saml).pipe(calling(endpoint))
}
