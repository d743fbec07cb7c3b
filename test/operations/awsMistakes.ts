/**
 * The mistakes that callers of AWS make, and what they are told.
 */
import { createHash } from "node:crypto"
import * as Effect from "effect/Effect"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Aws from "../../src/aws.js"
import { AwsSeed } from "../../src/testing.js"
import { assume, signed, signedAfter, signedByIssued, withSaml, withWebIdentity } from "./awsCalls.js"
import { hour, mistake, type Program, tampered } from "./row.js"

const { arns, keys, mfaDevice } = AwsSeed

const who = Aws.getCallerIdentity()

const user = { accessKeyId: keys.user.accessKeyId, secretAccessKey: "not-the-secret" }

const denied = { code: "AccessDenied", category: "access-denied", status: 403 }
const unknownKey = { code: "InvalidClientTokenId", category: "invalid-credentials", status: 403 }
const badSignature = { code: "SignatureDoesNotMatch", category: "invalid-credentials", status: 403 }
const badIdentity = { code: "InvalidIdentityToken", category: "identity-provider", status: 400 }
const expiredIdentity = { code: "ExpiredTokenException", category: "expired-credentials", status: 400 }
const invalid = { code: "ValidationError", category: "invalid-request", status: 400 }

const threeCauses = ["three possible causes", "role's trust policy", "organization"]

/** Something on the way that changes one byte of the body. */
const flipping = Effect.updateService(
  HttpClient.HttpClient,
  HttpClient.mapRequest((request) => {
    const { body } = request
    if (body._tag !== "Raw" || typeof body.body !== "string") return request
    const { contentLength, contentType } = body
    return HttpClientRequest.setBody(
      request,
      HttpBody.raw(body.body.replace("=report", "=repost"), { contentLength, contentType })
    )
  })
)

/** Hardly compressible: a hash is as good as random. */
const noise = (seed: number): string =>
  [0, 1, 2, 3].map((part) => createHash("sha256").update(`${seed}/${part}`).digest("hex")).join("")

const manyTags = Array.from({ length: 50 }, (_, index) => ({ key: `tag${index}`, value: noise(index) }))

const otherCode = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, "0")

const otherSubject = (token: string): string => {
  const [header, payload = "", signature] = token.split(".")
  const claims = Buffer.from(payload, "base64url")
    .toString("utf8")
    .replace(":default:app", ":default:mallory")
  return [header, Buffer.from(claims).toString("base64url"), signature].join(".")
}

const later =
  <A>(run: Program<A>): Program<A> =>
  (...runner) => {
    const [{ setClockOffset }] = runner
    return Effect.andThen(setClockOffset(2 * hour), Effect.ensuring(run(...runner), setClockOffset(0)))
  }

/** Who takes only two of the three values that belong together. */
const withoutToken: Program<unknown> = (...runner) =>
  Effect.flatMap(signed(assume(arns.role))(...runner), ({ credentials: { accessKeyId, secretAccessKey } }) =>
    signed(who, { accessKeyId, secretAccessKey })(...runner)
  )

export const mistakes = [
  mistake("a wrong secret", signed(who, user), { ...badSignature, says: ["secret access key is wrong"] }),
  mistake("an unknown key", signed(who, { ...user, accessKeyId: "AKIANOBODY0000000000" }), {
    ...unknownKey,
    says: ["No such access key"]
  }),
  mistake("an inactive key", signed(who, keys.inactive), { ...unknownKey, says: ["deactivated"] }),
  mistake("a session's key without its token", withoutToken, {
    ...unknownKey,
    requests: 2,
    says: ["session token is missing"]
  }),
  mistake(
    "an expired token",
    (...runner) =>
      Effect.flatMap(signed(assume(arns.role))(...runner), ({ credentials }) =>
        later(signed(who, credentials))(...runner)
      ),
    {
      code: "ExpiredToken",
      category: "expired-credentials",
      status: 403,
      requests: 2,
      says: ["get new ones"]
    }
  ),
  mistake("a region that there is not", signed(who, keys.user, { aws: { region: "atlantis-1" } }), {
    ...badSignature,
    says: ["valid region", "atlantis-1"]
  }),
  mistake(
    "a body that was changed on the way",
    (...runner) => flipping(signed(assume(arns.role))(...runner)),
    {
      ...badSignature,
      says: ["changed in transit"]
    }
  ),
  mistake("a missing role", signed(assume(`${arns.role}-missing`)), {
    ...denied,
    says: [`not authorized to perform: sts:AssumeRole on resource: ${arns.role}-missing`]
  }),
  mistake("a role that does not trust the caller", signed(assume(arns.nobodysRole)), {
    ...denied,
    says: threeCauses
  }),
  mistake("a caller without permission", signed(assume(arns.role), keys.userWithoutPermission), {
    ...denied,
    says: threeCauses
  }),
  mistake("the root user", signed(assume(arns.role), keys.root), {
    ...denied,
    says: ["Roles may not be assumed by root accounts"]
  }),
  mistake("no ExternalId where one is wanted", signed(assume(arns.externalIdRole)), {
    ...denied,
    says: ["external id"]
  }),
  mistake("another's ExternalId", signed(assume(arns.externalIdRole, { externalId: "another" })), {
    ...denied,
    says: ["external id"]
  }),
  mistake("no MFA where it is wanted", signed(assume(arns.mfaRole)), { ...denied, says: ["MFA"] }),
  mistake(
    "a wrong MFA code",
    signedAfter(
      ({ mfaCode }) => mfaCode(),
      (code) => assume(arns.mfaRole, { serialNumber: mfaDevice.serialNumber, tokenCode: otherCode(code) })
    ),
    { ...denied, says: ["invalid MFA one time pass code"] }
  ),
  mistake(
    "role chaining for more than an hour",
    signedByIssued(assume(arns.chainedRole, { durationSeconds: 7200 })),
    { ...invalid, requests: 2, says: ["1 hour session limit"] }
  ),
  mistake("a longer session than the role allows", signed(assume(arns.role, { durationSeconds: 7200 })), {
    ...invalid,
    says: ["MaxSessionDuration"]
  }),
  mistake("policies and tags that are too large", signed(assume(arns.role, { tags: manyTags })), {
    code: "PackedPolicyTooLarge",
    category: "invalid-request",
    status: 400,
    says: ["shorten them"]
  }),
  mistake("a malformed policy", signed(assume(arns.role, { policy: '{"Version":' })), {
    code: "MalformedPolicyDocument",
    category: "invalid-request",
    status: 400,
    says: ["its grammar is wrong"]
  }),
  mistake(
    "a message that nobody encoded",
    signed(Aws.decodeAuthorizationMessage({ encodedMessage: "garbage" })),
    {
      code: "InvalidAuthorizationMessageException",
      category: "invalid-request",
      status: 400,
      says: ["Pass the whole encoded message"]
    }
  ),
  mistake("GetSessionToken of a session", signedByIssued(Aws.getSessionToken()), {
    ...denied,
    requests: 2,
    says: ["Cannot call GetSessionToken with session credentials"]
  }),
  mistake(
    "AssumeRoot in an account that is no member",
    signed(
      Aws.assumeRoot({
        targetPrincipal: AwsSeed.accountId,
        taskPolicyArn: { arn: "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials" }
      })
    ),
    { ...denied, says: ["sts:AssumeRoot"] }
  ),
  mistake(
    "an expired trade-in token",
    signedAfter(
      ({ mintTradeInToken }) => mintTradeInToken({ expiresIn: 0 }),
      (tradeInToken) => Aws.getDelegatedAccessToken({ tradeInToken })
    ),
    {
      code: "ExpiredTradeInTokenException",
      category: "identity-provider",
      status: 400,
      says: ["get a new one"]
    }
  ),
  mistake(
    "a web identity token that would outlive its session",
    signedByIssued(
      Aws.getWebIdentityToken({
        audience: ["https://a.test"],
        signingAlgorithm: "RS256",
        durationSeconds: 3600
      }),
      signed(assume(arns.role, { durationSeconds: 900 }))
    ),
    {
      code: "SessionDurationEscalationException",
      category: "invalid-request",
      status: 403,
      requests: 2,
      says: ["shorter durationSeconds"]
    }
  ),
  mistake(
    "a web identity token for another audience",
    withWebIdentity({ audience: "https://elsewhere.test" }),
    {
      ...badIdentity,
      signed: false,
      says: ["audience"]
    }
  ),
  mistake("an expired web identity token", withWebIdentity({ expiresIn: 0 }), {
    ...expiredIdentity,
    signed: false,
    says: ["get new ones"]
  }),
  mistake("a tampered web identity token", withWebIdentity({}, otherSubject), {
    ...badIdentity,
    signed: false,
    says: ["not valid"]
  }),
  mistake(
    "a web identity that the role does not trust",
    withWebIdentity({ subject: "system:serviceaccount:other:app" }),
    { ...denied, signed: false, says: ["Not authorized to perform sts:AssumeRoleWithWebIdentity"] }
  ),
  mistake("a SAML response for another audience", withSaml({ audience: "https://elsewhere.test" }), {
    ...badIdentity,
    signed: false,
    says: ["audience"]
  }),
  mistake("an expired SAML response", withSaml({ expiresIn: 0 }), {
    ...expiredIdentity,
    signed: false,
    says: ["5 minutes"]
  }),
  mistake("a tampered SAML response", withSaml({}, tampered), {
    ...badIdentity,
    signed: false,
    says: ["signature invalid"]
  })
]
