import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Alibaba from "../../../src/alibaba.js"
import { environment, services, credentialsFile as standard } from "../../support/alibabaEnvironment.js"
import { type Entry, files } from "../../support/files.js"
import { keptLogs } from "../../support/logs.js"

const get = Effect.flatMap(Alibaba.CredentialProvider, (provider) => provider.get)

interface Setup {
  readonly env?: Readonly<Record<string, string>>
  readonly files?: Readonly<Record<string, Entry | string>>
}

const fromChain = ({ env = {}, files: entries = {} }: Setup) =>
  get.pipe(
    Effect.provide(Alibaba.DefaultChain.layer.pipe(Layer.provide(services(files(entries).layer)))),
    environment(env)
  )

const pair = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: "env-id",
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: "PLANTED-ENV-SECRET"
}

const profile = (name: string, lines: string) => `[${name}]\n${lines}\n`
const keys = "access_key_id = file-id\naccess_key_secret = PLANTED-FILE-SECRET"

describe("the default chain", () => {
  const cases: ReadonlyArray<readonly [string, Setup, { id: string; secret: string; token?: string }]> = [
    ["takes the environment", { env: pair }, { id: "env-id", secret: "PLANTED-ENV-SECRET" }],
    [
      "takes the environment's token",
      { env: { ...pair, ALIBABA_CLOUD_SECURITY_TOKEN: "PLANTED-TOKEN" } },
      { id: "env-id", secret: "PLANTED-ENV-SECRET", token: "PLANTED-TOKEN" }
    ],
    [
      "prefers the environment to the file",
      { env: pair, files: { [standard]: profile("default", keys) } },
      { id: "env-id", secret: "PLANTED-ENV-SECRET" }
    ],
    [
      "takes blank variables for unset",
      {
        env: { ALIBABA_CLOUD_ACCESS_KEY_ID: "", ALIBABA_CLOUD_ACCESS_KEY_SECRET: "" },
        files: { [standard]: profile("default", keys) }
      },
      { id: "file-id", secret: "PLANTED-FILE-SECRET" }
    ],
    [
      "takes the file without a type",
      { files: { [standard]: profile("default", keys) } },
      { id: "file-id", secret: "PLANTED-FILE-SECRET" }
    ],
    [
      "takes the file with a type, comments, upper-case keys and Windows line ends",
      {
        files: {
          [standard]: `# mine\r\n[default] ; here\r\ntype = access_key # the plain kind\r\nACCESS_KEY_ID=file-id\r\naccess_key_secret = PLANTED-FILE-SECRET\r\n`
        }
      },
      { id: "file-id", secret: "PLANTED-FILE-SECRET" }
    ],
    [
      "takes a profile of type sts",
      { files: { [standard]: profile("default", `type = sts\n${keys}\nsecurity_token = PLANTED-TOKEN`) } },
      { id: "file-id", secret: "PLANTED-FILE-SECRET", token: "PLANTED-TOKEN" }
    ],
    [
      "falls back to credentials.ini",
      { files: { [`${standard}.ini`]: profile("default", keys) } },
      { id: "file-id", secret: "PLANTED-FILE-SECRET" }
    ],
    [
      "follows the named file and profile",
      {
        env: { ALIBABA_CLOUD_CREDENTIALS_FILE: "/etc/keys", ALIBABA_CLOUD_PROFILE: "team.a" },
        files: { "/etc/keys": profile("default", "") + profile("team.a", keys) }
      },
      { id: "file-id", secret: "PLANTED-FILE-SECRET" }
    ]
  ]
  for (const [what, setup, expected] of cases) {
    it.effect(what, () =>
      Effect.gen(function* () {
        const credentials = yield* fromChain(setup)
        assert.strictEqual(credentials.accessKeyId, expected.id)
        assert.strictEqual(Redacted.value(credentials.accessKeySecret), expected.secret)
        assert.strictEqual(
          credentials.securityToken && Redacted.value(credentials.securityToken),
          expected.token
        )
      })
    )
  }

  interface Broken {
    readonly reason: string
    readonly says: ReadonlyArray<string>
  }
  const broken: ReadonlyArray<readonly [string, Setup, Broken]> = [
    [
      "half a pair in the environment, though the file is whole",
      { env: { ALIBABA_CLOUD_ACCESS_KEY_ID: "env-id" }, files: { [standard]: profile("default", keys) } },
      { reason: "Incomplete", says: ["environment", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"] }
    ],
    [
      "a token without a pair",
      { env: { ALIBABA_CLOUD_SECURITY_TOKEN: "PLANTED-TOKEN" } },
      { reason: "Incomplete", says: ["ALIBABA_CLOUD_ACCESS_KEY_ID"] }
    ],
    [
      "a secret with a line break",
      { env: { ...pair, ALIBABA_CLOUD_ACCESS_KEY_SECRET: "PLANTED-ENV-SECRET\n" } },
      { reason: "Malformed", says: ["ALIBABA_CLOUD_ACCESS_KEY_SECRET", "line break"] }
    ],
    [
      "half a pair in the file",
      { files: { [standard]: profile("default", "access_key_id = file-id\naccess_key_secret =") } },
      { reason: "Incomplete", says: [standard, ":3", "access_key_secret"] }
    ],
    [
      "type sts without a token",
      { files: { [standard]: profile("default", `type = sts\n${keys}`) } },
      { reason: "Incomplete", says: ["security_token"] }
    ],
    [
      "an unknown profile",
      {
        env: { ALIBABA_CLOUD_PROFILE: "prod" },
        files: { [standard]: profile("default", keys) + profile("staging", keys) }
      },
      { reason: "UnknownProfile", says: ["prod", "default, staging", standard] }
    ],
    [
      "a named file that does not exist",
      { env: { ALIBABA_CLOUD_CREDENTIALS_FILE: "/etc/keys" } },
      { reason: "Unreadable", says: ["/etc/keys", "no such file"] }
    ],
    [
      "a file that may not be read",
      {
        env: { ALIBABA_CLOUD_PROFILE: "default" },
        files: { [standard]: { text: "", unreadable: true }, [`${standard}.ini`]: profile("default", keys) }
      },
      { reason: "Unreadable", says: [standard, "PermissionDenied"] }
    ],
    [
      "a header that is not closed",
      { files: { [standard]: `# mine\n[default\n${keys}` } },
      { reason: "Malformed", says: [`${standard}:2`] }
    ],
    [
      "a line without a value",
      { files: { [standard]: "[default]\nPLANTED-FILE-SECRET\n" } },
      { reason: "Malformed", says: [`${standard}:2`] }
    ],
    [
      "a setting before the first profile",
      { files: { [standard]: keys } },
      { reason: "Malformed", says: [`${standard}:1`] }
    ],
    [
      "a type that is not supported",
      { files: { [standard]: profile("default", `type = rsa_key_pair\n${keys}`) } },
      { reason: "Unsupported", says: ["rsa_key_pair", `${standard}:2`] }
    ],
    ["nothing at all", {}, { reason: "NotConfigured", says: ["environment", "credentials file", standard] }],
    [
      "a disabled profile",
      { files: { [standard]: profile("default", `enable = false\n${keys}`) } },
      { reason: "NotConfigured", says: ["enable = false"] }
    ],
    [
      "a file without a default profile",
      { files: { [standard]: profile("other", keys) } },
      { reason: "NotConfigured", says: ["no profile default", "other"] }
    ]
  ]
  for (const [what, setup, { reason, says }] of broken) {
    it.effect(`refuses ${what}`, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(fromChain(setup))
        assert.strictEqual(error._tag, "StsCredentialError")
        assert.strictEqual(error._tag === "StsCredentialError" ? error.reason : "", reason)
        for (const text of says) assert.include(error.message, text)
        const printed = [
          error.message,
          inspect(error),
          JSON.stringify(error),
          Cause.pretty(Cause.fail(error))
        ]
        assert.notInclude(printed.join(), "PLANTED")
      })
    )
  }

  it.effect("reads no file when the environment is complete", () => {
    const disk = files({ [standard]: profile("default", keys) })
    return Effect.gen(function* () {
      yield* get
      assert.deepStrictEqual(disk.read, [])
    }).pipe(
      Effect.provide(Alibaba.DefaultChain.layer.pipe(Layer.provide(services(disk.layer)))),
      environment(pair)
    )
  })
})

describe("a file readable by others", () => {
  for (const [mode, warns] of [
    [0o600, false],
    [0o400, false],
    [0o640, true],
    [0o604, true],
    [0o700, true],
    [0o777, true]
  ] as const) {
    it.effect(`${mode.toString(8)} is ${warns ? "warned of once" : "fine"}`, () => {
      const { layer: logger, messages, warnings: lines } = keptLogs()
      const disk = files({ [standard]: { text: profile("default", keys), mode } })
      return Effect.gen(function* () {
        const { get } = yield* Alibaba.CredentialsFile.make()
        yield* Effect.repeat(get, { times: 2 })
        assert.strictEqual(messages.length, warns ? 1 : 0)
        if (!warns) return
        assert.include(lines[0] ?? "", standard)
        assert.include(lines[0] ?? "", "chmod 600")
        assert.notInclude(lines.join(), "PLANTED")
      }).pipe(Effect.provide(Layer.merge(services(disk.layer), logger)), environment({}))
    })
  }
})

describe("static credentials", () => {
  it.effect("keep credentials from a response", () =>
    Effect.gen(function* () {
      const issued = new Alibaba.Credentials({
        accessKeyId: "STS.x",
        accessKeySecret: Redacted.make("s"),
        securityToken: Redacted.make("t")
      })
      assert.strictEqual(yield* Effect.provide(get, Alibaba.Static.layer(issued)), issued)
    })
  )

  for (const [key, value] of [
    ["accessKeyId", ""],
    ["accessKeySecret", ""],
    ["accessKeySecret", "PLANTED SECRET"]
  ] as const) {
    it.effect(`refuse ${value === "" ? "an empty" : "a malformed"} ${key}`, () =>
      Effect.gen(function* () {
        const given = { accessKeyId: "id", accessKeySecret: "secret", [key]: value }
        const error = yield* get.pipe(Effect.provide(Alibaba.Static.layer(given)), Effect.flip)
        assert.include(error.message, key)
        assert.notInclude(error.message, "PLANTED")
      })
    )
  }
})
