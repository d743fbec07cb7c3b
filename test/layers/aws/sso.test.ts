import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Aws from "../../../src/aws.js"
import { RequestPolicy } from "../../../src/index.js"
import { StsConfigError } from "../../../src/schemas/StsError.js"
import { planted } from "../../leaks/planted.js"
import { type Answer, fault, never, reply } from "../../support/scripted.js"
import { inTime, on, refuses } from "./signedIn.js"
import { get, machine, options, pathOf, portal, role, roleUrl, session, signedIn, startUrl } from "./sso.js"

const { issuedSecret, issuedToken, oidcToken } = planted

describe("a role of Identity Center", () => {
  for (const given of [session, options]) {
    it.effect(`is got with the token of a ${given === session ? "session" : "start URL"}`, () =>
      Effect.gen(function* () {
        const setup = machine(signedIn(60), role)
        const credentials = yield* on(setup, get(given))
        assert.strictEqual(credentials.accessKeyId, "ASIAROLE")
        assert.strictEqual(Redacted.value(credentials.secretAccessKey), issuedSecret)
        assert.strictEqual(credentials.accountId, "123456789012")
        assert.match(credentials.source ?? "", /^SSO role \S+ in \d+$/)
        assert.strictEqual(
          credentials.expiration && DateTime.formatIso(credentials.expiration),
          "2026-01-01T08:00:00.000Z"
        )
        const [sent] = setup.http.sent
        assert.strictEqual(setup.http.sent.length, 1)
        assert.strictEqual(sent?.url, roleUrl)
        assert.strictEqual(sent?.headers["x-amz-sso_bearer_token"], oidcToken)
        assert.deepStrictEqual([...setup.disk.files.keys()], [pathOf("corp"), pathOf(startUrl)])
      })
    )
  }

  it.effect("reads dates of older tools", () =>
    on(machine(signedIn(0, { expiresAt: "2026-01-01T01:00:00UTC" }), role), get(options))
  )

  it.effect("is requested in the configured region", () =>
    Effect.gen(function* () {
      const variants: ReadonlyArray<readonly [string, Partial<Aws.Sso.Options>, Record<string, string>]> = [
        ["https://portal.sso-fips.eu-central-1.api.aws/", { useFips: true, useDualStack: true }, {}],
        ["https://portal.sso-fips.eu-central-1.amazonaws.com/", {}, { AWS_USE_FIPS_ENDPOINT: "true" }],
        [
          "https://code.example.com/",
          { endpoint: "https://code.example.com" },
          { AWS_ENDPOINT_URL: "https://e" }
        ],
        ["https://sso.example.com/", {}, { AWS_ENDPOINT_URL_SSO: "https://sso.example.com" }],
        ["https://all.example.com/x/", {}, { AWS_ENDPOINT_URL: "https://all.example.com/x" }],
        [
          portal,
          {},
          { AWS_ENDPOINT_URL: "https://all.example.com", AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" }
        ]
      ]
      for (const [url, more, env] of variants) {
        const setup = { ...machine(signedIn(60), role), env }
        yield* on(setup, get({ ...session, ...more }))
        assert.isTrue(setup.http.sent[0]?.url.startsWith(`${url}federation/`), setup.http.sent[0]?.url)
      }
    })
  )

  it.effect("refuses plain HTTP and invalid regions", () =>
    Effect.gen(function* () {
      for (const [more, env] of [
        [{}, { AWS_ENDPOINT_URL_SSO: "http://sso.example.com" }],
        [{ region: "evil.example.com/" }, {}],
        [{ useFips: true, endpoint: "https://sso.example.com" }, {}]
      ] as const) {
        const setup = { ...machine(signedIn(60), role), env }
        const error = yield* Effect.flip(on(setup, get({ ...session, ...more })))
        assert.instanceOf(error, StsConfigError)
        assert.strictEqual(setup.http.sent.length, 0)
      }
    })
  )

  const faults: ReadonlyArray<readonly [string, Answer, Parameters<typeof refuses>[1], number, string]> = [
    [
      "a token that is worth nothing any more",
      reply(401, {}, { "x-amzn-errortype": "UnauthorizedException" }),
      "Expired",
      1,
      "aws sso login --sso-session corp"
    ],
    [
      "a role that is not assigned",
      reply(403, { message: issuedToken, __type: "ForbiddenException" }),
      "Refused",
      1,
      "role Reader of account 123456789012"
    ],
    ["an account that is unknown", reply(404, ""), "Refused", 1, "HTTP 404"],
    ["a redirect", reply(302, "", { location: "https://evil.example.com" }), "Refused", 1, "HTTP 302"],
    ["too many requests", reply(429, ""), "Unavailable", 3, "HTTP 429"],
    ["a portal that is down", reply(503, `down ${issuedSecret}`), "Unavailable", 3, "HTTP 503"],
    ["no connection", fault("ECONNREFUSED"), "Unavailable", 3, "refused"],
    ["no answer in time", never, "Unavailable", 3, "no answer in time"],
    ["no trust", fault("CERT_HAS_EXPIRED"), "Refused", 1, "TLS"],
    ["a page", reply(200, `<html>${issuedSecret}`), "Unavailable", 1, "no complete credentials"],
    [
      "half an answer",
      reply(200, { roleCredentials: { accessKeyId: "A", secretAccessKey: issuedSecret } }),
      "Unavailable",
      1,
      "no complete credentials"
    ],
    [
      "a time out of range",
      reply(200, {
        roleCredentials: {
          accessKeyId: "A",
          secretAccessKey: issuedSecret,
          sessionToken: issuedToken,
          expiration: 1e300
        }
      }),
      "Unavailable",
      1,
      "no complete credentials"
    ]
  ]
  for (const [name, answer, reason, attempts, words] of faults) {
    it.effect(`fails for ${name}`, () =>
      Effect.gen(function* () {
        const setup = machine(signedIn(60), answer)
        const error = yield* refuses(on(setup, inTime(get())), reason, words)
        assert.deepInclude({ ...error }, { profile: "dev", source: "SSO" })
        assert.strictEqual(setup.http.sent.length, attempts)
      })
    )
  }

  it.effect("is retried by the request policy", () =>
    Effect.gen(function* () {
      const setup = machine(signedIn(60), reply(503, ""))
      yield* refuses(on(setup, get().pipe(RequestPolicy.adjust({ maxAttempts: 1 }))), "Unavailable")
      assert.strictEqual(setup.http.sent.length, 1)
    })
  )
})
