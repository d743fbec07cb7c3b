/** Sound documents, each as its parser reads it. */
import * as CacheEntry from "../../src/protocol/cacheEntry.js"
import { planted } from "./inputs.js"

export const id = "AKIAEXAMPLE"

export const issued = {
  AccessKeyId: id,
  SecretAccessKey: planted,
  SessionToken: planted,
  Expiration: "2099-01-01T00:00:00Z"
}

export const element = (name: string, content: string): string => `<${name}>${content}</${name}>`
export const awsXml = element(
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
export const awsRefusal = element(
  "ErrorResponse",
  element("Error", element("Code", "AccessDenied") + element("Message", `no, ${planted}`)) +
    element("RequestId", "R-1")
)

export const purpose = { operation: "AssumeRole", role: "r" } as unknown as CacheEntry.Purpose
export const kept = CacheEntry.encode(
  purpose,
  { id, secret: planted, token: planted, accountId: undefined, source: "x", issuedAt: 1, expiresAt: 2 },
  undefined
)

export const profileFile = `[default]
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

export const cliConfig = {
  current: "dev",
  profiles: [
    { name: "dev", mode: "AK", access_key_id: id, access_key_secret: planted },
    { name: "sts", mode: "StsToken", access_key_id: id, access_key_secret: planted, sts_token: planted },
    { name: "role", mode: "ChainableRamRoleArn", source_profile: "dev", ram_role_arn: "acs:ram::1:role/r" },
    { name: "oauth", mode: "OAuth", oauth_access_token: planted, oauth_access_token_expire: 4_070_908_800 }
  ]
}

export const credentialsFile = `[default]
type = access_key
access_key_id = ${id}
access_key_secret = ${planted}

[role]
type = ram_role_arn
access_key_id = ${id}
access_key_secret = ${planted}
role_arn = acs:ram::123456789012:role/reader
`

export const times = [
  "2026-01-31T12:00:00Z",
  "2026-01-31T12:00:00.123456789+01:00",
  "1769860800.5",
  "Sat, 31 Jan 2026 12:00:00 GMT"
]

export const arns = [
  "arn:aws:sts::123456789012:assumed-role/reader/report",
  "acs:ram::123456789012:role/reader",
  "acs:ram::*:role/*"
]
