import { statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { afterAll, beforeAll } from "vitest"
import { withProfile } from "../../src/cli/credentialsFile.js"
import { AlibabaSeed, AwsSeed } from "../../src/testing.js"
import { newHome, run } from "../support/cli.js"
import { type CliEmulator, startEmulator } from "../support/cliEmulator.js"

let emulator: CliEmulator
const home = newHome()

beforeAll(async () => {
  emulator = await startEmulator()
})

afterAll(() => emulator.stop())

const minted = async (path: string): Promise<string> => {
  const reply = await fetch(`${emulator.endpoint}/_emulator/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}"
  })
  const { assertion, samlAssertion, samlResponse, token } = (await reply.json()) as Readonly<
    Record<string, string>
  >
  return token ?? samlResponse ?? samlAssertion ?? assertion ?? ""
}

const awsRole = ["--role-arn", AwsSeed.arns.role, "--role-session-name", "job"]
const alibabaRole = ["--role-arn", AlibabaSeed.arns.role, "--role-session-name", "job"]
const aws = (...args: ReadonlyArray<string>) => run(["aws", ...args], { env: emulator.env.aws })
const alibaba = (...args: ReadonlyArray<string>) => run(["alibaba", ...args], { env: emulator.env.alibaba })

describe("assume-role", () => {
  it.concurrent("shows people no secret unless they ask", async () => {
    const [hidden, shown] = await Promise.all([
      aws("assume-role", ...awsRole, "--tags", "team=a=b", "--duration-seconds", "900"),
      aws("assume-role", ...awsRole, "--show-secrets")
    ])
    assert.match(hidden.stdout, /^credentials\.accessKeyId +ASIA\w+$/m)
    assert.match(hidden.stdout, /^credentials\.secretAccessKey +\*+$/m)
    assert.match(hidden.stdout, /^credentials\.sessionToken +\*+$/m)
    assert.match(shown.stdout, /^credentials\.sessionToken +\w{40,}/m)
  })

  it.concurrent("gives what shells take", async () => {
    const [one, other] = await Promise.all([
      aws("assume-role", ...awsRole, "--format", "env"),
      alibaba("assume-role", ...alibabaRole, "--format", "env")
    ])
    assert.match(
      one.stdout,
      /^export AWS_ACCESS_KEY_ID='\w+'\nexport AWS_SECRET_ACCESS_KEY='\S+'\nexport AWS_SESSION_TOKEN='\S+'\nexport AWS_CREDENTIAL_EXPIRATION='\S+Z'\n$/
    )
    assert.match(
      other.stdout,
      /^export ALIBABA_CLOUD_ACCESS_KEY_ID='STS\.\w+'\nexport ALIBABA_CLOUD_ACCESS_KEY_SECRET='\S+'\nexport ALIBABA_CLOUD_SECURITY_TOKEN='\S+'\n$/
    )
  })

  it.concurrent("gives what tools take that run a command", async () => {
    const [one, other, json] = await Promise.all([
      aws("assume-role", ...awsRole, "--format", "credential-process"),
      alibaba("assume-role", ...alibabaRole, "--format", "credential-process"),
      aws("assume-role", ...awsRole, "--json")
    ])
    assert.hasAllKeys(JSON.parse(one.stdout), [
      "Version",
      "AccessKeyId",
      "SecretAccessKey",
      "SessionToken",
      "Expiration"
    ])
    assert.deepInclude(JSON.parse(other.stdout), { mode: "StsToken" })
    assert.match(JSON.parse(json.stdout).credentials.sessionToken, /^\w{40,}/)
  })

  it.concurrent("writes a profile that the program then uses", async () => {
    const files = { AWS_SHARED_CREDENTIALS_FILE: join(home, "a/credentials") }
    const env = { ...emulator.env.aws, ...files }
    const written = await run(
      ["aws", "assume-role", ...awsRole, "--format", "profile", "--into-profile", "role"],
      { env }
    )
    assert.deepInclude(written, { status: 0, stderr: "" })
    assert.notInclude(written.stdout, "ASIA")
    assert.strictEqual(statSync(files.AWS_SHARED_CREDENTIALS_FILE).mode & 0o777, 0o600)
    const { stdout } = await run(["aws", "whoami", "--profile", "role"], { env })
    assert.include(stdout, "assumed-role/reader/job")
  })

  it.concurrent("writes a profile of Alibaba Cloud that the program then uses", async () => {
    const files = { ALIBABA_CLOUD_CREDENTIALS_FILE: join(home, "b/credentials") }
    const env = { ...emulator.env.alibaba, ...files }
    const made = ["--format", "profile", "--into-profile", "role"]
    assert.strictEqual((await run(["alibaba", "assume-role", ...alibabaRole, ...made], { env })).status, 0)
    const { stderr, stdout } = await run(["alibaba", "whoami", "--profile", "role"], { env })
    assert.include(stdout, "reader/job", stderr)
  })

  it.concurrent.each([
    [
      ["--duration-seconds", "9"],
      3,
      "--duration-seconds must be a whole number of seconds from 900 to 43200"
    ],
    [["--duration-seconds", "soon"], 3, "--duration-seconds must be"],
    [["--role-arn", "arn:aws:iam::123456789012:role/again"], 2, "--role-arn may come only once"],
    [["--policy-file", "/nowhere/at/all"], 1, "The file of --policy-file cannot be read (ENOENT)"],
    [["--serial-number", "arn:aws:iam::123456789012:mfa/a"], 5, "there is no terminal to ask at"],
    [["--format", "profile"], 2, "--format profile needs --into-profile NAME"],
    [["--format", "xml"], 2, "--format cannot be this"]
  ] as const)("refuses %j", async (args, status, message) => {
    const ended = await aws("assume-role", ...awsRole, ...args)
    assert.deepInclude(ended, { status, stdout: "" })
    assert.include(ended.stderr, message)
  })

  it.concurrent("says what is missing by the option's name", async () => {
    const { status, stderr } = await aws("assume-role", "--role-session-name", "job")
    assert.strictEqual(status, 3)
    assert.include(stderr, "--role-arn is required")
  })
})

describe("for an identity provider's word", () => {
  it.concurrent("the token comes from a file", async () => {
    const token = join(home, "token")
    writeFileSync(token, `${await minted("aws/oidc-tokens")}\n`)
    const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: __, ...env } = emulator.env.aws
    const { stderr, stdout } = await run(
      [
        ...["aws", "assume-role-with-web-identity", "--role-arn", AwsSeed.arns.oidcRole],
        ...["--role-session-name", "job", "--web-identity-token-file", token]
      ],
      { env }
    )
    assert.match(stdout, /^credentials\.accessKeyId +ASIA\w+$/m, stderr)
  })

  it.concurrent("the token comes from standard input", async () => {
    const { stderr, stdout } = await run(
      [
        ...["alibaba", "assume-role-with-oidc", "--role-arn", AlibabaSeed.arns.oidcRole],
        ...["--oidc-provider-arn", AlibabaSeed.arns.oidcProvider],
        ...["--role-session-name", "job", "--oidc-token-file", "-"]
      ],
      {
        env: { ALIBABA_CLOUD_STS_ENDPOINT: emulator.endpoint },
        input: await minted("alibaba/oidc-tokens")
      }
    )
    assert.match(stdout, /^credentials\.accessKeyId +STS\.\w+$/m, stderr)
  })
})

describe("AWS's other operations", () => {
  it.concurrent("answer", async () => {
    const answers = await Promise.all([
      aws("session-token", "--json"),
      aws("federation-token", "--name", "guest", "--json"),
      aws("access-key-info", "--access-key-id", AwsSeed.keys.user.accessKeyId, "--json"),
      aws("web-identity-token", "--audience", "vault", "--signing-algorithm", "ES384"),
      aws("eks-token", "prod"),
      aws("presign")
    ])
    for (const { status, stderr } of answers)
      assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: "" })
    const [session, federation, key, token, eks, url] = answers.map(({ stdout }) => stdout)
    assert.match(JSON.parse(session ?? "").credentials.accessKeyId, /^ASIA/)
    assert.include(JSON.parse(federation ?? "").federatedUser.arn, "federated-user/guest")
    assert.strictEqual(JSON.parse(key ?? "").account, AwsSeed.accountId)
    assert.match(token ?? "", /^webIdentityToken +\*+$/m)
    assert.match(JSON.parse(eks ?? "").status.token, /^k8s-aws-v1\./)
    assert.include(url, "X-Amz-Signature=")
    assert.strictEqual((await fetch(url?.trim() ?? "")).status, 200)
  })
})

describe("a profile in a credentials file", () => {
  const keys = { one: "1", two: "2", gone: undefined }

  it("is added after what is there", () => {
    assert.strictEqual(withProfile("", "new", keys), "[new]\none = 1\ntwo = 2\n")
    assert.strictEqual(
      withProfile("# mine\n[other]\none = 9\n", "new", keys),
      "# mine\n[other]\none = 9\n\n[new]\none = 1\ntwo = 2\n"
    )
  })

  it("keeps every other line, its comments and its line ends", () => {
    const text = "; top\r\n[a]\r\none=9 # old\r\n# why\r\nregion = r\r\nGONE = x\r\n[b]\r\none = 8\r\n"
    assert.strictEqual(
      withProfile(text, "a", keys),
      "; top\r\n[a]\r\none = 1\r\ntwo = 2\r\n# why\r\nregion = r\r\n[b]\r\none = 8\r\n"
    )
  })
})
