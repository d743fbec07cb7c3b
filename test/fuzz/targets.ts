/**
 * Every parser of this project, with documents that it reads, what it makes of one, and its worst case.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import { Iam, Ram } from "../../src/emulator/Policy.js"
import * as LockRecord from "../../src/layers/cache/Lock.js"
import * as CliConfig from "../../src/protocol/alibaba/cliConfig.js"
import * as CredentialsFile from "../../src/protocol/alibaba/credentialsFile.js"
import { parseOutput, parseWords } from "../../src/protocol/alibaba/external.js"
import * as AlibabaReply from "../../src/protocol/alibaba/rpc.js"
import { isAlibabaCaller, isAwsCaller, matches } from "../../src/protocol/arn.js"
import * as ProfileFile from "../../src/protocol/aws/profileFile.js"
import * as ProfileGraph from "../../src/protocol/aws/profileGraph.js"
import * as AwsQuery from "../../src/protocol/aws/query.js"
import * as Xml from "../../src/protocol/aws/xml.js"
import * as CacheEntry from "../../src/protocol/cacheEntry.js"
import * as CommandOutput from "../../src/protocol/commandOutput.js"
import { parseProcessOutput } from "../../src/protocol/commandOutput.js"
import * as CredentialsDocument from "../../src/protocol/credentialsDocument.js"
import { parseTimestamp } from "../../src/protocol/encoding.js"
import type { Exchange } from "../../src/protocol/exchange.js"
import { parseTree } from "../../src/protocol/json.js"
import { offsetMillis } from "../../src/protocol/retry.js"
import { excerpt } from "../../src/protocol/scrub.js"
import { CredentialsFromWire } from "../../src/schemas/alibaba/Credentials.js"
import {
  arns,
  awsRefusal,
  awsXml,
  cliConfig,
  credentialsFile,
  id,
  issued,
  kept,
  profileFile,
  purpose,
  times
} from "./documents.js"
import {
  chained,
  filled,
  hardIni,
  hardJson,
  hardTimes,
  hardWords,
  hardXml,
  jsonRefusals,
  refusals
} from "./hardInputs.js"
import { planted } from "./inputs.js"
import { signInTargets } from "./signInTargets.js"
import { json, left, type Target } from "./target.js"

const credentialsUntil = (Expiration: string) =>
  Schema.decodeUnknownResult(CredentialsFromWire)({
    AccessKeyId: "id",
    AccessKeySecret: "secret",
    Expiration
  })

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
  ...signInTargets,
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
  ...(["other", "windows"] as const).map((platform) => ({
    name: `words of a command, ${platform}`,
    sound: [`/bin/x --a "b c" 'd' e\\ f ${planted}`, `"C:\\\\Program Files\\\\x.exe" {"a": 1}`],
    told: (input: string) => [left(parseWords(input, platform))],
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
  })),
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
