/**
 * Files that are merely where such files usually are, and that cannot be read.
 */
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { assert, describe, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Alibaba from "../../src/alibaba.js"
import * as Aws from "../../src/aws.js"
import { AlibabaBlocking, AwsBlocking, Blocking } from "../../src/blocking.js"
import { type CredentialSource, RequestPolicy, StsCredentialError } from "../../src/index.js"
import { AlibabaNode, AwsNode } from "../../src/node.js"
import * as Endpoint from "../../src/services/aws/Endpoint.js"
import { sources } from "../sources/all.js"
import { type Conditions, type Given, type Listed, type Services, withSource } from "../sources/withSource.js"
import { keptLogs } from "../support/logs.js"
import { oddFiles } from "../support/oddFiles.js"
import { fault } from "../support/scripted.js"

const nodeFiles = Effect.runSync(Effect.provide(FileSystem.FileSystem, NodeFileSystem.layer))

interface Mode {
  readonly fileSystem: (fs: FileSystem.FileSystem) => FileSystem.FileSystem
  readonly run: <A, E>(effect: Effect.Effect<A, E>) => Promise<A>
}

const modes: Readonly<Record<string, Mode>> = {
  asynchronous: { fileSystem: () => nodeFiles, run: (effect) => Effect.runPromise(effect) },
  blocking: {
    fileSystem: (fs) => fs,
    run: async (effect) => Effect.runSync(Effect.provide(effect, Blocking.layer))
  }
}

/** What an effect comes to, and what it warns of. */
const warned = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.suspend(() => {
    const { layer: logs, messages: warnings } = keptLogs()
    return Effect.result(effect).pipe(
      Effect.provide(logs),
      Effect.map((result) => ({ result, warnings }))
    )
  })

type Source = Effect.Effect<CredentialSource<Given>, never, Services>

const chains: Readonly<Record<Listed["cloud"], Readonly<Record<string, Source>>>> = {
  aws: { strict: Aws.DefaultChain.make(), lenient: Aws.DefaultChain.make({ continueOnFailure: true }) },
  alibaba: {
    strict: Alibaba.DefaultChain.make(),
    lenient: Alibaba.DefaultChain.make({ continueOnFailure: true })
  }
}

const files: Readonly<Record<Listed["cloud"], ReadonlyArray<string>>> = {
  aws: [".aws/config", ".aws/credentials"],
  alibaba: [".aliyun/config.json", ".alibabacloud/credentials", ".alibabacloud/credentials.ini"]
}

// Whose files would be read by these are laid by nobody.
const others = /^default chain: (environment|web identity|OIDC|container|instance|credentials URI)$/

const inChain = sources.filter(({ name }) => others.test(name))

const through = (listed: Listed, source: Source): Listed => ({
  ...listed,
  setup: (home) => ({ ...listed.setup(home), source })
})

/** The source's answer, and where AWS's calls go. */
const asked = ({ cloud }: Listed, source: CredentialSource<Given>) =>
  cloud === "alibaba"
    ? Effect.asVoid(source.get).pipe(Effect.andThen(source.get))
    : Effect.tap(source.get, Effect.flatMap(RequestPolicy, Endpoint.resolve)).pipe(
        Effect.provide(Aws.SharedSettings.layer)
      )

const on = (mode: Mode, listed: Listed, source: Source, conditions: Conditions) =>
  withSource(
    through(listed, source),
    {
      ...conditions,
      fileSystem: (fs, home) => {
        const own = mode.fileSystem(fs)
        return conditions.fileSystem?.(own, home) ?? own
      }
    },
    (made, { home }) => Effect.map(warned(asked(listed, made)), (outcome) => ({ ...outcome, home }))
  )

/** Whether nothing was read: what comes before the files in the chain gave the credentials. */
const needsNoFile = ({ cloud, name }: Listed): boolean => cloud === "alibaba" && /environment|OIDC/.test(name)

describe.each(Object.entries(modes))("A1: a default file that nobody named, %s", (name, mode) => {
  describe.each(Object.keys(oddFiles))("%s", (what) => {
    const odd = oddFiles[what]
    it.each(Object.values(files).flat())(
      "%s counts as absent, with one warning",
      // Those on the event loop wait together.
      { concurrent: name === "asynchronous", timeout: 60_000 },
      async (path) => {
        assert.isDefined(odd)
        if (odd === undefined) return
        const cloud = files.aws.includes(path) ? "aws" : "alibaba"
        const isSlow = what.includes("pipe")
        for (const listed of inChain.filter(
          (one) => one.cloud === cloud && (!isSlow || /instance/.test(one.name))
        )) {
          const kinds = Object.entries(chains[cloud]).filter(([kind]) => !isSlow || kind === "strict")
          for (const [kind, source] of kinds) {
            const where = `${listed.name}, ${kind}`
            const { home, result, warnings } = await mode.run(
              on(mode, listed, source, {
                before: (home) => {
                  mkdirSync(dirname(join(home, path)), { recursive: true, mode: 0o700 })
                  odd.lay(join(home, path))
                },
                ...(odd.fileSystem === undefined
                  ? {}
                  : { fileSystem: (fs, home) => odd.fileSystem?.(fs, join(home, path)) ?? fs })
              })
            )
            assert.isTrue(Result.isSuccess(result), `${where}: ${String(Result.getFailure(result))}`)
            assert.strictEqual(Result.getOrThrow(result).accessKeyId, listed.id, where)
            const of = warnings.filter((text) => text.includes(`${join(home, path)} `))
            assert.lengthOf(of, needsNoFile(listed) ? 0 : 1, `${where}: ${warnings.join("\n")}`)
            for (const text of of) assert.match(text, odd.reason, where)
          }
        }
      }
    )
  })
})

const unread = (path: string): Conditions => {
  const { fileSystem, lay } = oddFiles["that may not be read"] ?? assert.fail()
  return {
    before: (home) => lay(join(home, path)),
    fileSystem: (fs, home) => fileSystem?.(fs, join(home, path)) ?? fs
  }
}

interface Asking {
  readonly env?: (home: string) => Readonly<Record<string, string>>
  readonly source?: Source
}

const named: ReadonlyArray<readonly [how: string, cloud: Listed["cloud"], path: string, asking: Asking]> = [
  [
    "AWS_CONFIG_FILE",
    "aws",
    ".aws/config",
    { env: (home) => ({ AWS_CONFIG_FILE: join(home, ".aws/config") }) }
  ],
  [
    "AWS_SHARED_CREDENTIALS_FILE, with ~",
    "aws",
    ".aws/credentials",
    { env: () => ({ AWS_SHARED_CREDENTIALS_FILE: "~/.aws/credentials" }) }
  ],
  ["AWS_PROFILE", "aws", ".aws/config", { env: () => ({ AWS_PROFILE: "prod" }) }],
  ["AWS_PROFILE", "aws", ".aws/credentials", { env: () => ({ AWS_PROFILE: "prod" }) }],
  ["AWS_DEFAULT_PROFILE", "aws", ".aws/credentials", { env: () => ({ AWS_DEFAULT_PROFILE: "default" }) }],
  [
    "the option profile",
    "aws",
    ".aws/config",
    { source: Aws.DefaultChain.make({ profile: "prod" }) as Source }
  ],
  [
    "the option configFile",
    "aws",
    ".aws/config",
    { source: Aws.DefaultChain.make({ configFile: "~/.aws/config" }) as Source }
  ],
  [
    "the option credentialsFile",
    "aws",
    ".aws/credentials",
    { source: Aws.DefaultChain.make({ credentialsFile: "~/.aws/credentials" }) as Source }
  ],
  [
    "ALIBABA_CLOUD_CONFIG_FILE",
    "alibaba",
    ".aliyun/config.json",
    { env: (home) => ({ ALIBABA_CLOUD_CONFIG_FILE: join(home, ".aliyun/config.json") }) }
  ],
  [
    "ALIBABA_CLOUD_CREDENTIALS_FILE, with ~",
    "alibaba",
    ".alibabacloud/credentials",
    { env: () => ({ ALIBABA_CLOUD_CREDENTIALS_FILE: "~/.alibabacloud/credentials" }) }
  ],
  [
    "ALIBABA_CLOUD_PROFILE",
    "alibaba",
    ".aliyun/config.json",
    { env: () => ({ ALIBABA_CLOUD_PROFILE: "prod" }) }
  ],
  [
    "ALIBABA_CLOUD_PROFILE",
    "alibaba",
    ".alibabacloud/credentials",
    { env: () => ({ ALIBABA_CLOUD_PROFILE: "prod" }) }
  ],
  [
    "the option profile",
    "alibaba",
    ".aliyun/config.json",
    { source: Alibaba.DefaultChain.make({ profile: "prod" }) as Source }
  ]
]

describe.each(Object.entries(modes))("A1: a default file that somebody asked for, %s", (_, mode) => {
  it.each(named)("is an error when %s names the file: %s, %s", async (how, cloud, path, { env, source }) => {
    const instance = inChain.find((one) => one.cloud === cloud && /instance/.test(one.name)) ?? assert.fail()
    const listed: Listed = {
      ...instance,
      setup: (home) => ({ ...instance.setup(home), env: env?.(home) ?? {} })
    }
    const { home, result } = await mode.run(
      on(mode, listed, source ?? chains[cloud]["strict"] ?? assert.fail(), unread(path))
    )
    const error = Result.getOrThrow(Result.flip(result))
    assert.instanceOf(error, StsCredentialError)
    assert.strictEqual(error.reason, "Unreadable", error.message)
    assert.strictEqual(error.file, join(home, path))
    assert.include(error.message, "PermissionDenied")
    assert.strictEqual(error.key, how.replace(/^the option |, with ~$/g, ""))
  })
})

describe.each(Object.entries(modes))("A1: files that cannot be read together, %s", (_, mode) => {
  it.each(["aws", "alibaba"] as const)("are told in one warning for each source: %s", async (cloud) => {
    const instance = inChain.find((one) => one.cloud === cloud && /instance/.test(one.name)) ?? assert.fail()
    for (const source of Object.values(chains[cloud])) {
      const { home, result, warnings } = await mode.run(
        on(mode, instance, source, {
          before: (home) => {
            mkdirSync(home, { recursive: true })
            for (const path of files[cloud]) writeFileSync(dirname(join(home, path)), "")
          }
        })
      )
      assert.isTrue(Result.isSuccess(result))
      assert.lengthOf(warnings, cloud === "aws" ? 1 : 2, warnings.join("\n"))
      for (const path of files[cloud]) {
        assert.include(warnings.join("\n"), `${join(home, path)} cannot be read (ENOTDIR)`)
      }
    }
  })
})

describe.each(Object.entries(modes))("A1: who names the null device wants no file, %s", (_, mode) => {
  it.each([
    ["aws", { AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" }],
    ["alibaba", { ALIBABA_CLOUD_CONFIG_FILE: "/dev/null", ALIBABA_CLOUD_CREDENTIALS_FILE: "/dev/null" }]
  ] as const)("%s", async (cloud, env) => {
    const instance = inChain.find((one) => one.cloud === cloud && /instance/.test(one.name)) ?? assert.fail()
    const listed: Listed = { ...instance, setup: (home) => ({ ...instance.setup(home), env }) }
    const unwanted = cloud === "aws" ? "[default]\noops\n" : "oops"
    for (const source of Object.values(chains[cloud])) {
      const { result, warnings } = await mode.run(
        on(mode, listed, source, {
          before: (home) => {
            for (const path of files[cloud]) {
              mkdirSync(dirname(join(home, path)), { recursive: true })
              writeFileSync(join(home, path), unwanted)
            }
          }
        })
      )
      assert.strictEqual(Result.getOrThrow(result).accessKeyId, instance.id)
      assert.deepStrictEqual(warnings, [])
    }
  })
})

describe("A1: explain and errors name the unreadable file", () => {
  const silence: Conditions = { trouble: () => () => Effect.fail(fault("EHOSTUNREACH")) as never }
  it.each(["aws", "alibaba"] as const)("in the error and in the explanation: %s", async (cloud) => {
    const [path = ""] = files[cloud]
    const instance = inChain.find((one) => one.cloud === cloud && /instance/.test(one.name)) ?? assert.fail()
    const conditions = { ...unread(path), ...silence }
    const explain: Effect.Effect<{ readonly render: () => string }, never, Services> =
      cloud === "aws" ? Aws.explain() : Alibaba.explain()
    const told = await Effect.runPromise(
      withSource(instance, conditions, (source, { home }) =>
        Effect.zip(Effect.flip(source.get), explain).pipe(
          Effect.map(([error, explanation]) => [home, error.message, explanation.render()] as const)
        )
      )
    )
    const [home, ...texts] = told
    for (const text of texts) assert.include(text, `${join(home, path)} cannot be read (PermissionDenied)`)
  })

  it.each(["aws", "alibaba"] as const)(
    "in the explanation, where an earlier source has credentials: %s",
    async (cloud) => {
      const listed =
        inChain.find((one) => one.cloud === cloud && /environment/.test(one.name)) ?? assert.fail()
      const explain = cloud === "aws" ? Aws.explain() : Alibaba.explain()
      for (const path of files[cloud]) {
        const text = await Effect.runPromise(
          withSource(listed, unread(path), (_, { home }) =>
            Effect.map(explain as Effect.Effect<{ readonly render: () => string }, never, Services>, (told) =>
              told.render().replaceAll(home, "~")
            )
          )
        )
        assert.include(text, `unknown file (~/${path}): it cannot be read (PermissionDenied)`)
      }
    }
  )
})

/** A file system that nobody may come near. */
const forbidden = new Proxy(nodeFiles, {
  get: (_, name) => () => Effect.die(new Error(`${String(name)} was called`))
})

describe("A1: a complete environment needs no file", () => {
  it.each(inChain.filter(({ name }) => /environment/.test(name)).map((one) => [one.cloud, one] as const))(
    "the keys of %s",
    async (_, listed) => {
      for (const source of Object.values(chains[listed.cloud])) {
        const got = await Effect.runPromise(
          withSource(through(listed, source), { fileSystem: () => forbidden }, ({ get }) => get)
        )
        assert.strictEqual(got.accessKeyId, listed.id)
      }
    }
  )

  it.effect("the AWS endpoint, when nothing depends on the files", () =>
    Effect.gen(function* () {
      const env = {
        HOME: "/home/alice",
        AWS_REGION: "eu-west-1",
        AWS_ENDPOINT_URL_STS: "https://sts.test",
        AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "false",
        AWS_USE_FIPS_ENDPOINT: "false",
        AWS_USE_DUALSTACK_ENDPOINT: "false",
        AWS_STS_REGIONAL_ENDPOINTS: "regional"
      }
      const endpoint = yield* Effect.flatMap(RequestPolicy, Endpoint.resolve).pipe(
        Effect.provide(Aws.SharedSettings.layer),
        Effect.provideService(FileSystem.FileSystem, forbidden),
        Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(env))
      )
      assert.strictEqual(endpoint.url, "https://sts.test/")
    })
  )
})

// The rights of a user are the process's: for the time of the test it is somebody else's.
const asNobody = async <A>(run: () => Promise<A>): Promise<A> => {
  const me = process.geteuid?.()
  if (me === 0) process.seteuid?.(65_534)
  try {
    return await run()
  } finally {
    if (me === 0) process.seteuid?.(0)
  }
}

describe("A1: home directory of another user", () => {
  const home = mkdtempSync(join(tmpdir(), "someone-elses-"))
  for (const path of Object.values(files).flat()) {
    mkdirSync(dirname(join(home, path)), { recursive: true })
    writeFileSync(join(home, path), "[default]\n")
  }
  const close = () => {
    if (process.geteuid?.() === 0) chownSync(home, 0, 0)
    chmodSync(home, process.geteuid?.() === 0 ? 0o700 : 0)
  }

  const variables = {
    HOME: home,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "secret",
    ALIBABA_CLOUD_ACCESS_KEY_ID: "LTAIEXAMPLE",
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: "secret"
  }
  const ids = Effect.all([
    Effect.flatMap(Aws.CredentialProvider, ({ get }) => get),
    Effect.flatMap(Alibaba.CredentialProvider, ({ get }) => get),
    Effect.flatMap(RequestPolicy, Endpoint.resolve)
  ]).pipe(
    Effect.map(([aws, alibaba, { host }]) => [aws.accessKeyId, alibaba.accessKeyId, host]),
    Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(variables))
  )
  const expected = ["AKIAEXAMPLE", "LTAIEXAMPLE", "sts.us-east-1.amazonaws.com"]

  it("does not prevent using keys in the environment", async () => {
    close()
    try {
      const got = await asNobody(async () => {
        const blocking = Effect.runSync(
          warned(Effect.provide(ids, Layer.merge(AwsBlocking.layer, AlibabaBlocking.layer)))
        )
        const node = await Effect.runPromise(
          warned(Effect.provide(ids, Layer.merge(AwsNode.layer, AlibabaNode.layer)))
        )
        return [blocking, node]
      })
      for (const { result, warnings } of got) {
        assert.deepStrictEqual(Result.getOrThrow(result), expected)
        const ofConfig = warnings.filter((text) => text.includes(join(home, ".aws/config")))
        assert.lengthOf(ofConfig, 1, warnings.join("\n"))
        assert.include(ofConfig[0], "PermissionDenied")
      }
    } finally {
      chmodSync(home, 0o700)
      rmSync(home, { recursive: true, force: true })
    }
  })
})
