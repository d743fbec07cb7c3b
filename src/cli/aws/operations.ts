/** AWS's operations as commands. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Aws from "../../aws.js"
import { MfaTokenCode, type StsCredentialError } from "../../index.js"
import { AwsProfile } from "../../login.js"
import { AwsNode } from "../../node.js"
import { documentation } from "../documentation.js"
import * as Formats from "../formats.js"
import { operationsOf } from "../operation.js"
import { sessionOf } from "../session.js"

/** With which credentials and where AWS is called. */
export const session = sessionOf({ cloud: "aws", node: AwsNode.layerWith })

/** Credentials in plain text. */
export const issuedOf = (credentials: Aws.Credentials): Formats.Issued => ({
  id: credentials.accessKeyId,
  secret: Redacted.value(credentials.secretAccessKey),
  token: credentials.sessionToken && Redacted.value(credentials.sessionToken),
  expiration: credentials.expiration && DateTime.formatIso(credentials.expiration)
})

const { giving, telling, vouched } = operationsOf({
  docs: documentation.aws,
  session,
  names: Formats.aws,
  issuedOf,
  write: AwsProfile.write
})

interface WithDevice {
  readonly serialNumber?: string | undefined
  readonly tokenCode?: string | Redacted.Redacted | undefined
}

/** Asks for the code of a device that was named without one. */
const withCode = <Input extends WithDevice>(request: Input): Effect.Effect<Input, StsCredentialError> =>
  request.serialNumber === undefined || request.tokenCode !== undefined
    ? Effect.succeed(request)
    : Effect.flatMap(MfaTokenCode, (ask) =>
        Effect.map(ask(request.serialNumber ?? ""), (tokenCode) => ({ ...request, tokenCode }))
      )

/** The commands. */
export const operations = [
  telling("whoami", Aws.GetCallerIdentityOperation, Aws.getCallerIdentity),
  giving("assume-role", Aws.AssumeRoleOperation, (request: Aws.AssumeRoleInput) =>
    Effect.flatMap(withCode(request), Aws.assumeRole)
  ),
  vouched("assume-role-with-saml", Aws.AssumeRoleWithSAMLOperation, Aws.assumeRoleWithSAML),
  vouched(
    "assume-role-with-web-identity",
    Aws.AssumeRoleWithWebIdentityOperation,
    Aws.assumeRoleWithWebIdentity
  ),
  giving("assume-root", Aws.AssumeRootOperation, Aws.assumeRoot),
  giving("session-token", Aws.GetSessionTokenOperation, (request: Aws.GetSessionTokenInput) =>
    Effect.flatMap(withCode(request), Aws.getSessionToken)
  ),
  giving("federation-token", Aws.GetFederationTokenOperation, Aws.getFederationToken),
  giving("delegated-access-token", Aws.GetDelegatedAccessTokenOperation, Aws.getDelegatedAccessToken),
  telling("web-identity-token", Aws.GetWebIdentityTokenOperation, Aws.getWebIdentityToken),
  telling("access-key-info", Aws.GetAccessKeyInfoOperation, Aws.getAccessKeyInfo),
  telling("decode-message", Aws.DecodeAuthorizationMessageOperation, Aws.decodeAuthorizationMessage)
] as const
