/**
 * Which host and which scope the name of a region leads to, however it is written and wherever it is stated.
 */
import { createHash } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Aws from "../../src/aws.js"
import { RequestPolicy, type RequestPolicyOptions, StsConfigError } from "../../src/index.js"
import { asking, callerIs, configFile, home, running, type Setup } from "../support/awsOutcomes.js"
import { bothWays } from "../support/runners.js"
import { reply, type Sent, scripted } from "../support/scripted.js"

const keys = Aws.Static.layer({ accessKeyId: "AKIAEXAMPLE", secretAccessKey: "PLANTED-SECRET" })

const placeOf = ([first]: ReadonlyArray<Sent>) => {
  const { headers = {}, url = "" } = first ?? {}
  const scope = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(headers["authorization"] ?? "")?.[1]
  return { host: url === "" ? undefined : new URL(url).hostname, scope }
}

const calling = (setup: Setup, policy: RequestPolicyOptions["aws"] = {}) =>
  running(
    Aws.getCallerIdentity().pipe(
      RequestPolicy.adjust({ aws: policy }),
      Effect.provide(Layer.merge(keys, Aws.SharedSettings.layer))
    ),
    { answers: [callerIs], ...setup }
  )

/** The places where a region can be stated, for a call of STS. */
const statements: ReadonlyArray<
  readonly [where: string, call: (region: string) => ReturnType<typeof calling>]
> = [
  ["AWS_REGION", (region) => calling({ env: { AWS_REGION: region } })],
  ["AWS_DEFAULT_REGION", (region) => calling({ env: { AWS_DEFAULT_REGION: region } })],
  ["a profile", (region) => calling({ config: `[default]\nregion = ${region}\n` })],
  ["the policy", (region) => calling({}, { region })]
]

const pseudo: ReadonlyArray<readonly [stated: string, host: string, scope: string]> = [
  ["fips-us-east-1", "sts-fips.us-east-1.amazonaws.com", "us-east-1"],
  ["us-east-1-fips", "sts-fips.us-east-1.amazonaws.com", "us-east-1"],
  ["fips-us-west-2", "sts-fips.us-west-2.amazonaws.com", "us-west-2"],
  ["ca-central-1-fips", "sts-fips.ca-central-1.amazonaws.com", "ca-central-1"],
  ["FIPS-US-EAST-1", "sts-fips.us-east-1.amazonaws.com", "us-east-1"],
  ["us-east-1-Fips", "sts-fips.us-east-1.amazonaws.com", "us-east-1"],
  ["fips-dkr-us-east-1", "sts-fips.us-east-1.amazonaws.com", "us-east-1"],
  ["fips-prod-us-east-1", "sts-fips.us-east-1.amazonaws.com", "us-east-1"],
  ["us-gov-west-1-fips", "sts.us-gov-west-1.amazonaws.com", "us-gov-west-1"],
  ["fips-us-gov-east-1", "sts.us-gov-east-1.amazonaws.com", "us-gov-east-1"],
  ["fips-cn-north-1", "sts-fips.cn-north-1.amazonaws.com.cn", "cn-north-1"],
  ["fips-us-iso-east-1", "sts-fips.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"],
  ["aws-global", "sts.amazonaws.com", "us-east-1"],
  ["AWS-Global", "sts.amazonaws.com", "us-east-1"],
  ["fips-aws-global", "sts-fips.us-east-1.amazonaws.com", "us-east-1"],
  ["aws-global-fips", "sts-fips.us-east-1.amazonaws.com", "us-east-1"],
  ["aws-fips", "sts-fips.us-east-1.amazonaws.com", "us-east-1"],
  ["fips-aws", "sts-fips.us-east-1.amazonaws.com", "us-east-1"],
  ["aws-cn-global", "sts.cn-northwest-1.amazonaws.com.cn", "cn-northwest-1"],
  ["aws-us-gov-global", "sts.us-gov-west-1.amazonaws.com", "us-gov-west-1"],
  ["fips-aws-us-gov-global", "sts.us-gov-west-1.amazonaws.com", "us-gov-west-1"],
  ["aws-us-gov-fips", "sts.us-gov-west-1.amazonaws.com", "us-gov-west-1"],
  ["aws-iso-global", "sts.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"],
  ["aws-iso-b-global", "sts.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1"]
]

describe("A19: pseudo-regions", () => {
  for (const [where, call] of statements) {
    bothWays(`in ${where}`, () =>
      Effect.forEach(pseudo, ([stated, host, scope]) =>
        Effect.map(call(stated), ({ error, sent }) => {
          assert.isUndefined(error)
          assert.deepStrictEqual({ stated, ...placeOf(sent) }, { stated, host, scope })
        })
      ).pipe(Effect.asVoid)
    )
  }

  bothWays("with dual-stack endpoints", () =>
    Effect.gen(function* () {
      const hostWith = (region: string) =>
        Effect.map(calling({ env: { AWS_REGION: region, AWS_USE_DUALSTACK_ENDPOINT: "true" } }), ({ sent }) =>
          placeOf(sent)
        )
      const scope = "us-east-1"
      assert.deepStrictEqual(yield* hostWith("fips-us-east-1"), { host: "sts-fips.us-east-1.api.aws", scope })
      assert.deepStrictEqual(yield* hostWith("aws-global"), { host: "sts.us-east-1.api.aws", scope })
    })
  )

  bothWays("FIPS by the region's name wins over use_fips_endpoint=false", () =>
    Effect.map(
      calling({ env: { AWS_REGION: "fips-us-east-1", AWS_USE_FIPS_ENDPOINT: "false" } }),
      ({ sent }) => assert.strictEqual(placeOf(sent).host, "sts-fips.us-east-1.amazonaws.com")
    )
  )

  bothWays("with a custom endpoint: FIPS is refused, aws-global is not", () =>
    Effect.gen(function* () {
      const own = { AWS_ENDPOINT_URL_STS: "https://sts.example" }
      const fips = yield* calling({ env: { ...own, AWS_REGION: "fips-us-east-1" } })
      assert.instanceOf(fips.error, StsConfigError)
      assert.include(fips.error?.message, "Setting AWS_REGION asks for FIPS")
      assert.lengthOf(fips.sent, 0)
      const { sent } = yield* calling({ env: { ...own, AWS_REGION: "aws-global" } })
      assert.deepStrictEqual(placeOf(sent), { host: "sts.example", scope: "us-east-1" })
    })
  )
})

const upper: ReadonlyArray<readonly [stated: string, region: string]> = [
  ["US-EAST-1", "us-east-1"],
  ["Eu-Central-1", "eu-central-1"],
  [" eu-west-1 ", "eu-west-1"],
  ["CN-NORTH-1", "cn-north-1"],
  ["US-GOV-WEST-1", "us-gov-west-1"],
  ["EUSC-DE-EAST-1", "eusc-de-east-1"],
  ["US-NEW-7", "us-new-7"]
]

const startUrl = "https://example.awsapps.com/start"
const cacheOf = (kind: "sha1" | "sha256", name: string) => createHash(kind).update(name).digest("hex")
const ssoFile = `${home}/.aws/sso/cache/${cacheOf("sha1", startUrl)}.json`

const portal = (region: string, env = {}) =>
  asking(Aws.Profile.make(), {
    env,
    config: `[default]\nsso_start_url = ${startUrl}\nsso_region = ${region}\nsso_account_id = 123456789012\nsso_role_name = reader\n`,
    others: { [ssoFile]: JSON.stringify({ accessToken: "PLANTED", expiresAt: "2100-01-01T00:00:00Z" }) },
    answers: [reply(403, {})]
  })

describe("A21: upper and lower case in regions", () => {
  for (const [where, call] of statements) {
    bothWays(`does not matter in ${where}`, () =>
      Effect.forEach(upper, ([stated, region]) =>
        Effect.map(call(stated), ({ error, sent }) => {
          assert.isUndefined(error)
          const { host = "", scope } = placeOf(sent)
          assert.deepStrictEqual({ stated, scope }, { stated, scope: region })
          assert.isTrue(host.startsWith(`sts.${region}.`))
        })
      ).pipe(Effect.asVoid)
    )
  }

  bothWays("does not matter to IAM Identity Center, nor do pseudo-regions", () =>
    Effect.gen(function* () {
      for (const [stated, host] of [
        ["EU-WEST-1", "portal.sso.eu-west-1.amazonaws.com"],
        ["fips-us-east-1", "portal.sso-fips.us-east-1.amazonaws.com"],
        ["aws-global", "portal.sso.us-east-1.amazonaws.com"]
      ] as const) {
        const { sent } = yield* portal(stated)
        assert.strictEqual(new URL(sent[0]?.url ?? "").hostname, host)
      }
    })
  )

  bothWays("does not matter when profile and sso-session both set it", () =>
    Effect.gen(function* () {
      const sessionFile = `${home}/.aws/sso/cache/${cacheOf("sha1", "corp")}.json`
      const { sent } = yield* asking(Aws.Profile.make(), {
        config: `[default]\nsso_session = corp\nsso_region = EU-West-1\nsso_account_id = 123456789012\nsso_role_name = reader\n[sso-session corp]\nsso_start_url = ${startUrl}\nsso_region = eu-west-1\n`,
        others: {
          [sessionFile]: JSON.stringify({ accessToken: "PLANTED", expiresAt: "2100-01-01T00:00:00Z" })
        },
        answers: [reply(403, {})]
      })
      assert.strictEqual(new URL(sent[0]?.url ?? "").hostname, "portal.sso.eu-west-1.amazonaws.com")
    })
  )

  bothWays("does not matter to proofs of identity", () =>
    Effect.gen(function* () {
      const { value = Redacted.make("") } = yield* running(
        Effect.provide(Aws.presignGetCallerIdentity(), keys),
        { env: { AWS_REGION: "EU-CENTRAL-1" } }
      )
      const url = new URL(Redacted.value(value))
      assert.strictEqual(url.hostname, "sts.eu-central-1.amazonaws.com")
      assert.include(url.searchParams.get("X-Amz-Credential"), "/eu-central-1/sts/")
      const token = yield* running(Effect.provide(Aws.eksToken("blue"), keys), {
        env: { AWS_REGION: "FIPS-us-west-2" }
      })
      const text = Redacted.value(token.value ?? Redacted.make(""))
      const proof = Buffer.from(text.replace("k8s-aws-v1.", ""), "base64url").toString()
      assert.include(proof, "https://sts-fips.us-west-2.amazonaws.com/")
      assert.include(proof, "us-west-2%2Fsts")
    })
  )

  bothWays("does not matter to clients that sign", () =>
    Effect.gen(function* () {
      for (const [stated, region] of [
        ["EU-WEST-1", "eu-west-1"],
        ["us-east-1-fips", "us-east-1"],
        ["aws-global", "us-east-1"]
      ] as const) {
        const http = scripted(reply(200, ""))
        yield* running(
          Effect.gen(function* () {
            const sign = yield* Aws.signedHttpClient({ service: "s3", region: stated })
            yield* sign(yield* HttpClient.HttpClient).get("https://bucket.s3.example/")
          }).pipe(Effect.provide(Layer.merge(keys, http.layer)))
        )
        assert.strictEqual(placeOf(http.sent).scope, region)
      }
    })
  )

  it.effect("is shown in lower case", () =>
    Effect.gen(function* () {
      const { value } = yield* running(Aws.explain(), { env: { AWS_REGION: "FIPS-US-EAST-1" } })
      assert.deepStrictEqual({ ...value?.region }, { value: "us-east-1", from: "AWS_REGION" })
    })
  )
})

const malformed = [
  "us east 1",
  "us-east-1.evil.example",
  "https://us-east-1",
  "us_east_1",
  "us-east-1/x",
  "-",
  "fips-"
]

describe("A21: invalid regions", () => {
  for (const stated of malformed) {
    bothWays(`${stated} is refused with its place`, () =>
      Effect.gen(function* () {
        const expected = [
          { key: "AWS_REGION", file: undefined, line: undefined },
          { key: "AWS_DEFAULT_REGION", file: undefined, line: undefined },
          { key: "region", file: configFile, line: 2 },
          { key: "RequestPolicy.aws.region", file: undefined, line: undefined }
        ]
        for (const [index, [, call]] of statements.entries()) {
          const { error, sent } = yield* call(stated)
          assert.instanceOf(error, StsConfigError)
          assert.deepInclude({ ...error }, expected[index] ?? {})
          assert.lengthOf(sent, 0)
        }
      })
    )
  }

  for (const stated of ["us east 1", "us_east_1", "us-east-1a"]) {
    bothWays(`${stated} as sso_region is refused with its line`, () =>
      Effect.gen(function* () {
        const own = yield* portal(stated)
        const session = yield* asking(Aws.Profile.make(), {
          config: `[default]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = reader\n[sso-session corp]\nsso_region = ${stated}\nsso_start_url = ${startUrl}\n`
        })
        for (const [{ error, sent }, line] of [
          [own, 3],
          [session, 6]
        ] as const) {
          assert.deepInclude(
            { ...error },
            { _tag: "StsConfigError", key: "sso_region", file: configFile, line }
          )
          assert.lengthOf(sent, 0)
        }
      })
    )
  }

  bothWays("quotes are named as the cause", () =>
    Effect.gen(function* () {
      for (const text of ['"us-east-1"', "'us-east-1'", "“us-east-1”", '"us-east-1', "us-east-1'"]) {
        const inEnvironment = yield* calling({ env: { AWS_REGION: text } })
        assert.include(
          inEnvironment.error?.message,
          "Setting AWS_REGION begins or ends with a quotation mark"
        )
        for (const call of [
          calling({ config: `[default]\nregion = ${text}\n` }),
          calling({}, { region: text })
        ]) {
          const { error, sent } = yield* call
          assert.include(error?.message, "is not a region name. Write it without the quotes.")
          assert.lengthOf(sent, 0)
        }
      }
    })
  )

  bothWays("an availability zone is refused with its region", () =>
    Effect.gen(function* () {
      for (const [zone, region] of [
        ["us-east-1a", "us-east-1"],
        ["EU-CENTRAL-1B", "eu-central-1"],
        ["us-gov-west-1c", "us-gov-west-1"]
      ]) {
        const { error, sent } = yield* calling({ config: `[default]\nregion = ${zone}\n` })
        assert.deepInclude(
          { ...error },
          { key: "region", file: configFile, line: 2, hint: `Set it to ${region}.` }
        )
        assert.lengthOf(sent, 0)
      }
    })
  )
})
