/** The parsers of those who sign in: the files that are kept, and what the services answer. */
import * as Redacted from "effect/Redacted"
import * as AlibabaLogin from "../../src/protocol/alibaba/login.js"
import * as ConsoleLogin from "../../src/protocol/aws/consoleLogin.js"
import * as IdentityReply from "../../src/protocol/aws/identityServices.js"
import { parseLoginSession, parseSsoToken, roleCredentialsIn } from "../../src/protocol/aws/signIn.js"
import * as SsoLogin from "../../src/protocol/aws/ssoLogin.js"
import { parse as parseJson } from "../../src/protocol/json.js"
import { id } from "./documents.js"
import { planted } from "./inputs.js"
import { json, left, type Target } from "./target.js"

export const signInTargets: ReadonlyArray<Target> = [
  json(
    "cached SSO token",
    [
      {
        accessToken: planted,
        expiresAt: "2099-01-01T00:00:00Z",
        clientId: "c",
        clientSecret: planted,
        refreshToken: planted
      }
    ],
    (input) => left(parseSsoToken(input))
  ),
  json(
    "cached sign-in",
    [
      {
        accessToken: {
          accessKeyId: id,
          secretAccessKey: planted,
          sessionToken: planted,
          accountId: "1",
          expiresAt: "2099-01-01T00:00:00Z"
        },
        clientId: "c",
        refreshToken: planted,
        dpopKey: planted
      }
    ],
    (input) => left(parseLoginSession(input))
  ),
  json(
    "replies to who signs in to Identity Center",
    [
      { clientId: "c", clientSecret: planted, clientSecretExpiresAt: 4_070_908_800 },
      {
        deviceCode: planted,
        userCode: "ABCD-EFGH",
        verificationUri: "https://device.example.com/",
        expiresIn: 600,
        interval: 1
      },
      { accessToken: planted, refreshToken: planted, expiresIn: 3_600 }
    ],
    (input) => {
      const wanted = { startUrl: "https://example.awsapps.com/start", region: "us-east-1" }
      const client = {
        clientId: "c",
        clientSecret: Redacted.make(planted),
        expiresAt: "2099-01-01T00:00:00Z"
      }
      SsoLogin.registrationIn(input, "device", 0)
      SsoLogin.keptTokenIn(input)
      return [
        left(SsoLogin.registered(wanted, "device", input)),
        left(SsoLogin.deviceIn(input)),
        left(SsoLogin.tokenFileOf(wanted, client, input, 0))
      ]
    }
  ),
  json(
    "reply to who logs in with the console's credentials",
    [
      {
        accessToken: { accessKeyId: id, secretAccessKey: planted, sessionToken: planted },
        refreshToken: planted,
        idToken: `x.${Buffer.from('{"sub":"arn:aws:iam::123456789012:user/alice"}').toString("base64url")}.`
      }
    ],
    (input) =>
      left(
        ConsoleLogin.signedIn(
          input,
          {
            clientId: "arn:aws:signin:::devtools/same-device",
            dpopKey: Redacted.make(planted),
            region: undefined
          },
          0
        )
      )
  ),
  json(
    "replies to who signs in to Alibaba Cloud",
    [
      { DeviceCode: planted, UserCode: "ABCD", VerificationUri: "https://example.com/", Interval: 1 },
      { AccessToken: planted, ExpiresIn: 3_600 },
      { access_token: planted, refresh_token: planted, expires_in: 3_600 },
      { Accounts: [{ AccountId: "1", DisplayName: "one" }], IsTruncated: true, NextToken: "n" }
    ],
    (input) => {
      const reply = parseJson(input) ?? {}
      AlibabaLogin.choicesIn(reply, AlibabaLogin.lists.accounts)
      return [
        left(AlibabaLogin.deviceIn(reply)),
        left(AlibabaLogin.tokenIn(reply, 0)),
        left(AlibabaLogin.grantedIn(reply, 0))
      ]
    }
  ),
  json(
    "role credentials of the portal",
    [
      {
        roleCredentials: {
          accessKeyId: id,
          secretAccessKey: planted,
          sessionToken: planted,
          expiration: 4_070_908_800_000
        }
      }
    ],
    (input) => void roleCredentialsIn(input)
  ),
  json(
    "refusal of an identity service",
    [
      { error: "invalid_grant", error_description: planted },
      { __type: "a#UnauthorizedException", message: planted }
    ],
    (input) => IdentityReply.refusalOf("the service", { status: 400, headers: {}, body: input })
  )
]
