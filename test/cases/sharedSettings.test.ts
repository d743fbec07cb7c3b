/**
 * What the environment states, next to files that are flawed.
 */
import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Aws from "../../src/aws.js"
import { RequestPolicy, StsConfigError, StsCredentialError } from "../../src/index.js"
import * as SyncFileSystem from "../../src/layers/blocking/SyncFileSystem.js"
import * as Endpoint from "../../src/services/aws/Endpoint.js"
import { identityEndpoint } from "../../src/services/aws/Endpoint.js"
import { sources } from "../sources/all.js"
import { type Listed, withSource } from "../sources/withSource.js"
import { files } from "../support/files.js"
import { keptLogs } from "../support/logs.js"
import { reply, scripted } from "../support/scripted.js"

type Env = Readonly<Record<string, string>>

const config = "/home/alice/.aws/config"
const credentials = "/home/alice/.aws/credentials"

const region = { AWS_REGION: "eu-west-1" }
const endpoint = { AWS_ENDPOINT_URL_STS: "https://sts.test" }
const keys = { AWS_ACCESS_KEY_ID: "AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" }

const on =
  (env: Env, entries: Readonly<Record<string, string>>, options?: Aws.Profile.Options) =>
  <A, E>(program: Effect.Effect<A, E>) => {
    const { layer: logs, messages: warnings } = keptLogs()
    return Effect.result(program).pipe(
      Effect.provide(Layer.provide(Aws.SharedSettings.layerWith(options ?? {}), files(entries).layer)),
      Effect.provide(logs),
      Effect.provideService(
        ConfigProvider.ConfigProvider,
        ConfigProvider.fromUnknown({ HOME: "/home/alice", ...env })
      ),
      Effect.map((result) => ({ result, warnings }))
    )
  }

const url = Effect.map(Effect.flatMap(RequestPolicy, Endpoint.resolve), (found) => found.url)
const regionally = Effect.map(Effect.flatMap(RequestPolicy, Endpoint.resolveRegional), (found) => found.url)
const twice = Effect.andThen(url, url)

/** Lines that are none, in files of which the rest is well. */
const flaws: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "in another profile": { [config]: "[default]\nregion = us-east-2\n[profile other]\nregion: x\n" },
  "in the profile": { [config]: "[default]\nregion us-east-2\n" },
  "before any section": { [config]: "region = us-east-2\n" },
  "in a header": { [config]: "[default\nregion = us-east-2\n" },
  "in the credentials": { [credentials]: "[default]\naws_access_key_id\n" },
  "in both files": { [config]: "[default]\noops\n", [credentials]: "oops\n" }
}

const stated: Readonly<Record<string, readonly [Env, url: string]>> = {
  "keys, region and endpoint": [{ ...keys, ...region, ...endpoint }, "https://sts.test/"],
  "keys and region": [{ ...keys, ...region }, "https://sts.eu-west-1.amazonaws.com/"],
  "region and general endpoint": [{ ...region, AWS_ENDPOINT_URL: "https://all.test" }, "https://all.test/"],
  AWS_DEFAULT_REGION: [{ AWS_DEFAULT_REGION: "eu-west-1" }, "https://sts.eu-west-1.amazonaws.com/"],
  "region and FIPS": [
    { ...region, AWS_USE_FIPS_ENDPOINT: "true" },
    "https://sts-fips.eu-west-1.amazonaws.com/"
  ],
  "all of it and where the file is": [
    { ...keys, ...region, ...endpoint, AWS_CONFIG_FILE: config },
    "https://sts.test/"
  ]
}

describe.each(Object.entries(flaws))("A15: a line that is none, %s", (_, entries) => {
  it.each(Object.entries(stated))(
    "%s of the environment count, with one warning",
    (_what, [env, expected]) => {
      const { result, warnings } = Effect.runSync(on(env, entries)(twice))
      assert.strictEqual(result._tag === "Success" ? result.success : result.failure.message, expected)
      assert.lengthOf(warnings, 1)
      assert.match(warnings[0] ?? "", /\/home\/alice\/\.aws\/(config|credentials):\d/)
    }
  )

  it("the policy's region is used, with one warning", () => {
    const policy = RequestPolicy.layer({ aws: { region: "eu-north-1" } })
    const { result, warnings } = Effect.runSync(on({}, entries)(Effect.provide(regionally, policy)))
    assert.deepStrictEqual(
      [result._tag === "Success" ? result.success : result.failure.message, warnings.length],
      ["https://sts.eu-north-1.amazonaws.com/", 1]
    )
  })

  it("the file's error is reported when the region depends on it", () => {
    const { result, warnings } = Effect.runSync(on({ ...keys, ...endpoint }, entries)(url))
    assert.strictEqual(result._tag, "Failure")
    if (result._tag === "Success") return
    assert.instanceOf(result.failure, StsConfigError)
    assert.include([config, credentials], result.failure.file)
    assert.deepStrictEqual(warnings, [])
  })

  it("errors in the environment come first", () => {
    const env = { ...region, AWS_USE_FIPS_ENDPOINT: "maybe" }
    const { result } = Effect.runSync(on(env, entries)(url))
    assert.strictEqual(result._tag === "Failure" ? result.failure.key : "", "AWS_USE_FIPS_ENDPOINT")
  })
})

describe("A15: a named file or profile must exist", () => {
  const well = { [config]: "[default]\nregion = eu-west-1\n" }
  it.each([
    ["a profile that is none", { ...region, AWS_PROFILE: "gone" }, undefined, "AWS_PROFILE"],
    ["a file that is none", region, { configFile: "/gone" }, "configFile"]
  ] as const)("%s", (_, env, options, key) => {
    const { result } = Effect.runSync(on(env, well, options)(url))
    assert.strictEqual(result._tag === "Failure" ? result.failure.key : "", key)
  })
})

describe("A15: missing [services] sections", () => {
  const entries = { [config]: "[default]\nregion = eu-west-1\nservices = local\n" }
  const ignoring = `${entries[config]}ignore_configured_endpoint_urls = true\n`
  const own = "https://sts.eu-west-1.amazonaws.com/"
  const policy = RequestPolicy.layer({ aws: { endpoint: "https://policy.test" } })

  const well: ReadonlyArray<readonly [string, Env, string, Effect.Effect<string, StsConfigError>, string]> = [
    [
      "ignored by a variable",
      { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" },
      entries[config] ?? "",
      url,
      own
    ],
    ["ignored by the profile", {}, ignoring, url, own],
    ["overruled by the service's variable", endpoint, entries[config] ?? "", url, "https://sts.test/"],
    [
      "overruled by the general variable",
      { AWS_ENDPOINT_URL: "https://all.test" },
      entries[config] ?? "",
      url,
      "https://all.test/"
    ],
    [
      "overruled by the policy",
      {},
      entries[config] ?? "",
      Effect.provide(url, policy),
      "https://policy.test/"
    ],
    [
      "overruled for another service",
      { AWS_ENDPOINT_URL_SSO: "https://sso.test" },
      entries[config] ?? "",
      identityEndpoint("portal", {}),
      "https://sso.test/"
    ]
  ]

  it.each(well)("are ignored when the URL is %s", (_, env, text, program, expected) => {
    const { result, warnings } = Effect.runSync(on(env, { [config]: text })(program))
    assert.strictEqual(result._tag === "Success" ? result.success : result.failure.message, expected)
    assert.deepStrictEqual(warnings, [])
  })

  it("are an error when the URL is needed", () => {
    const { result } = Effect.runSync(on(region, entries)(url))
    assert.deepInclude(result._tag === "Failure" ? { ...result.failure } : {}, {
      key: "services",
      file: config,
      line: 3
    })
  })

  it.each([
    ["keys", "aws_access_key_id = AKIAFILE\naws_secret_access_key = secret\n", []],
    [
      "a web identity",
      "role_arn = arn:aws:iam::123456789012:role/web\nweb_identity_token_file = /token\n",
      [endpoint]
    ]
  ] as const)("do not keep a profile with %s from its credentials", (_, lines, [env = {}]) => {
    const issued = reply(
      200,
      "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>AKIAFILE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>",
      { "content-type": "text/xml" }
    )
    const entriesOf = { [config]: `${entries[config]}${lines}`, "/token": "token" }
    const listed = sources[0] ?? assert.fail()
    const got = Effect.runSync(
      withSource(listed, { http: scripted(issued).layer }, () =>
        Effect.flatMap(Aws.Profile.make(), ({ get }) => get).pipe(
          Effect.provide(files(entriesOf).layer),
          Effect.provideService(
            ConfigProvider.ConfigProvider,
            ConfigProvider.fromUnknown({ HOME: "/home/alice", ...env })
          )
        )
      )
    )
    assert.strictEqual(got.accessKeyId, "AKIAFILE")
  })
})

describe("A15: a broken file and the sources that do not need it", () => {
  const broken = "[default]\nregion = us-east-1\n[profile other]\nregion: x\n"
  const chains = {
    strict: Aws.DefaultChain.make(),
    lenient: Aws.DefaultChain.make({ continueOnFailure: true })
  }
  const got = (listed: Listed, source: Listed["setup"] extends (home: string) => infer S ? S : never) =>
    Effect.runSync(
      withSource(
        {
          ...listed,
          setup: (home) => ({
            ...source,
            env: { ...listed.setup(home).env },
            files: { ...listed.setup(home).files, ".aws/config": broken }
          })
        },
        { fileSystem: () => SyncFileSystem.fileSystem },
        ({ get }) => Effect.result(get)
      )
    )
  const chain = (name: string): Listed =>
    sources.find((one) => one.cloud === "aws" && one.name === `default chain: ${name}`) ?? assert.fail()

  it.each(["environment"])("%s, strict", (name) => {
    const result = got(chain(name), { source: chains.strict })
    assert.strictEqual(result._tag === "Success" ? result.success.accessKeyId : "", chain(name).id)
  })

  it.each(["environment", "web identity", "container", "instance"])("%s, lenient", (name) => {
    const result = got(chain(name), { source: chains.lenient })
    assert.strictEqual(
      result._tag === "Success" ? result.success.accessKeyId : result.failure.message,
      chain(name).id
    )
  })

  it("ends a strict chain when it reaches the profile", () => {
    const result = got(chain("instance"), { source: chains.strict })
    assert.instanceOf(result._tag === "Failure" ? result.failure : undefined, StsCredentialError)
    if (result._tag === "Failure" && result.failure instanceof StsCredentialError) {
      assert.strictEqual(result.failure.reason, "Malformed")
    }
  })
})
