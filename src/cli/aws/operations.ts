/** AWS's operations as commands. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Aws from "../../aws.js"
import { MfaTokenCode, type StsCredentialError } from "../../index.js"
import { documentation } from "../documentation.js"
import * as Formats from "../formats.js"
import * as Operation from "../operation.js"
import { show } from "../output.js"
import * as Session from "./session.js"

/** Credentials in plain text. */
export const issuedOf = (credentials: Aws.Credentials): Formats.Issued => ({
  id: credentials.accessKeyId,
  secret: Redacted.value(credentials.secretAccessKey),
  token: credentials.sessionToken && Redacted.value(credentials.sessionToken),
  expiration: credentials.expiration && DateTime.formatIso(credentials.expiration)
})

interface Answer {
  readonly credentials: Aws.Credentials
}

const signed = { ...Session.flags, ...Formats.flags }
const anonymous = { region: Session.flags.region, ...Formats.flags }

const give = (answer: Answer, chosen: Formats.Chosen) =>
  Formats.give(Formats.aws, issuedOf(answer.credentials), answer, chosen)

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

const assumeRole = Operation.make(
  "assume-role",
  Aws.AssumeRoleOperation,
  documentation.aws,
  signed,
  (request: Aws.AssumeRoleInput, options) =>
    withCode(request).pipe(
      Effect.flatMap(Aws.assumeRole),
      Effect.flatMap((answer) => give(answer, options)),
      Session.withSession(options)
    )
)

const sessionToken = Operation.make(
  "session-token",
  Aws.GetSessionTokenOperation,
  documentation.aws,
  signed,
  (request: Aws.GetSessionTokenInput, options) =>
    withCode(request).pipe(
      Effect.flatMap(Aws.getSessionToken),
      Effect.flatMap((answer) => give(answer, options)),
      Session.withSession(options)
    )
)

/** A signed operation that gives credentials. */
const giving = <Name extends string, Input, E, R>(
  name: Name,
  operation: Parameters<typeof Operation.make>[1],
  call: (request: Input) => Effect.Effect<Answer, E, R>
) =>
  Operation.make(name, operation, documentation.aws, signed, (request: Input, options) =>
    Effect.flatMap(call(request), (answer) => give(answer, options)).pipe(Session.withSession(options))
  )

/** An operation that gives credentials for somebody else's word. */
const vouched = <Name extends string, Input, E, R>(
  name: Name,
  operation: Parameters<typeof Operation.make>[1],
  call: (request: Input) => Effect.Effect<Answer, E, R>
) =>
  Operation.make(name, operation, documentation.aws, anonymous, (request: Input, options) =>
    Effect.flatMap(call(request), (answer) => give(answer, options)).pipe(
      Session.withSession({ ...options, profile: Option.none() })
    )
  )

/** A signed operation that tells something. */
const telling = <Name extends string, Input, A extends object, E, R>(
  name: Name,
  operation: Parameters<typeof Operation.make>[1],
  call: (request: Input) => Effect.Effect<A, E, R>
) =>
  Operation.make(
    name,
    operation,
    documentation.aws,
    { ...Session.flags, showSecrets: Formats.flags.showSecrets },
    (request: Input, options) =>
      Effect.flatMap(call(request), (answer) => show(answer, options.showSecrets)).pipe(
        Session.withSession(options)
      )
  )

/** The commands. */
export const operations = [
  telling("whoami", Aws.GetCallerIdentityOperation, Aws.getCallerIdentity),
  assumeRole,
  vouched("assume-role-with-saml", Aws.AssumeRoleWithSAMLOperation, Aws.assumeRoleWithSAML),
  vouched(
    "assume-role-with-web-identity",
    Aws.AssumeRoleWithWebIdentityOperation,
    Aws.assumeRoleWithWebIdentity
  ),
  giving("assume-root", Aws.AssumeRootOperation, Aws.assumeRoot),
  sessionToken,
  giving("federation-token", Aws.GetFederationTokenOperation, Aws.getFederationToken),
  giving("delegated-access-token", Aws.GetDelegatedAccessTokenOperation, Aws.getDelegatedAccessToken),
  telling("web-identity-token", Aws.GetWebIdentityTokenOperation, Aws.getWebIdentityToken),
  telling("access-key-info", Aws.GetAccessKeyInfoOperation, Aws.getAccessKeyInfo),
  telling("decode-message", Aws.DecodeAuthorizationMessageOperation, Aws.decodeAuthorizationMessage)
] as const
