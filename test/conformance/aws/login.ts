/**
 * `aws login`: sessions in files, used and renewed.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert"
import { inspect } from "node:util"
import * as ConfigProvider from "effect/ConfigProvider"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as TestClock from "effect/testing/TestClock"
import * as Aws from "../../../src/aws.js"
import { StsCredentialError } from "../../../src/schemas/StsError.js"
import { Disk } from "../../support/files.js"
import { type Answer, reply, scripted } from "../../support/scripted.js"
import { readJson, type Suite } from "../Suite.js"

type Json = Readonly<Record<string, unknown>>

interface Call {
  readonly request: { readonly tokenInput: Json }
  readonly response?: { readonly tokenOutput: Json }
  readonly responseCode?: number
}

interface Expected {
  readonly result: "credentials" | "error" | "cacheContents"
  readonly accessKeyId?: string
  readonly secretAccessKey?: string
  readonly sessionToken?: string
  readonly accountId?: string
  readonly expiresAt?: string
}

interface Vector {
  readonly documentation: string
  readonly configContents: string
  readonly cacheContents: Readonly<Record<string, Json>>
  readonly mockApiCalls?: ReadonlyArray<Call>
  readonly outcomes: ReadonlyArray<Expected>
}

/** The time by which the cases' expirations are made. */
const now = Date.parse("2025-11-19T00:00:00Z")

const folder = "/home/.aws/login/cache"

const sessionIn = (config: string): string => /^login_session\s*=\s*(\S+)/m.exec(config)?.[1] ?? ""

const answerTo =
  ({ request: { tokenInput }, response, responseCode = 200 }: Call): Answer =>
  (request, sent) => {
    strictEqual(request.method, "POST")
    strictEqual(sent.url, "https://us-east-1.signin.aws.amazon.com/v1/token")
    deepStrictEqual(JSON.parse(sent.body), tokenInput)
    ok(sent.headers["dpop"] !== undefined)
    return reply(responseCode, response?.tokenOutput ?? {})(request, sent)
  }

const secretsIn = ({ cacheContents, mockApiCalls = [] }: Vector): ReadonlyArray<string> =>
  Array.from(
    JSON.stringify([cacheContents, mockApiCalls]).matchAll(
      /"(?:secretAccessKey|sessionToken|refreshToken|dpopKey)":"([^"]+)"/g
    ),
    ([, secret = ""]) => secret
  ).filter((secret) => secret !== "refresh_token")

const compare = (disk: Disk, outcome: Result.Result<Aws.Credentials, unknown>, expected: Expected) => {
  const { result, ...values } = expected
  if (result === "error")
    return ok(Result.isFailure(outcome) && outcome.failure instanceof StsCredentialError)
  if (result === "cacheContents") {
    for (const [name, document] of Object.entries(values)) {
      deepStrictEqual(JSON.parse(disk.text(`${folder}/${name}`) ?? ""), document)
    }
    return
  }
  const { accessKeyId, accountId, expiration, secretAccessKey, sessionToken } = Result.getOrThrow(outcome)
  deepStrictEqual(
    {
      accessKeyId,
      secretAccessKey: Redacted.value(secretAccessKey),
      sessionToken: sessionToken && Redacted.value(sessionToken),
      accountId,
      expiresAt: expiration && DateTime.formatIso(expiration).replace(".000Z", "Z")
    },
    values
  )
}

const check = (vector: Vector) =>
  Effect.gen(function* () {
    const { cacheContents, configContents, mockApiCalls = [], outcomes } = vector
    const files = Object.entries(cacheContents).map(([name, document]) => [
      `${folder}/${name}`,
      JSON.stringify(document)
    ])
    const disk = new Disk({ "/home/.aws/config": configContents, ...Object.fromEntries(files) })
    const http = scripted(...mockApiCalls.map(answerTo))
    const outcome = yield* Effect.result(
      Effect.flatMap(
        Aws.Login.make({ loginSession: sessionIn(configContents), region: "us-east-1" }),
        ({ get }) => get
      )
    ).pipe(
      Effect.provide([http.layer, disk.layer]),
      Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown({ HOME: "/home" }))
    )
    strictEqual(http.sent.length, mockApiCalls.length)
    for (const expected of outcomes) compare(disk, outcome, expected)
    const printed = `${inspect(outcome, { depth: 9 })} ${JSON.stringify(outcome)}`
    for (const secret of secretsIn(vector)) ok(!printed.includes(secret), "a secret was printed")
  }).pipe((run) => Effect.andThen(TestClock.setTime(now), run), Effect.provide(TestClock.layer()))

export const login: Suite = {
  name: "aws/login.json",
  cases: (path) =>
    readJson<ReadonlyArray<Vector>>(path).map((vector) => ({
      name: vector.documentation,
      check: check(vector)
    }))
}
