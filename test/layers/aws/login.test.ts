import { createHash, createPublicKey, generateKeyPairSync, verify } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Aws from "../../../src/aws.js"
import { StsConfigError } from "../../../src/schemas/StsError.js"
import { ConfiguredAt } from "../../../src/services/SourceRequest.js"
import { planted } from "../../leaks/planted.js"
import { Disk } from "../../support/files.js"
import { type Answer, fault, reply, type Sent, scripted } from "../../support/scripted.js"
import { inMinutes, inTime, on, refuses } from "./signedIn.js"

const arn = "arn:aws:sts::012345678910:assumed-role/Admin/admin"
const name = `${createHash("sha256").update(arn).digest("hex")}.json`
const path = `/home/.aws/login/cache/${name}`

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" })
const dpopKey = privateKey.export({ format: "pem", type: "sec1" }).toString()

const { issuedSecret, issuedToken, oidcToken, securityToken } = planted

/** What `aws login` has written. */
const signedIn = (minutes: number, more: object = {}, access: object = {}): string =>
  JSON.stringify({
    accessToken: {
      accessKeyId: "ASIAOLD",
      secretAccessKey: planted.accessKeySecret,
      sessionToken: securityToken,
      accountId: "012345678910",
      expiresAt: inMinutes(minutes),
      ...access
    },
    tokenType: "aws_sigv4",
    clientId: "arn:aws:signin:::devtools/same-device",
    refreshToken: oidcToken,
    idToken: "PLANTED",
    dpopKey,
    ofTheFuture: [1],
    ...more
  })

const renewed = reply(200, {
  accessToken: { accessKeyId: "ASIANEW", secretAccessKey: issuedSecret, sessionToken: issuedToken },
  tokenType: "aws_sigv4",
  refreshToken: issuedToken,
  expiresIn: 900
})

const machine = (
  text: string | undefined,
  answers: ReadonlyArray<Answer> = [],
  env: Readonly<Record<string, string>> = {}
) => ({
  disk: new Disk(text === undefined ? {} : { [path]: text }),
  http: scripted(...answers),
  env: { AWS_REGION: "eu-west-1", ...env }
})

const where = { file: "/home/.aws/config", line: 2, profile: "signin" }
const options = { loginSession: arn }

const get = (given: Aws.Login.Options = options) =>
  Effect.flatMap(Effect.provideService(Aws.Login.make(given), ConfiguredAt, where), (one) => one.get)

const claimsOf = ({ headers }: Sent): Record<string, unknown> => {
  const [header, claims, signature] = (headers["dpop"] ?? "").split(".")
  const signed = Buffer.from(`${header}.${claims}`)
  const key = { key: publicKey, dsaEncoding: "ieee-p1363" } as const
  assert.isTrue(verify("sha256", signed, key, Buffer.from(signature ?? "", "base64url")))
  const { jwk } = JSON.parse(Buffer.from(header ?? "", "base64url").toString())
  assert.isTrue(createPublicKey({ key: jwk, format: "jwk" }).equals(publicKey))
  return JSON.parse(Buffer.from(claims ?? "", "base64url").toString())
}

describe("a login session", () => {
  it.effect("gives its credentials", () =>
    Effect.gen(function* () {
      const setup = machine(signedIn(6))
      const credentials = yield* on(setup, get({ ...options, loginSession: ` ${arn} ` }))
      assert.strictEqual(credentials.accessKeyId, "ASIAOLD")
      assert.strictEqual(Redacted.value(credentials.secretAccessKey), planted.accessKeySecret)
      assert.strictEqual(credentials.accountId, "012345678910")
      assert.match(credentials.source ?? "", /^login of arn:aws:/)
      assert.strictEqual(setup.http.sent.length, 0)
    })
  )

  it.effect("is read from the configured folder", () =>
    Effect.gen(function* () {
      const setup = machine(undefined, [], { AWS_LOGIN_CACHE_DIRECTORY: "~/elsewhere", HOME: "/home" })
      setup.disk.put(`/home/elsewhere/${name}`, signedIn(60))
      assert.strictEqual((yield* on(setup, get())).accessKeyId, "ASIAOLD")
    })
  )

  it.effect("is renewed before it expires, with a DPoP proof, and saved for the AWS CLI", () =>
    Effect.gen(function* () {
      const setup = machine(signedIn(5), [renewed])
      const credentials = yield* on(setup, get())
      assert.strictEqual(credentials.accessKeyId, "ASIANEW")
      assert.strictEqual(credentials.accountId, "012345678910")
      assert.strictEqual(
        credentials.expiration && DateTime.formatIso(credentials.expiration),
        "2026-01-01T00:15:00.000Z"
      )
      const [sent] = setup.http.sent
      assert.isDefined(sent)
      assert.strictEqual(sent.url, "https://eu-west-1.signin.aws.amazon.com/v1/token")
      assert.strictEqual(sent.headers["content-type"], "application/json")
      assert.deepStrictEqual(JSON.parse(sent.body), {
        clientId: "arn:aws:signin:::devtools/same-device",
        refreshToken: oidcToken,
        grantType: "refresh_token"
      })
      const { jti, ...claims } = claimsOf(sent)
      assert.match(String(jti), /^[\w-]{36}$/)
      assert.deepStrictEqual(claims, { htm: "POST", htu: sent.url, iat: 1_767_225_600 })
      const written = setup.disk.files.get(path)
      assert.strictEqual(written?.mode, 0o600)
      assert.deepStrictEqual(
        JSON.parse(written?.text ?? ""),
        JSON.parse(
          signedIn(
            15,
            { refreshToken: issuedToken },
            {
              accessKeyId: "ASIANEW",
              secretAccessKey: issuedSecret,
              sessionToken: issuedToken
            }
          )
        )
      )
    })
  )

  it.effect("is renewed in the region of the sign-in, or the configured one", () =>
    Effect.gen(function* () {
      const regions: ReadonlyArray<
        readonly [string, object, Partial<Aws.Login.Options>, Record<string, string>]
      > = [
        [
          "https://us-west-2.signin.aws.amazon.com/",
          { signInRegion: "us-west-2" },
          { region: "eu-west-3" },
          {}
        ],
        ["https://eu-west-3.signin.aws.amazon.com/", {}, { region: "eu-west-3" }, {}],
        ["https://us-gov-west-1.signin.amazonaws-us-gov.com/", {}, { region: "us-gov-west-1" }, {}],
        ["https://signin.example.com/", {}, {}, { AWS_ENDPOINT_URL_SIGNIN: "https://signin.example.com" }]
      ]
      for (const [url, more, given, env] of regions) {
        const setup = machine(signedIn(-1, more), [renewed], env)
        yield* on(setup, get({ ...options, ...given }))
        assert.strictEqual(setup.http.sent[0]?.url, `${url}v1/token`)
      }
      const nowhere = machine(signedIn(-1), [renewed], { AWS_REGION: "" })
      const error = yield* Effect.flip(on(nowhere, get()))
      assert.isTrue(error instanceof StsConfigError && error.key === "AWS_REGION")
    })
  )

  it.effect("makes a new DPoP proof for each attempt", () =>
    Effect.gen(function* () {
      const setup = machine(signedIn(-1), [reply(503, ""), fault("ECONNRESET"), renewed])
      assert.strictEqual((yield* on(setup, inTime(get()))).accessKeyId, "ASIANEW")
      const nonces = setup.http.sent.map((sent) => claimsOf(sent)["jti"])
      assert.strictEqual(new Set(nonces).size, 3)
    })
  )

  const broken: ReadonlyArray<readonly [string, string | undefined, Parameters<typeof refuses>[1], string]> =
    [
      ["no one has signed in", undefined, "Expired", "no one has signed in"],
      ["its file is not JSON", `{"refreshToken": "${oidcToken}`, "Malformed", "not a JSON object"],
      ...["accessToken", "clientId", "refreshToken", "dpopKey"].map(
        (key) => [`it has no ${key}`, signedIn(60, { [key]: undefined }), "Incomplete", key] as const
      ),
      ...["accessKeyId", "secretAccessKey", "sessionToken", "accountId", "expiresAt"].map(
        (key) =>
          [`it has no ${key}`, signedIn(60, {}, { [key]: "" }), "Incomplete", `accessToken.${key}`] as const
      ),
      ["its end is no date", signedIn(60, {}, { expiresAt: "soon" }), "Malformed", "expiresAt"],
      ["its key is none", signedIn(-1, { dpopKey: oidcToken }), "Malformed", "dpopKey"]
    ]
  for (const [fault, text, reason, words] of broken) {
    it.effect(`fails when ${fault}, with the sign-in command`, () =>
      Effect.gen(function* () {
        const setup = machine(text)
        yield* refuses(on(setup, get()), reason, words, "Run aws login --profile signin.")
        assert.strictEqual(setup.http.sent.length, 0)
      })
    )
  }

  it.effect("fails when the home directory is unknown", () =>
    refuses(on(machine(undefined, [], { HOME: "" }), get()), "Unreadable", "AWS_LOGIN_CACHE_DIRECTORY")
  )

  const refusals: ReadonlyArray<readonly [string, Answer, Parameters<typeof refuses>[1], number, string]> = [
    [
      "its time is over",
      reply(401, { error: "TOKEN_EXPIRED", message: oidcToken }),
      "Expired",
      1,
      "aws login"
    ],
    ["the password changed", reply(403, { error: "USER_CREDENTIALS_CHANGED" }), "Expired", 1, "aws login"],
    [
      "that is not permitted",
      reply(403, { error: "INSUFFICIENT_PERMISSIONS" }),
      "Refused",
      1,
      "signin:CreateOAuth2Token"
    ],
    ["the request is refused", reply(400, { error: "INVALID_REQUEST" }), "Refused", 1, "aws login"],
    ["there are too many", reply(429, { error: "INVALID_REQUEST" }), "Unavailable", 3, "HTTP 429"],
    ["the service is down", reply(500, { error: "server_error" }), "Unavailable", 3, "HTTP 500"],
    [
      "the answer is not whole",
      reply(200, { accessToken: { secretAccessKey: issuedSecret } }),
      "Unavailable",
      3,
      "no new credentials"
    ],
    ["nobody answers", fault("ETIMEDOUT"), "Unavailable", 3, "no answer"]
  ]
  for (const [why, answer, reason, attempts, words] of refusals) {
    it.effect(`is used until it expires when ${why}, and then fails`, () =>
      Effect.gen(function* () {
        const setup = machine(signedIn(4), [answer])
        assert.strictEqual((yield* on(setup, inTime(get()))).accessKeyId, "ASIAOLD")
        assert.strictEqual(setup.http.sent.length, attempts)
        assert.strictEqual(setup.disk.text(path), signedIn(4))
        yield* refuses(on(machine(signedIn(0), [answer]), inTime(get())), reason, words)
      })
    )
  }
})
