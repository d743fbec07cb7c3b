/**
 * Whether a status may pass by itself: every status that somebody refuses with, and everybody who has to know. All give
 * the same answer, in what they tell and in how often they ask.
 */
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import { type CredentialSource, GithubActions, RequestPolicy } from "../../src/index.js"
import * as CloudSso from "../../src/layers/alibaba/CloudSso.js"
import { once, persistently } from "../../src/layers/aws/identityCall.js"
import { rejected } from "../../src/layers/vendorPromise.js"
import { StsApiError, StsCredentialError, StsResponseError } from "../../src/schemas/StsError.js"
import { sendRequest } from "../../src/services/SourceRequest.js"
import { files } from "../support/files.js"
import { environment } from "../support/metadata.js"
import { type Answer, reply, scripted, signing } from "../support/scripted.js"
import { timed } from "../support/time.js"

const never: ReadonlyArray<number> = [
  300, 301, 302, 304, 307, 308, 400, 401, 402, 403, 404, 405, 406, 407, 409, 410, 411, 412, 413, 414, 415,
  416, 417, 418, 421, 422, 425, 426, 428, 431, 451, 499, 501, 505
]
const later: ReadonlyArray<number> = [408, 429, 500, 502, 503, 504, 507, 508, 511, 520, 529, 599]

const statuses = [
  ...never.map((status) => [status, false] as const),
  ...later.map((status) => [status, true] as const)
]

/** What somebody makes of a refusal that stays. */
type User = Effect.Effect<unknown, unknown, HttpClient.HttpClient>

const awsSigning = Layer.merge(
  Aws.SignerV4.layer,
  Aws.Static.layer({ accessKeyId: "id", secretAccessKey: "secret" })
)

const operation = { operation: "test", method: "GET", url: "https://host.test/" } as const

const source = { cloud: "aws", source: "test" } as const

const portal = Effect.flatMap(HttpClient.HttpClient, (client) =>
  persistently(once({ client, source, service: "the portal", command: "aws sso login" }, operation))
)

const cloudSso = Effect.flatMap(
  CloudSso.make({
    signInUrl: "https://signin.test/login",
    accountId: "1234567890",
    accessConfiguration: "ac-1",
    accessToken: Redacted.make("token"),
    accessTokenExpiration: DateTime.makeUnsafe(4_000_000_000_000)
  }),
  ({ get }) => get
)

const users: Readonly<Record<string, User>> = {
  "an operation of AWS": Aws.getCallerIdentity().pipe(Effect.provide(awsSigning)),
  "an operation of Alibaba Cloud": Alibaba.getCallerIdentity().pipe(Effect.provide(signing)),
  "AWS's portals": portal,
  "Alibaba Cloud's logins": cloudSso,
  "a container's endpoint": Effect.flatMap(
    Aws.Container.make({ fullUri: "https://container.test/" }),
    ({ get }) => get
  ).pipe(Effect.provide(files({}).layer)),
  "a URL with credentials": Effect.flatMap(
    Alibaba.CredentialsUri.make({ uri: "https://uri.test/" }),
    ({ get }) => get
  ),
  "GitHub Actions": GithubActions.token("audience", "aws")
}

const variables = {
  ACTIONS_ID_TOKEN_REQUEST_URL: "https://actions.test/token",
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: "bearer"
}

const passes = (error: unknown): boolean =>
  error instanceof StsApiError || error instanceof StsResponseError
    ? error.retryable
    : error instanceof StsCredentialError && error.reason === "Unavailable"

/** Whether somebody says that a refusal may pass, and how often they asked. */
const outcome = (user: User, answer: Answer) => {
  const http = scripted(answer)
  return timed(
    user.pipe(
      RequestPolicy.adjust({ jitter: false, aws: { region: "eu-west-1" } }),
      Effect.provide(http.layer),
      environment(variables)
    )
  ).pipe(
    Effect.map((done) => {
      assert.strictEqual(done.outcome._tag, "Failure")
      return [done.outcome._tag === "Failure" && passes(done.outcome.failure), http.sent.length]
    })
  )
}

const page = (status: number) => reply(status, "<html>", { "content-type": "text/html", location: "/x" })

const xml = (status: number) =>
  reply(status, "<ErrorResponse><Error><Code>Unheard.Of</Code></Error></ErrorResponse>", {
    "content-type": "text/xml"
  })

const json = (status: number) => reply(status, { Code: "Unheard.Of", RequestId: "R" })

describe.each(Object.entries(users))("%s", (name, user) => {
  const isOperation = name.startsWith("an operation")
  const answers = isOperation ? { page, refusal: name.endsWith("AWS") ? xml : json } : { page }
  for (const [what, answer] of Object.entries(answers)) {
    it.effect.each(statuses)(`classifies a ${what} with HTTP %i as retryable: %s`, ([status, may]) =>
      Effect.map(outcome(user, answer(status)), (found) => assert.deepStrictEqual(found, [may, may ? 3 : 1]))
    )
  }
})

describe("others that retry", () => {
  it.effect.each(statuses)("retry after HTTP %i: %s", ([status, may]) => {
    const http = scripted(page(status))
    const request = { ...operation, cloud: "aws", timeout: 1_000, attempts: 3 } as const
    return Effect.map(sendRequest(http.client, request), (answer) =>
      assert.deepStrictEqual([answer.status, http.sent.length], [status, may ? 3 : 1])
    )
  })

  it.each(statuses.filter(([status]) => status >= 400))(
    "reads an error of a vendor's package with HTTP %i, which may pass: %s",
    (status, may) => {
      assert.strictEqual(rejected(source)({ statusCode: status }).reason === "Unavailable", may)
      assert.strictEqual(
        rejected(source)({ $metadata: { httpStatusCode: status } }).reason === "Unavailable",
        may
      )
    }
  )
})

/** A code, and whether it blames the clock, asks for other credentials, or neither. */
type Blame = readonly [code: string, status: number, blame: "clock" | "credentials" | "nothing"]

const awsCodes: ReadonlyArray<Blame> = [
  ["RequestExpired", 400, "clock"],
  ["RequestInTheFuture", 403, "clock"],
  ["RequestTimeTooSkewed", 403, "clock"],
  ["AuthFailure", 401, "clock"],
  ["InvalidSignatureException", 403, "clock"],
  ["SignatureDoesNotMatch", 403, "clock"],
  ["ExpiredToken", 403, "credentials"],
  ["ExpiredTokenException", 400, "credentials"],
  ["InvalidToken", 400, "credentials"],
  ["TokenRefreshRequired", 400, "credentials"],
  ["InvalidAccessKeyId", 403, "credentials"],
  ["InvalidClientTokenId", 403, "credentials"],
  ["UnrecognizedClientException", 400, "credentials"],
  ["IncompleteSignature", 400, "nothing"],
  ["MissingAuthenticationToken", 403, "nothing"],
  ["AccessDenied", 403, "nothing"],
  ["ValidationError", 400, "nothing"],
  ["Unheard.Of", 403, "nothing"]
]

const alibabaCodes: ReadonlyArray<Blame> = [
  ["InvalidTimeStamp.Expired", 400, "clock"],
  ["InvalidSecurityToken.Expired", 400, "credentials"],
  ["InvalidSecurityToken.Malformed", 400, "credentials"],
  ["InvalidSecurityToken.MismatchWithAccessKey", 400, "credentials"],
  ["InvalidAccessKeyId.NotFound", 404, "credentials"],
  ["InvalidAccessKeyId.Inactive", 400, "credentials"],
  ["InvalidTimeStamp.Format", 400, "nothing"],
  ["SignatureNonceUsed", 400, "nothing"],
  ["SignatureDoesNotMatch", 400, "nothing"],
  ["Forbidden.AccessKeyDisabled", 403, "nothing"],
  ["NoPermission", 403, "nothing"],
  ["EntityNotExist.Role", 404, "nothing"],
  ["Unheard.Of", 403, "nothing"]
]

/** Gives another key once the one before was refused, and tells which were. */
const rotating = <Credentials>(make: (accessKeyId: string) => Credentials) => {
  const refused: Array<string> = []
  const source: CredentialSource<Credentials> = {
    name: "rotating",
    get: Effect.sync(() => make(`KEY${refused.length}`)),
    invalidate: (id) => Effect.sync(() => void refused.push(id))
  }
  return { refused, source }
}

// An hour ahead of the test's clock.
const date = "Thu, 01 Jan 1970 01:00:00 GMT"

const awsRefusal = (code: string, status: number): Answer =>
  reply(status, `<ErrorResponse><Error><Code>${code}</Code></Error></ErrorResponse>`, {
    "content-type": "text/xml",
    date
  })

const alibabaRefusal = (code: string, status: number): Answer =>
  reply(status, { Code: code, RequestId: "R" }, { date })

/** How a request ends that stays refused: attempts in all, and the keys that were given back. */
const ends = <A, E, R>(request: Effect.Effect<A, E, R>, refused: ReadonlyArray<string>, answer: Answer) => {
  const http = scripted(answer)
  return Effect.result(request).pipe(
    RequestPolicy.adjust({ jitter: false, aws: { region: "eu-west-1" } }),
    Effect.provide(http.layer),
    Effect.map(() => ({ attempts: http.sent.length, refused }))
  )
}

const expected = (blame: Blame[2]) =>
  blame === "clock"
    ? { attempts: 2, refused: [] }
    : blame === "credentials"
      ? { attempts: 2, refused: ["KEY0"] }
      : { attempts: 1, refused: [] }

describe("operations and signed clients", () => {
  it.effect.each(awsCodes)("of AWS, after %s (HTTP %i), blame %s", ([code, status, blame]) =>
    Effect.gen(function* () {
      const key = (accessKeyId: string) =>
        new Aws.Credentials({ accessKeyId, secretAccessKey: Redacted.make("secret") })
      const signed = Effect.gen(function* () {
        const sign = yield* Aws.signedHttpClient({ service: "s3", region: "eu-west-1" })
        return yield* sign(yield* HttpClient.HttpClient).get("https://host.test/x")
      })
      for (const request of [Aws.getCallerIdentity(), signed]) {
        const { refused, source } = rotating(key)
        const provided = Effect.provide(request as typeof signed, [
          Aws.SignerV4.layer,
          Layer.succeed(Aws.CredentialProvider, source)
        ])
        assert.deepStrictEqual(yield* ends(provided, refused, awsRefusal(code, status)), expected(blame))
      }
    })
  )

  it.effect.each(alibabaCodes)("of Alibaba Cloud, after %s (HTTP %i), blame %s", ([code, status, blame]) =>
    Effect.gen(function* () {
      const key = (accessKeyId: string) =>
        new Alibaba.Credentials({ accessKeyId, accessKeySecret: Redacted.make("secret") })
      const signed = Effect.gen(function* () {
        const sign = yield* Alibaba.signedHttpClient({ version: "2014-05-26" })
        const client = sign(yield* HttpClient.HttpClient)
        return yield* client.post("https://host.test/", { headers: { "x-acs-action": "DescribeZones" } })
      })
      for (const request of [Alibaba.getCallerIdentity(), signed]) {
        const { refused, source } = rotating(key)
        const provided = Effect.provide(request as typeof signed, [
          Alibaba.SignerAcs3.layer,
          Layer.succeed(Alibaba.CredentialProvider, source)
        ])
        assert.deepStrictEqual(yield* ends(provided, refused, alibabaRefusal(code, status)), expected(blame))
      }
    })
  )
})
