/**
 * AWS's operations with what they answer.
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Aws from "../../src/aws.js"
import { AwsSeed } from "../../src/testing.js"
import { assume, signed, signedAfter, signedByIssued, withSaml, withWebIdentity } from "./awsCalls.js"
import { mistakes } from "./awsMistakes.js"
import { type Program, rowsOf, type Unbound } from "./row.js"

const { accountId, arns, externalId, memberAccountId, mfaDevice } = AwsSeed

const sessionOf = (role: string, name = "report") =>
  `${role.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/")}/${name}`

const isTemporary = ({ accessKeyId, secretAccessKey, sessionToken }: Aws.TemporaryCredentials) =>
  accessKeyId.startsWith("ASIA") && [secretAccessKey, sessionToken].every(Redacted.isRedacted)

interface Issued {
  readonly assumedRoleUser?: Aws.AssumedRoleUser | undefined
  readonly credentials: Aws.TemporaryCredentials
}

const issued = ({ assumedRoleUser, credentials }: Issued) => ({
  session: assumedRoleUser?.arn,
  temporary: isTemporary(credentials)
})

const caller = Effect.map(Aws.getCallerIdentity(), ({ account, arn }) => ({ account, arn }))

const operation = (
  operations: ReadonlyArray<string>,
  run: Program<unknown>,
  answers: unknown,
  name = operations.join(", ")
): Unbound["operation"] => ({ name, signed: true, run, answers, operations })

const anonymous = (...row: Parameters<typeof operation>): Unbound["operation"] => ({
  ...operation(...row),
  signed: false
})

const map =
  <A, B>(run: Program<A>, change: (value: A) => B): Program<B> =>
  (...runner) =>
    Effect.map(run(...runner), change)

const operations: ReadonlyArray<Unbound["operation"]> = [
  operation(["GetCallerIdentity"], signed(caller), { account: accountId, arn: arns.user }),
  operation(["AssumeRole"], map(signed(assume(arns.role)), issued), {
    session: sessionOf(arns.role),
    temporary: true
  }),
  operation(["AssumeRole", "GetCallerIdentity"], signedByIssued(caller), {
    account: accountId,
    arn: sessionOf(arns.role)
  }),
  operation(
    ["AssumeRole"],
    map(signed(assume(arns.externalIdRole, { externalId })), issued),
    { session: sessionOf(arns.externalIdRole), temporary: true },
    "AssumeRole with an ExternalId"
  ),
  operation(
    ["AssumeRole"],
    map(
      signedAfter(
        ({ mfaCode }) => mfaCode(),
        (tokenCode) => assume(arns.mfaRole, { serialNumber: mfaDevice.serialNumber, tokenCode })
      ),
      issued
    ),
    { session: sessionOf(arns.mfaRole), temporary: true },
    "AssumeRole with MFA"
  ),
  operation(
    ["AssumeRole", "AssumeRole"],
    map(signedByIssued(assume(arns.chainedRole, { durationSeconds: 3600 })), issued),
    { session: sessionOf(arns.chainedRole), temporary: true }
  ),
  operation(
    ["AssumeRole"],
    map(
      signed(
        assume(arns.role, {
          policy: JSON.stringify({
            Version: "2012-10-17",
            Statement: { Effect: "Allow", Action: "s3:*", Resource: "arn:aws:s3:::a&b<ü> +%" }
          }),
          policyArns: [{ arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" }],
          tags: [{ key: "team", value: "größer + 日本" }],
          transitiveTagKeys: ["team"],
          sourceIdentity: "alice"
        })
      ),
      ({ packedPolicySize = 0, sourceIdentity }) => ({ sourceIdentity, packed: packedPolicySize > 0 })
    ),
    { sourceIdentity: "alice", packed: true },
    "AssumeRole with everything that narrows and names a session"
  ),
  operation(
    ["GetSessionToken", "AssumeRole"],
    map(
      signedByIssued(
        assume(arns.mfaRole),
        signedAfter(
          ({ mfaCode }) => mfaCode(),
          (tokenCode) => Aws.getSessionToken({ serialNumber: mfaDevice.serialNumber, tokenCode })
        )
      ),
      issued
    ),
    { session: sessionOf(arns.mfaRole), temporary: true },
    "GetSessionToken with MFA, which its session then has"
  ),
  operation(
    ["GetFederationToken"],
    map(signed(Aws.getFederationToken({ name: "guest" })), ({ credentials, federatedUser }) => ({
      user: federatedUser?.arn,
      temporary: isTemporary(credentials)
    })),
    { user: `arn:aws:sts::${accountId}:federated-user/guest`, temporary: true }
  ),
  operation(
    ["GetAccessKeyInfo"],
    map(
      signed(Aws.getAccessKeyInfo({ accessKeyId: AwsSeed.keys.root.accessKeyId })),
      ({ account }) => account
    ),
    accountId
  ),
  operation(
    ["DecodeAuthorizationMessage"],
    map(
      signedAfter(
        ({ mintAuthorizationMessage }) => mintAuthorizationMessage({ action: "s3:GetObject" }),
        (encodedMessage) => Aws.decodeAuthorizationMessage({ encodedMessage })
      ),
      ({ decodedMessage: { allowed, context } }) => ({ allowed, action: context?.action })
    ),
    { allowed: false, action: "s3:GetObject" }
  ),
  operation(
    ["AssumeRoot", "GetCallerIdentity"],
    signedByIssued(
      caller,
      signed(
        Aws.assumeRoot({
          targetPrincipal: memberAccountId,
          taskPolicyArn: { arn: "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials" }
        })
      )
    ),
    { account: memberAccountId, arn: `arn:aws:iam::${memberAccountId}:root` }
  ),
  operation(
    ["GetDelegatedAccessToken", "GetCallerIdentity"],
    signedByIssued(
      caller,
      signedAfter(
        ({ mintTradeInToken }) => mintTradeInToken(),
        (tradeInToken) => Aws.getDelegatedAccessToken({ tradeInToken })
      )
    ),
    { account: accountId, arn: sessionOf(arns.role, "delegated-access") }
  ),
  operation(
    ["GetWebIdentityToken"],
    map(
      signed(Aws.getWebIdentityToken({ audience: ["https://a.test"], signingAlgorithm: "ES384" })),
      ({ webIdentityToken }) => Redacted.value(webIdentityToken).split(".").length
    ),
    3
  ),
  anonymous(
    ["AssumeRoleWithWebIdentity"],
    map(withWebIdentity(), (response) => ({
      ...issued(response),
      subject: response.subjectFromWebIdentityToken,
      audience: response.audience
    })),
    {
      session: sessionOf(arns.oidcRole),
      temporary: true,
      subject: AwsSeed.oidcSubject,
      audience: AwsSeed.oidcClientId
    }
  ),
  anonymous(
    ["AssumeRoleWithSAML"],
    map(withSaml(), (response) => ({
      ...issued(response),
      issuer: response.issuer,
      audience: response.audience
    })),
    {
      session: sessionOf(arns.samlRole, "alice"),
      temporary: true,
      issuer: AwsSeed.samlEntityId,
      audience: AwsSeed.samlRecipient
    }
  )
]

export const aws = rowsOf("aws", ["sigv4"], operations, mistakes)
