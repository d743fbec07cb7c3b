/** `aws`: everything that is done with AWS. */
import * as Clock from "effect/Clock"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Aws from "../../aws.js"
import { FileCache, MfaTokenCode, type StsCredentialError } from "../../index.js"
import { AwsProfile } from "../../login.js"
import { AwsNode } from "../../node.js"
import { credentialCommands } from "../credentialCommands.js"
import { documentation } from "../documentation.js"
import { named } from "../endings.js"
import * as Formats from "../formats.js"
import { operationsOf } from "../operation.js"
import { print } from "../output.js"
import type { Dialect } from "../server.js"
import * as Session from "../session.js"
import { pairs } from "../settings.js"
import { cloudOf, type SignIn, type Wanted } from "../source.js"
import { login, logout, profileVariables } from "./login.js"

/** With which credentials and where AWS is called. */
const session = Session.sessionOf({ cloud: "aws", node: AwsNode.layerWith })

/** Credentials in plain text. */
const issuedOf = (credentials: Aws.Credentials): Formats.Issued => ({
  id: credentials.accessKeyId,
  secret: Redacted.value(credentials.secretAccessKey),
  token: credentials.sessionToken && Redacted.value(credentials.sessionToken),
  expiration: credentials.expiration && DateTime.formatIso(credentials.expiration),
  accountId: credentials.accountId
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

const operations = [
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

// Proofs of who one is, for others to check.

/** A URL that tells whoever asks it who made it. */
const presign = Command.make(
  "presign",
  {
    ...Session.flags,
    expiresInSeconds: Flag.Int("expires-in-seconds").pipe(
      Flag.withMetavar("SECONDS"),
      Flag.withDefault(900),
      Flag.withDescription(
        "How long the URL is valid, in seconds: 1 to 604800. STS itself takes at most 900."
      )
    ),
    headers: pairs("headers", "NAME=VALUE", "A header to sign too.")
  },
  ({ expiresInSeconds, headers, ...given }) =>
    Aws.presignGetCallerIdentity({ expiresIn: Duration.seconds(expiresInSeconds), headers }).pipe(
      Effect.mapError(named({ expiresIn: "--expires-in-seconds", headers: "--headers" })),
      Effect.flatMap((url) => print(Redacted.value(url))),
      session.withSession(given)
    )
).pipe(
  Command.withDescription(
    "Print a signed URL of GetCallerIdentity, which proves who you are to Vault and others that call it."
  )
)

// EKS takes a token for 15 minutes; a minute is left for clocks that differ.
const lifetime = 14 * 60_000

/** A token for kubectl. */
const eksToken = Command.make(
  "eks-token",
  {
    ...Session.flags,
    cluster: Argument.String("cluster").pipe(Argument.withDescription("The cluster's name."))
  },
  ({ cluster, ...given }) =>
    Effect.gen(function* () {
      const token = yield* Aws.eksToken(cluster)
      const now = yield* Clock.currentTimeMillis
      yield* print(
        JSON.stringify({
          kind: "ExecCredential",
          apiVersion: "client.authentication.k8s.io/v1beta1",
          spec: {},
          status: {
            expirationTimestamp: new Date(now + lifetime).toISOString().replace(/\.\d+Z$/, "Z"),
            token: Redacted.value(token)
          }
        })
      )
    }).pipe(session.withSession(given))
).pipe(Command.withDescription("Print a token for an EKS cluster in the form that kubectl expects."))

// Credentials for other programs.

/** What clients of the container's endpoint ask and take. */
const dialect: Dialect = {
  header: true,
  reply: ({ accountId, expiration, id, secret, token }) => ({
    AccessKeyId: id,
    SecretAccessKey: secret,
    Token: token,
    Expiration: expiration,
    AccountId: accountId
  }),
  environment: (url, secret) => ({
    AWS_CONTAINER_CREDENTIALS_FULL_URI: url,
    AWS_CONTAINER_AUTHORIZATION_TOKEN: secret
  })
}

interface Site {
  readonly regions: RegExp
  /** Where a token is asked for. */
  readonly signIn: (region: string) => string
  readonly console: string
}

const commercial: Site = {
  regions: /^[a-z]{2}-[a-z]+-\d+$/,
  signIn: () => "https://signin.aws.amazon.com",
  console: "console.aws.amazon.com"
}

const sites: ReadonlyArray<Site> = [
  { regions: /^cn-\w+-\d+$/, signIn: () => "https://signin.amazonaws.cn", console: "console.amazonaws.cn" },
  {
    regions: /^us-gov-\w+-\d+$/,
    signIn: () => "https://signin.amazonaws-us-gov.com",
    console: "console.amazonaws-us-gov.com"
  },
  {
    regions: /^eusc-\w+-\w+-\d+$/,
    signIn: (region) => `https://${region}.signin.amazonaws-eusc.eu`,
    console: "console.amazonaws-eusc.eu"
  },
  commercial
]

/**
 * Where a region's partition signs in. Keys go to no other one: there is none for a region that looks like nobody's, nor
 * for the isolated partitions, of which AWS does not publish it.
 */
const siteOf = ({ region }: Wanted): Site | undefined =>
  region === undefined ? commercial : sites.find(({ regions }) => regions.test(region))

const consoleOf = (wanted: Wanted): string => {
  const site = siteOf(wanted)
  const { region } = wanted
  return site === undefined || region === undefined
    ? `https://${commercial.console}/`
    : `https://${region}.${site.console}/console/home?region=${region}`
}

/**
 * The sign-in pages, as a federated user reaches them.
 *
 * Source: "Enable custom identity broker access to the AWS console", IAM User Guide.
 */
const signIn: SignIn = {
  byRegion: true,
  lifetime: "15 minutes",
  variable: "AWS_ENDPOINT_URL_SIGNIN",
  endpoint: (wanted) => siteOf(wanted)?.signIn(wanted.region ?? ""),
  request: (endpoint, { id, secret, token }, { sessionDuration }) =>
    HttpClientRequest.get(`${endpoint}/federation`, {
      urlParams: {
        Action: "getSigninToken",
        Session: JSON.stringify({ sessionId: id, sessionKey: secret, sessionToken: token }),
        ...(Option.isSome(sessionDuration) ? { SessionDuration: String(sessionDuration.value) } : {})
      }
    }),
  url: (endpoint, token, wanted) =>
    `${endpoint}/federation?${new URLSearchParams({
      Action: "login",
      Issuer: "effect-sts",
      Destination: Option.getOrElse(wanted.destination, () => consoleOf(wanted)),
      SigninToken: token
    })}`
}

const cloud = cloudOf({
  name: "aws",
  names: Formats.aws,
  dialect,
  signIn,
  profileVariables,
  session,
  provider: Aws.CredentialProvider,
  check: ({ roleSessionName = "default", ...role }) =>
    Aws.AssumeRoleRequest.validate({ ...role, roleSessionName }),
  assume: Aws.AssumedRole.make,
  keyOf: (base, role) => FileCache.keyOfRole("aws", base, role),
  issuedOf,
  region: Aws.region,
  explain: Aws.explain
})

/** The command. */
export const aws = Command.make("aws").pipe(
  Command.withSubcommands([...operations, presign, eksToken, login, logout, ...credentialCommands(cloud)])
)
