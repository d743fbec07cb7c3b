/**
 * Every parser of this project, with documents that it reads, what it makes of one, and its worst case.
 */
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import { Iam, Ram } from "../../src/emulator/Policy.js"
import * as LockRecord from "../../src/layers/cache/Lock.js"
import * as CliConfig from "../../src/protocol/alibaba/cliConfig.js"
import * as CredentialsFile from "../../src/protocol/alibaba/credentialsFile.js"
import { parseOutput, parseWords } from "../../src/protocol/alibaba/external.js"

import * as AlibabaLogin from "../../src/protocol/alibaba/login.js"
import * as AlibabaReply from "../../src/protocol/alibaba/rpc.js"
import { isAlibabaCaller, isAwsCaller, matches } from "../../src/protocol/arn.js"
import * as ConsoleLogin from "../../src/protocol/aws/consoleLogin.js"
import * as IdentityReply from "../../src/protocol/aws/identityServices.js"
import * as ProfileFile from "../../src/protocol/aws/profileFile.js"
import * as ProfileGraph from "../../src/protocol/aws/profileGraph.js"
import * as AwsQuery from "../../src/protocol/aws/query.js"
import { parseLoginSession, parseSsoToken, roleCredentialsIn } from "../../src/protocol/aws/signIn.js"
import * as SsoLogin from "../../src/protocol/aws/ssoLogin.js"

import * as Xml from "../../src/protocol/aws/xml.js"
import * as CacheEntry from "../../src/protocol/cacheEntry.js"
import * as CommandOutput from "../../src/protocol/commandOutput.js"
import { parseProcessOutput } from "../../src/protocol/commandOutput.js"
import * as CredentialsDocument from "../../src/protocol/credentialsDocument.js"
import { parseTimestamp } from "../../src/protocol/encoding.js"
import type { Exchange } from "../../src/protocol/exchange.js"
import { parse as parseJson, parseTree } from "../../src/protocol/json.js"
import { offsetMillis } from "../../src/protocol/retry.js"
import { excerpt } from "../../src/protocol/scrub.js"
import { CredentialsFromWire } from "../../src/schemas/alibaba/Credentials.js"
import { planted } from "./inputs.js"

export interface Target {
  readonly name: string
  /** Sound documents. */
  readonly sound: ReadonlyArray<string>
  /** Gives what a caller is told where the input is wrong; whatever it throws is a fault. */
  readonly told: (input: string) => unknown
  /** Inputs of about so many characters that are as hard to read as they come. */
  readonly hard: ReadonlyArray<(length: number) => string>
}

const credentialsUntil = (Expiration: string) =>
  Schema.decodeUnknownResult(CredentialsFromWire)({
    AccessKeyId: "id",
    AccessKeySecret: "secret",
    Expiration
  })

const left = (result: Result.Result<unknown, unknown>): unknown =>
  Result.isFailure(result) ? result.failure : undefined

const filled =
  (part: string, before = "", after = "") =>
  (length: number) =>
    before + part.repeat(Math.max(1, Math.floor(length / part.length))) + after

const id = "AKIAEXAMPLE"

const issued = {
  AccessKeyId: id,
  SecretAccessKey: planted,
  SessionToken: planted,
  Expiration: "2099-01-01T00:00:00Z"
}

const hardJson = [
  filled("[", "", ""),
  filled('{"a":', "", ""),
  filled('"a",', "[", '"a"]'),
  filled('"a":1,', "{", '"a":1}'),
  filled("\\", '{"a":"'),
  filled("\\\\", '{"a":"', '"}'),
  filled(" ", "{", "}"),
  filled("\n", "{", "}"),
  filled("9", '{"a":', "}"),
  filled("\\u0041", '{"a":"', '"}')
]

const json = (name: string, sound: ReadonlyArray<object>, told: (input: string) => unknown): Target => ({
  name,
  sound: sound.map((one) => JSON.stringify(one, undefined, 1)),
  told,
  hard: hardJson
})

const hardIni = [
  filled(" ", "[", "a]"),
  filled(" ", "[a", "]"),
  filled("[", "", ""),
  filled("[a]\n", "", ""),
  filled("\n", "[a]", ""),
  filled(" ", "[a]\na", "= b"),
  filled(" ", "[a]\na = b", "c"),
  filled("#", "[a]\na = b ", ""),
  filled(" #", "[a]\na = b", ""),
  filled("a = b\n", "[a]\n", ""),
  filled(" a = b\n", "[a]\ns3 =\n", ""),
  filled("=", "[a]\na", ""),
  filled('"', "[", "]"),
  (length: number) => Array.from({ length: length / 12 }, (_, at) => `[a${at}]\nb=c\n`).join(""),
  (length: number) => `[a]\n${Array.from({ length: length / 12 }, (_, at) => `a${at} = b\n`).join("")}`
]

const chained = (length: number, one: (at: number) => string): string =>
  Array.from({ length: length / one(1).length }, (_, at) => one(at)).join("")

const exchange = (cloud: Exchange["cloud"], status: number, body: string): Exchange => ({
  cloud,
  operation: "AssumeRole",
  status,
  headers: {
    "content-type": cloud === "aws" ? "text/xml" : "application/json",
    "x-acs-request-id": body.slice(0, 50)
  },
  body,
  stringToSign: "POST",
  secrets: () => [planted]
})

const alibabaResponse = Schema.decodeUnknownResult(Alibaba.AssumeRoleOperation.response)
const awsResult = {
  output: Aws.AssumeRoleOperation.output,
  response: Schema.decodeUnknownResult(Aws.AssumeRoleOperation.response)
}

const element = (name: string, content: string): string => `<${name}>${content}</${name}>`
const awsXml = element(
  "AssumeRoleResponse",
  element(
    "AssumeRoleResult",
    element(
      "Credentials",
      Object.entries(issued)
        .map(([name, value]) => element(name, value))
        .join("")
    ) + element("PackedPolicySize", "6")
  ) + element("ResponseMetadata", element("RequestId", "R-1"))
)
const awsRefusal = element(
  "ErrorResponse",
  element("Error", element("Code", "AccessDenied") + element("Message", `no, ${planted}`)) +
    element("RequestId", "R-1")
)

const hardXml = [
  filled("<a>", "", ""),
  filled("<a></a>", "<r>", "</r>"),
  filled("<a/>", "<r>", "</r>"),
  filled("<", "<r>", ""),
  filled("&amp;", "<r>", "</r>"),
  filled("&", "<r>", "</r>"),
  filled(" ", "<r", ">"),
  filled(' a="b"', "<r", "/>"),
  filled("]]", "<r><![CDATA[", "]]></r>"),
  filled("-", "<!--", "--><r/>"),
  filled("<!---->", "", "<r/>"),
  filled("a", "<", "/>"),
  filled(
    "because no ",
    element("ErrorResponse", "<Error><Code>AccessDenied</Code><Message>").slice(0, -16),
    ""
  ),
  filled(" ", "<r>The", "Canonical String</r>")
]

const refusals = (part: string) => (length: number) => {
  const message = part.repeat(Math.max(1, Math.floor(length / part.length)))
  return element(
    "ErrorResponse",
    element("Error", element("Code", "AccessDenied") + element("Message", message))
  )
}

const jsonRefusals = (part: string) => (length: number) =>
  JSON.stringify({
    Code: "SignatureDoesNotMatch",
    Message: part.repeat(Math.max(1, Math.floor(length / part.length)))
  })

const hardWords = [
  "because no ",
  "explicit deny in a ",
  "a-",
  " ",
  "The Canonical ",
  "server string to sign is:",
  ",.",
  "\u001b",
  "Signature\\",
  "%25",
  "&amp;"
]

const purpose = { operation: "AssumeRole", role: "r" } as unknown as CacheEntry.Purpose
const kept = CacheEntry.encode(
  purpose,
  { id, secret: planted, token: planted, accountId: undefined, source: "x", issuedAt: 1, expiresAt: 2 },
  undefined
)

const profileFile = `[default]
aws_access_key_id = ${id}
aws_secret_access_key = ${planted}
aws_session_token = ${planted}
region = eu-west-1
s3 =
  max_concurrent_requests = 3

[profile role]
role_arn = arn:aws:iam::123456789012:role/reader
source_profile = default
duration_seconds = 900

[profile sso]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = reader

[sso-session corp]
sso_start_url = https://corp.example/start
sso_region = eu-west-1
`

const cliConfig = {
  current: "dev",
  profiles: [
    { name: "dev", mode: "AK", access_key_id: id, access_key_secret: planted },
    { name: "sts", mode: "StsToken", access_key_id: id, access_key_secret: planted, sts_token: planted },
    { name: "role", mode: "ChainableRamRoleArn", source_profile: "dev", ram_role_arn: "acs:ram::1:role/r" },
    { name: "oauth", mode: "OAuth", oauth_access_token: planted, oauth_access_token_expire: 4_070_908_800 }
  ]
}

const credentialsFile = `[default]
type = access_key
access_key_id = ${id}
access_key_secret = ${planted}

[role]
type = ram_role_arn
access_key_id = ${id}
access_key_secret = ${planted}
role_arn = acs:ram::123456789012:role/reader
`

const times = [
  "2026-01-31T12:00:00Z",
  "2026-01-31T12:00:00.123456789+01:00",
  "1769860800.5",
  "Sat, 31 Jan 2026 12:00:00 GMT"
]

const hardTimes = [
  filled("9"),
  filled("1.", "", ""),
  filled(" ", "2026", ""),
  filled("0", "2026-01-31T12:00:00.", "Z")
]

const arns = [
  "arn:aws:sts::123456789012:assumed-role/reader/report",
  "acs:ram::123456789012:role/reader",
  "acs:ram::*:role/*"
]

const names = {
  id: "AccessKeyId",
  secret: "SecretAccessKey",
  token: "SessionToken",
  expiration: "Expiration"
}

const profilesOf = (input: string): unknown => {
  const sections = ProfileFile.parse("config", "/config", input)
  if (Result.isFailure(sections)) return sections.failure
  return ["default", "role", "sso", "a", "a0"].map((name) => left(ProfileGraph.plan(sections.success, name)))
}

const plansOf = (input: string): unknown => {
  const config = CliConfig.parse(input)
  if (Result.isFailure(config)) return config.failure
  return [undefined, "dev", "role", "oauth", "a0"].map((name) => left(CliConfig.plan(config.success, name)))
}

const typesOf = (input: string): unknown => {
  const { fault, profiles } = CredentialsFile.parse(input)
  return [
    fault,
    ...["default", "role", "a0"].flatMap((name) => {
      const found = profiles.get(name)
      return found === undefined ? [] : [found.fault, left(CredentialsFile.plan({ ...found, name }))]
    })
  ]
}

/** Every target by its name. */
export const targets: ReadonlyArray<Target> = [
  {
    name: "AWS XML",
    sound: [awsXml, awsRefusal],
    // Only parsed: whatever it says goes through a reply.
    told: (input) => void Xml.parse(input),
    hard: hardXml
  },
  {
    name: "AWS reply",
    sound: [awsXml, awsRefusal],
    told: (input) =>
      [200, 403, 500].map((status) => left(AwsQuery.decode(exchange("aws", status, input), awsResult))),
    hard: [...hardXml, ...hardWords.map(refusals)]
  },
  {
    ...json(
      "Alibaba Cloud reply",
      [
        {
          RequestId: "R-1",
          Credentials: { ...issued, AccessKeySecret: planted, SecurityToken: planted },
          AssumedRoleUser: { Arn: "acs:ram::1:role/r/s", AssumedRoleId: "3:s" }
        },
        {
          RequestId: "R-1",
          Code: "NoPermission",
          Message: `no, ${planted}`,
          Recommend: "https://x",
          AccessDeniedDetail: { PolicyType: "ControlPolicy", AuthAction: "sts:AssumeRole" }
        }
      ],
      (input) =>
        [200, 403, 500].map((status) =>
          left(AlibabaReply.decode(exchange("alibaba", status, input), alibabaResponse))
        )
    ),
    hard: [...hardJson, ...hardWords.map(jsonRefusals)]
  },
  {
    name: "AWS refusal's code",
    sound: [awsRefusal, '{"__type":"a#b"}'],
    told: (input) => AwsQuery.refusalCode({}, input),
    hard: [...hardXml, ...hardJson]
  },
  json("JSON text", [cliConfig], (input) => left(parseTree(input))),
  {
    name: "AWS profile files",
    sound: [profileFile],
    told: profilesOf,
    hard: [
      ...hardIni,
      (length) =>
        chained(
          length,
          (at) => `[profile a${at}]\nrole_arn=arn:aws:iam::1:role/r\nsource_profile=a${at + 1}\n`
        ),
      (length) => chained(length, (at) => `[profile a]\nrole_arn${at}=x\n`)
    ]
  },
  {
    ...json("Alibaba Cloud CLI configuration", [cliConfig], plansOf),
    hard: [
      ...hardJson,
      (length) =>
        `{"current":"a0","profiles":[${Array.from({ length: length / 90 }, (_, at) => `{"name":"a${at}","mode":"ChainableRamRoleArn","source_profile":"a${at + 1}","ram_role_arn":"acs:ram::1:role/r"}`).join()}]}`
    ]
  },
  {
    name: "Alibaba Cloud credentials file",
    sound: [credentialsFile],
    told: typesOf,
    hard: hardIni
  },
  json("output of a credential process", [{ Version: 1, ...issued }], (input) =>
    left(parseProcessOutput(input))
  ),
  json(
    "output of an external command",
    [{ mode: "StsToken", access_key_id: id, access_key_secret: planted, sts_token: planted }],
    (input) => left(parseOutput(input))
  ),
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
  ),
  json(
    "metadata document",
    [
      { Code: "Success", ...issued },
      { code: "Refused", message: "no" }
    ],
    (input) => left(CredentialsDocument.decode(input, names))
  ),
  {
    ...json("entry of the file cache", [], (input) => left(CacheEntry.decode(purpose, input, undefined))),
    sound: [kept]
  },
  json(
    "lock",
    [{ id: "0".repeat(32), pid: 1, thread: 0, host: "h", at: 1 }],
    (input) => void LockRecord.decode("/lock", input)
  ),
  json(
    "policy of AWS",
    [{ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "sts:*", Resource: "*" }] }],
    (input) => void Iam.parse(input)
  ),
  json(
    "policy of Alibaba Cloud",
    [{ Version: "1", Statement: [{ Effect: "Allow", Action: "sts:*", Resource: "*" }] }],
    (input) => void Ram.parse(input)
  ),
  {
    name: "words of a command",
    sound: [`/bin/x --a "b c" 'd' e\\ f ${planted}`, `"C:\\\\Program Files\\\\x.exe" {"a": 1}`],
    told: (input) => [left(parseWords(input, "other")), left(parseWords(input, "windows"))],
    hard: [
      filled("a "),
      filled("a"),
      filled('"'),
      filled("\\"),
      filled("'a' "),
      filled("{"),
      filled('{"a":'),
      filled("\\\\", '"', '"'),
      filled("[")
    ]
  },
  {
    name: "complaint of a command",
    sound: [
      `error: token=${planted}\nrun login\n`,
      `{"secret": "${planted}"}`,
      `Authorization: Bearer ${planted}`
    ],
    told: (input) => [
      CommandOutput.complaint(new TextEncoder().encode(input), [planted]),
      CommandOutput.beginning(input)
    ],
    hard: [
      filled("a"),
      filled("token"),
      filled("\u001b"),
      filled("\u001b]"),
      filled("token = "),
      filled("\n"),
      filled("{", "\n"),
      filled(" "),
      filled("-token "),
      filled("a1")
    ]
  },
  {
    name: "time",
    sound: times,
    told: (input) => void [parseTimestamp(input), Result.isFailure(credentialsUntil(input))],
    hard: hardTimes
  },
  {
    name: "date of a reply",
    sound: ["Sat, 31 Jan 2026 12:00:00 GMT", "Saturday, 31-Jan-26 12:00:00 GMT", "Sat Jan 31 12:00:00 2026"],
    told: (input) => void offsetMillis({ sentAt: 0, receivedAt: 0, date: input, age: undefined }, 1),
    hard: [...hardTimes, filled(" ", "Sat,")]
  },
  {
    name: "ARN",
    sound: arns,
    told: (input) =>
      void [
        isAlibabaCaller(input, arns[1] ?? ""),
        isAlibabaCaller("acs:ram::*:role/*a*b", input),
        isAwsCaller(input, arns[0] ?? ""),
        isAwsCaller("arn:aws:iam::1:role/*a*b", input)
      ],
    hard: [
      filled(":"),
      filled("/", "arn:aws:sts::1:assumed-role/"),
      filled("a/", "acs:ram::1:assumed-role/"),
      filled("*"),
      filled("*a"),
      filled("?")
    ]
  },
  {
    name: "pattern of a policy",
    sound: ["a*b?c"],
    told: (input) => void [matches(input, input), matches("*a*b*", input), matches(input, "abcabc")],
    hard: [filled("*"), filled("*a", "", "b"), filled("a"), filled("?*")]
  },
  {
    name: "text to show",
    sound: [`token=${planted}&a=${encodeURIComponent(planted)}`],
    told: (input) => excerpt(input, [planted]),
    hard: [
      filled("Signature\\"),
      filled("%25"),
      filled("&#"),
      filled("\\"),
      filled(planted.slice(0, 12)),
      filled("authorization "),
      filled('Signature":"')
    ]
  }
]
