/**
 * Replies as other implementations of AWS's protocol write them: a response or an error of ours, never a defect.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Aws from "../../src/aws.js"
import { RequestPolicy } from "../../src/index.js"
import { signedForAws } from "../support/runners.js"
import { reply, scripted } from "../support/scripted.js"

const credentials = (expiration: string) =>
  `<Credentials><AccessKeyId>AKID</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken><Expiration>${expiration}</Expiration></Credentials>`

const assumed = (result: string, namespace = "") =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<AssumeRoleResponse${namespace}><AssumeRoleResult>${result}</AssumeRoleResult><ResponseMetadata><RequestId>REQ</RequestId></ResponseMetadata></AssumeRoleResponse>`

const namespace = ' xmlns="https://sts.amazonaws.com/doc/2011-06-15/"'
const end = "2026-01-01T01:00:00Z"

interface Recorded {
  readonly name: string
  readonly status?: number
  readonly contentType: string
  readonly body: string
  readonly becomes: string
}

const html = "text/html; charset=utf-8"

const replies: ReadonlyArray<Recorded> = [
  {
    name: "moto: text/html, fractional seconds",
    contentType: html,
    body: assumed(credentials("2026-01-01T01:00:00.123456Z"), namespace),
    becomes: "AKID"
  },
  {
    name: "moto: a refusal in text/html",
    status: 400,
    contentType: html,
    body: "<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>no</Message></Error><RequestId>REQ</RequestId></ErrorResponse>",
    becomes: "ValidationError"
  },
  {
    name: "MinIO: a user with nothing in it",
    contentType: "application/xml",
    body: assumed(
      `<AssumedRoleUser><Arn></Arn><AssumeRoleId></AssumeRoleId></AssumedRoleUser>${credentials(end)}`,
      namespace
    ),
    becomes: "AKID"
  },
  {
    name: "MinIO: an error on its own",
    status: 403,
    contentType: "application/xml",
    body: "<Error><Code>AccessDenied</Code><Message>Access Denied.</Message><RequestId>REQ</RequestId></Error>",
    becomes: "AccessDenied"
  },
  {
    name: "Ceph RGW: no namespace, nanoseconds, an ARN without an account",
    contentType: "application/xml",
    body: assumed(
      `<AssumedRoleUser><Arn>arn:aws:sts:::assumed-role/r/s</Arn><AssumedRoleId>id:s</AssumedRoleId></AssumedRoleUser>${credentials("2026-01-01T01:00:00.123456789Z")}<PackedPolicySize>0</PackedPolicySize>`
    ),
    becomes: "AKID"
  },
  {
    name: "credentials without an end",
    contentType: "text/xml",
    body: assumed(credentials("")),
    becomes: "Incomplete"
  },
  { name: "nothing in it", contentType: "text/xml", body: "", becomes: "Malformed" },
  { name: "JSON", contentType: "application/json", body: "{}", becomes: "ContentType" }
]

describe("a reply of", () => {
  for (const { becomes, body, contentType, name, status = 200 } of replies) {
    it.effect(name, () =>
      Effect.gen(function* () {
        const http = scripted(reply(status, body, { "content-type": contentType }))
        const result = yield* Aws.assumeRole({
          roleArn: "arn:aws:iam::123456789012:role/r",
          roleSessionName: "report"
        }).pipe(
          signedForAws(),
          RequestPolicy.adjust({ aws: { region: "us-east-1" } }),
          Effect.provide(http.layer),
          Effect.result
        )
        const error = result._tag === "Failure" ? result.failure : undefined
        const outcome =
          result._tag === "Success"
            ? result.success.credentials.accessKeyId
            : error?._tag === "StsApiError"
              ? error.code
              : error?._tag === "StsResponseError"
                ? error.reason
                : error?._tag
        assert.strictEqual(outcome, becomes)
        if (result._tag === "Success") {
          assert.strictEqual(Redacted.value(result.success.credentials.sessionToken), "token")
        }
      })
    )
  }
})
