import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Aws from "../../../src/aws.js"
import { RequestPolicy } from "../../../src/index.js"
import { noCommand } from "../../support/commands.js"
import { files } from "../../support/files.js"
import { fault, scripted } from "../../support/scripted.js"

const explained = (
  env: Readonly<Record<string, string>>,
  config = "",
  effect: ReturnType<typeof Aws.explain> = Aws.explain(),
  credentials = ""
) => {
  const http = scripted(fault("EHOSTUNREACH"))
  return effect.pipe(
    Effect.provide([
      http.layer,
      files({ "/home/me/.aws/config": config, "/home/me/.aws/credentials": credentials }).layer,
      Aws.SignerV4.layer,
      noCommand
    ]),
    Effect.provideService(
      ConfigProvider.ConfigProvider,
      ConfigProvider.fromUnknown({ HOME: "/home/me", ...env })
    )
  )
}

const keys = { AWS_ACCESS_KEY_ID: "AKIAENVIRONMENT", AWS_SECRET_ACCESS_KEY: "PLANTED-SECRET" }

describe("explaining AWS's default chain", () => {
  it.effect("shows the source, unreached sources, the region and overridden settings", () =>
    Effect.gen(function* () {
      const explanation = yield* explained({
        ...keys,
        AWS_PROFILE: "dev",
        AWS_DEFAULT_REGION: "us-east-1",
        AWS_REGION: "eu-central-1",
        AWS_SESION_TOKEN: "PLANTED-TOKEN"
      })
      assert.deepStrictEqual(
        explanation.sources.map(({ outcome, source }) => `${source} ${outcome}`),
        [
          "environment used",
          "profile not-reached",
          "web identity not-reached",
          "container not-reached",
          "instance metadata not-reached"
        ]
      )
      assert.strictEqual(explanation.credentials?.accessKeyId, "AKIAENVIRONMENT")
      assert.deepStrictEqual({ ...explanation.region }, { value: "eu-central-1", from: "AWS_REGION" })
      const notes = explanation.notes.map(({ key, kind }) => `${kind} ${key}`)
      assert.includeMembers(notes, [
        "shadowed AWS_PROFILE",
        "elsewhere AWS_PROFILE",
        "shadowed AWS_DEFAULT_REGION",
        "unknown AWS_SESION_TOKEN"
      ])
      assert.notInclude(explanation.render(), "PLANTED")
    })
  )

  it.effect("shows file and line of a broken setting, and stops there", () =>
    Effect.gen(function* () {
      const explanation = yield* explained(
        { AWS_PROFILE: "dev" },
        "[profile dev]\nregion = eu-north-1\naws_access_key_id = AKIADEV\n"
      )
      const [, profile] = explanation.sources
      assert.strictEqual(profile?.outcome, "failed")
      assert.strictEqual(profile?.file, "/home/me/.aws/config")
      assert.strictEqual(profile?.line, 3)
      assert.isUndefined(explanation.credentials)
      assert.include(explanation.render(), "No credentials.")
      assert.deepStrictEqual(
        { ...explanation.region },
        { value: "eu-north-1", from: "region (/home/me/.aws/config:2)" }
      )
    })
  )

  it.effect("shows unknown keys of the profiles in use, and of no others", () =>
    Effect.gen(function* () {
      const explanation = yield* explained(
        {},
        [
          "[default]",
          "role_arn = arn:aws:iam::123456789012:role/x",
          "source_profile = base",
          "externalid = 42",
          "[profile base]",
          "aws_secret_access_ky = PLANTED-SECRET",
          "[profile other]",
          "colour = red"
        ].join("\n")
      )
      assert.deepStrictEqual(
        explanation.notes.map(({ detail, key, line }) => `${key}:${line} ${detail}`),
        ["externalid:4 nothing reads it (did you mean external_id?)"]
      )
    })
  )

  it.effect("shows the settings of each source", () =>
    Effect.gen(function* () {
      const { notes, sources } = yield* explained(
        {
          ...keys,
          AWS_PROFILE: "dev",
          AWS_ROLE_ARN: "role",
          AWS_CONTAINER_AUTHORIZATION_TOKN: "PLANTED-TOKEN",
          AWS_REGION: "eu-central-1"
        },
        "[profile dev]\nregion = eu-north-1\ncolour = red\n"
      )
      const settings = Object.fromEntries(sources.map((one) => [one.source, one.settings]))
      assert.deepStrictEqual(settings, {
        environment: [{ key: "AWS_ACCESS_KEY_ID" }, { key: "AWS_SECRET_ACCESS_KEY" }],
        // AWS_PROFILE is shadowed
        profile: [{ key: "region", file: "/home/me/.aws/config", line: 2 }],
        "web identity": [{ key: "AWS_ROLE_ARN" }],
        container: [],
        "instance metadata": []
      })
      const whose = Object.fromEntries(notes.map(({ key, source }) => [key, source]))
      assert.deepStrictEqual(whose, {
        AWS_PROFILE: "profile",
        AWS_REGION: undefined,
        AWS_CONTAINER_AUTHORIZATION_TOKN: "container",
        colour: "profile"
      })
    })
  )

  it.effect("shows settings overridden by the credentials file, and wrong section names", () =>
    Effect.gen(function* () {
      const { notes } = yield* explained(
        {},
        "[default]\nregion = eu-north-1\naws_access_key_id = AKIACONFIG\naws_secret_access_key = PLANTED-A\n[dev]\n",
        Aws.explain(),
        "[default]\naws_access_key_id = AKIACREDENTIALS\naws_secret_access_key = PLANTED-B\n"
      )
      assert.deepStrictEqual(
        notes.map(({ file, key, kind, line }) => `${kind} ${key} ${file}:${line}`),
        [
          "unknown section /home/me/.aws/config:5",
          "shadowed aws_access_key_id /home/me/.aws/config:3",
          "shadowed aws_secret_access_key /home/me/.aws/config:4"
        ]
      )
    })
  )

  it.effect("never fails, whatever the files contain", () =>
    Effect.gen(function* () {
      const explanation = yield* explained({}, "[profile broken")
      assert.strictEqual(explanation.sources[1]?.outcome, "failed")
      assert.isUndefined(explanation.region)
    })
  )

  it.effect.each([
    [{ AWS_PROFILE: "nope" }, /AWS_PROFILE cannot be used: there is no profile nope/],
    [{ AWS_REGION: '"us-east-1"' }, /AWS_REGION begins or ends with a quotation mark/],
    [{ AWS_ENDPOINT_URL_STS: "http://elsewhere.test" }, /AWS_ENDPOINT_URL_STS/],
    [{ AWS_REGION: "" }, /AWS_REGION is needed/]
  ] as const)("tells why calls fail though there are credentials: %j", ([env, why]) =>
    Effect.gen(function* () {
      const explanation = yield* explained({ ...keys, AWS_REGION: "eu-central-1", ...env })
      assert.isDefined(explanation.credentials)
      assert.isUndefined(explanation.endpoint)
      assert.match(explanation.problem ?? "", why)
      assert.include(explanation.render(), `\nCalls fail: ${explanation.problem}`)
    })
  )

  it.effect.each([
    [{}, "", "https://sts.eu-central-1.amazonaws.com/", undefined],
    [{ AWS_USE_FIPS_ENDPOINT: "true" }, "", "https://sts-fips.eu-central-1.amazonaws.com/", undefined],
    [{ AWS_ENDPOINT_URL: "https://sts.test" }, "", "https://sts.test/", "AWS_ENDPOINT_URL"],
    [
      {},
      "[default]\nendpoint_url = https://sts.test\n",
      "https://sts.test/",
      "endpoint_url (/home/me/.aws/config:2)"
    ]
  ] as const)("tells where calls go, and what states it: %j %j", ([env, config, url, from]) =>
    Effect.gen(function* () {
      const explanation = yield* explained({ ...keys, AWS_REGION: "eu-central-1", ...env }, config)
      assert.deepStrictEqual({ ...explanation.endpoint }, { url, from })
      assert.isUndefined(explanation.problem)
      assert.include(
        explanation.render(),
        `\nCalls go to ${url}${from === undefined ? "" : ` from ${from}`}.`
      )
    })
  )

  it.effect("prefers the policy's region", () =>
    Effect.gen(function* () {
      const explanation = yield* explained(
        { ...keys, AWS_REGION: "eu-central-1" },
        "",
        Effect.orDie(RequestPolicy.adjust({ aws: { region: "us-west-2" } })(Aws.explain()))
      )
      assert.strictEqual(explanation.region?.from, "RequestPolicy.aws.region")
    })
  )
})
