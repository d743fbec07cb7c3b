/**
 * Alibaba Cloud's operations with what they answer, and the mistakes that callers make with what they are told.
 */

import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Redacted from "effect/Redacted"
import * as Alibaba from "../../src/alibaba.js"
import { AlibabaSeed } from "../../src/testing.js"
import type { Emulated } from "../support/emulators.js"
import { calling, type Key, signedWith } from "../support/runners.js"
import { hour, mistake, type Program, rowsOf, tampered, type Unbound } from "./row.js"

const { arns, keys } = AlibabaSeed

type Signed<A, E> = Effect.Effect<A, E, Alibaba.Signer | Alibaba.CredentialProvider | HttpClient.HttpClient>

const signed =
  <A, E>(call: Signed<A, E>, key?: Key): Program<A> =>
  ({ endpoint }, form) =>
    call.pipe(signedWith(form === "rpc" ? "rpc" : "acs3", key), calling(endpoint))

const oidcRequest = {
  oidcProviderArn: arns.oidcProvider,
  roleArn: arns.oidcRole,
  roleSessionName: "report"
}

const samlRequest = { samlProviderArn: arns.samlProvider, roleArn: arns.samlRole }

const { roleSessionName: _, ...unnamed } = oidcRequest

const withOidc =
  (
    request: typeof oidcRequest | typeof unnamed = oidcRequest,
    options?: Parameters<Emulated["alibaba"]["mintOidcToken"]>[0]
  ): Program<Alibaba.AssumeRoleWithOIDCResponse> =>
  ({ alibaba, endpoint }) =>
    Effect.flatMap(alibaba.mintOidcToken(options), (oidcToken) =>
      Alibaba.assumeRoleWithOIDC({ ...request, oidcToken }).pipe(calling(endpoint))
    )

const withSaml =
  (
    change: (assertion: string) => string = (assertion) => assertion
  ): Program<Alibaba.AssumeRoleWithSAMLResponse> =>
  ({ alibaba, endpoint }) =>
    Effect.flatMap(alibaba.mintSamlResponse(), (response) =>
      Alibaba.assumeRoleWithSAML({ ...samlRequest, samlAssertion: change(Redacted.value(response)) }).pipe(
        calling(endpoint)
      )
    )

const assume = (roleArn: string) => Alibaba.assumeRole({ roleArn, roleSessionName: "report" })

const assumed = ({
  assumedRoleUser,
  credentials
}: {
  readonly assumedRoleUser?: Alibaba.AssumedRoleUser | undefined
  readonly credentials: Alibaba.TemporaryCredentials
}) => ({
  role: assumedRoleUser?.arn,
  temporary: credentials.accessKeyId.startsWith("STS.") && Redacted.isRedacted(credentials.securityToken)
})

const sessionOf = (role: string) => role.replace(":role/", ":assumed-role/")

/** The operations for identity providers spell a session's ARN in their own way. */
const federated = (role: string) => sessionOf(role).replace("acs:ram:", "acs:sts:")

const operations: ReadonlyArray<Unbound["operation"]> = [
  {
    name: "GetCallerIdentity",
    signed: true,
    run: (...runner) =>
      Effect.map(signed(Alibaba.getCallerIdentity())(...runner), ({ arn, identityType }) => ({
        arn,
        identityType
      })),
    answers: { arn: arns.user, identityType: "RAMUser" },
    operations: ["GetCallerIdentity"]
  },
  {
    name: "AssumeRole",
    signed: true,
    run: (...runner) => Effect.map(signed(assume(arns.role))(...runner), assumed),
    answers: { role: `${arns.role}/report`, temporary: true },
    operations: ["AssumeRole"]
  },
  {
    name: "AssumeRole, and who the role's session is",
    signed: true,
    run: (...runner) =>
      Effect.flatMap(signed(assume(arns.role))(...runner), ({ credentials }) =>
        Effect.map(signed(Alibaba.getCallerIdentity(), credentials)(...runner), ({ arn, identityType }) => ({
          arn,
          identityType
        }))
      ),
    answers: { arn: `${sessionOf(arns.role)}/report`, identityType: "AssumedRoleUser" },
    operations: ["AssumeRole", "GetCallerIdentity"]
  },
  {
    name: "AssumeRoleWithOIDC",
    signed: false,
    run: (...runner) => Effect.map(withOidc()(...runner), assumed),
    answers: { role: `${federated(arns.oidcRole)}/report`, temporary: true },
    operations: ["AssumeRoleWithOIDC"]
  },
  {
    name: "AssumeRoleWithOIDC, for a session that nobody names",
    signed: false,
    run: (...runner) =>
      Effect.map(withOidc(unnamed)(...runner), ({ assumedRoleUser }) =>
        assumedRoleUser?.arn?.replace(/effect-sts-[0-9a-f]{16}$/, "named")
      ),
    answers: `${federated(arns.oidcRole)}/named`,
    operations: ["AssumeRoleWithOIDC"]
  },
  {
    name: "AssumeRoleWithSAML",
    signed: false,
    run: (...runner) => Effect.map(withSaml()(...runner), assumed),
    answers: { role: `${federated(arns.samlRole)}/alice`, temporary: true },
    operations: ["AssumeRoleWithSAML"]
  }
]

const who = Alibaba.getCallerIdentity()

const key = (accessKeyId: string, accessKeySecret: string | Redacted.Redacted): Key => ({
  accessKeyId,
  accessKeySecret
})

const mistakes: ReadonlyArray<Unbound["mistake"]> = [
  mistake("a wrong secret", signed(who, key(keys.user.accessKeyId, "not-the-secret")), {
    code: "SignatureDoesNotMatch",
    category: "invalid-credentials",
    status: 400,
    says: ["so the secret is wrong"]
  }),
  mistake("an unknown key", signed(who, key("LTAI5tNobody", "secret")), {
    code: "InvalidAccessKeyId.NotFound",
    category: "invalid-credentials",
    status: 404,
    says: ["No such access key"]
  }),
  mistake("an inactive key", signed(who, keys.inactive), {
    code: "InvalidAccessKeyId.Inactive",
    category: "invalid-credentials",
    status: 400,
    says: ["disabled"]
  }),
  mistake(
    "an expired token",
    (emulated, form) =>
      Effect.flatMap(signed(assume(arns.role))(emulated, form), ({ credentials }) =>
        Effect.andThen(
          emulated.setClockOffset(2 * hour),
          Effect.ensuring(signed(who, credentials)(emulated, form), emulated.setClockOffset(0))
        )
      ),
    {
      code: "InvalidSecurityToken.Expired",
      category: "expired-credentials",
      status: 400,
      says: ["expired", "get new ones"],
      // AssumeRole, a refusal for the clock, and the answer.
      requests: 3
    }
  ),
  mistake("a missing role", signed(assume(`${arns.role}-missing`)), {
    code: "EntityNotExist.Role",
    category: "not-found",
    status: 404,
    says: ["No such role"]
  }),
  mistake("a role that does not trust the caller", signed(assume(arns.nobodysRole)), {
    code: "NoPermission",
    category: "access-denied",
    status: 403,
    says: ["two possible causes", "sts:AssumeRole", "trust policy"]
  }),
  mistake("a caller without permission", signed(assume(arns.role), keys.userWithoutPermission), {
    code: "NoPermission",
    category: "access-denied",
    status: 403,
    says: ["two possible causes", "sts:AssumeRole", "trust policy"]
  }),
  mistake("no ExternalId where one is wanted", signed(assume(arns.externalIdRole)), {
    code: "NoPermission",
    category: "access-denied",
    status: 403,
    says: ["trust policy"]
  }),
  mistake(
    "an OIDC token for another audience",
    withOidc(oidcRequest, { audience: "https://elsewhere.test" }),
    {
      signed: false,
      code: "AuthenticationFail.OIDCToken.Invalid",
      category: "identity-provider",
      status: 401,
      says: ["OIDC"]
    }
  ),
  mistake("an expired OIDC token", withOidc(oidcRequest, { expiresIn: 0 }), {
    signed: false,
    code: "AuthenticationFail.OIDCToken.Expired",
    category: "identity-provider",
    status: 401,
    says: ["expired"]
  }),
  mistake("a tampered SAML response", withSaml(tampered), {
    signed: false,
    code: "AuthenticationFail.SAMLAssertion.Invalid",
    category: "identity-provider",
    status: 401,
    says: ["SAML"]
  })
]

export const alibaba = rowsOf("alibaba", ["acs3", "rpc"], operations, mistakes)
