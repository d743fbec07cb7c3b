/**
 * Every command and every format, in pipes and at a terminal, against an emulator that the program serves itself.
 * `npm run package-check` runs this with the packed program and every Node that it is for.
 */
import { readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it, vi } from "@effect/vitest"
import { AlibabaSeed, AwsSeed } from "../../src/testing.js"
import { ended, few, firstLine, nodes, run, runAtTerminal, start } from "../support/cli.js"
import { type CliEmulator, startEmulator } from "../support/cliEmulator.js"
import { newFolder } from "../support/folders.js"
import { isInstalled } from "../support/installed.js"
import { decide, pageIn, pageOf } from "../support/signInPage.js"

vi.setConfig(few)

const hasTerminals = isInstalled("script")

interface Asked {
  /** What follows the command; minted things are files by their names. */
  readonly args?: (minted: (name: string) => string) => ReadonlyArray<string>
  readonly shows: RegExp
}

const roleOf = {
  aws: ["--role-arn", AwsSeed.arns.role, "--role-session-name", "job"],
  alibaba: ["--role-arn", AlibabaSeed.arns.role, "--role-session-name", "job"]
}

const issued = {
  aws: /^credentials\.accessKeyId +ASIA\w+$/m,
  alibaba: /^credentials\.accessKeyId +STS\.\w+$/m
}

/** Commands that both clouds have. */
const common = (cloud: "aws" | "alibaba", { arns }: typeof AwsSeed | typeof AlibabaSeed) => {
  const keyId = cloud === "aws" ? "AWS_ACCESS_KEY_ID" : "ALIBABA_CLOUD_ACCESS_KEY_ID"
  const role = ["--role", arns.role]
  return {
    whoami: { shows: new RegExp(`^arn +${arns.user}$`, "m") },
    "assume-role": { args: () => roleOf[cloud], shows: issued[cloud] },
    logout: { shows: /^signedOut +nobody was signed in$/m },
    exec: { args: () => [...role, "--", "printenv", keyId], shows: /^(ASIA|STS\.)\w+$/m },
    "credential-process": { args: () => role, shows: /"(AccessKeyId|access_key_id)":"(ASIA|STS\.)\w+"/ },
    console: { args: () => role, shows: /^http:\S+\/federation\?Action=login&\S+SigninToken=\S+$/im },
    explain: { shows: /✓ environment/ }
  } satisfies Readonly<Record<string, Asked>>
}

const aws: Readonly<Record<string, Asked>> = {
  ...common("aws", AwsSeed),
  "assume-role-with-saml": {
    args: (minted) => [
      ...["--role-arn", AwsSeed.arns.samlRole, "--principal-arn", AwsSeed.arns.samlProvider],
      ...["--saml-assertion-file", minted("aws/saml-responses")]
    ],
    shows: issued.aws
  },
  "assume-role-with-web-identity": {
    args: (minted) => [
      ...["--role-arn", AwsSeed.arns.oidcRole, "--role-session-name", "job"],
      ...["--web-identity-token-file", minted("aws/oidc-tokens")]
    ],
    shows: issued.aws
  },
  "assume-root": {
    args: () => [
      ...["--target-principal", AwsSeed.memberAccountId],
      ...["--task-policy-arn", "arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"]
    ],
    shows: issued.aws
  },
  "session-token": { shows: issued.aws },
  "federation-token": {
    args: () => ["--name", "guest"],
    shows: /^federatedUser\.arn .*federated-user\/guest$/m
  },
  "delegated-access-token": {
    args: (minted) => ["--trade-in-token-file", minted("aws/trade-in-tokens")],
    shows: issued.aws
  },
  "web-identity-token": {
    args: () => ["--audience", "vault", "--signing-algorithm", "ES384"],
    shows: /^webIdentityToken +\*{8}$/m
  },
  "access-key-info": {
    args: () => ["--access-key-id", AwsSeed.keys.user.accessKeyId],
    shows: new RegExp(`^account +${AwsSeed.accountId}$`, "m")
  },
  "decode-message": {
    args: (minted) => ["--encoded-message-file", minted("aws/authorization-messages")],
    shows: /^decodedMessage\.allowed +false$/m
  },
  presign: { shows: /^http\S+X-Amz-Signature=\w{64}$/m },
  "eks-token": { args: () => ["prod"], shows: /"token":"k8s-aws-v1\.\w+/ }
}

const alibaba: Readonly<Record<string, Asked>> = {
  ...common("alibaba", AlibabaSeed),
  "assume-role-with-oidc": {
    args: (minted) => [
      ...["--role-arn", AlibabaSeed.arns.oidcRole, "--role-session-name", "job"],
      ...["--oidc-provider-arn", AlibabaSeed.arns.oidcProvider],
      ...["--oidc-token-file", minted("alibaba/oidc-tokens")]
    ],
    shows: issued.alibaba
  },
  "assume-role-with-saml": {
    args: (minted) => [
      ...["--role-arn", AlibabaSeed.arns.samlRole, "--saml-provider-arn", AlibabaSeed.arns.samlProvider],
      ...["--saml-assertion-file", minted("alibaba/saml-responses")]
    ],
    shows: issued.alibaba
  }
}

const ending = { aws, alibaba }

/** What an emulator mints, and the member of its answer. */
const mints = {
  "aws/saml-responses": "samlResponse",
  "aws/oidc-tokens": "token",
  "aws/trade-in-tokens": "token",
  "aws/authorization-messages": "encodedMessage",
  "alibaba/saml-responses": "samlResponse",
  "alibaba/oidc-tokens": "token"
}

/** Commands that last until somebody acts. */
const lasting = ["aws login", "aws serve", "alibaba login", "alibaba serve", "emulator"]

it("no command of the guide is left out", () => {
  const guide = readFileSync(new URL("../../docs/cli.md", import.meta.url), "utf8")
  const named = Array.from(guide.matchAll(/^### effect-sts (.+)$/gm), ([, name]) => name)
  const tried = Object.entries(ending).flatMap(([cloud, commands]) =>
    Object.keys(commands).map((name) => `${cloud} ${name}`)
  )
  assert.sameMembers([...tried, ...lasting, "demo"], named)
})

/** Rows of a table that show a secret. */
const unmasked = (text: string): ReadonlyArray<string> =>
  text.split("\n").filter((line) => /^(?!subjectFrom)[\w.]*(?:secret|token)\w* {2,}(?! |\*{8}$)/i.test(line))

describe.each(nodes)("by %s,", (node) => {
  let emulator: CliEmulator
  const home = newFolder()
  const minted = (name: string): string => join(home, name.replace("/", "-"))

  beforeAll(async () => {
    emulator = await startEmulator(node)
    for (const [name, member] of Object.entries(mints)) {
      const { [member]: text = "" } = await emulator.ask(name)
      writeFileSync(minted(name), text)
    }
  })

  afterAll(() => emulator.stop())

  const tried = async (
    args: ReadonlyArray<string>,
    env: Readonly<Record<string, string>>,
    check: (shown: string) => void
  ): Promise<void> => {
    const [piped, terminal] = await Promise.all([
      run(args, { node, env }),
      hasTerminals ? runAtTerminal(args, { node, env }) : undefined
    ])
    assert.deepInclude(piped, { status: 0, stderr: "" })
    check(piped.stdout)
    if (terminal === undefined) return
    assert.strictEqual(terminal.status, 0, terminal.shown)
    check(terminal.shown)
  }

  for (const cloud of ["aws", "alibaba"] as const) {
    it.concurrent.each(Object.entries(ending[cloud]))(`${cloud} %s`, (name, { args = () => [], shows }) =>
      tried(
        [cloud, name, ...args(minted), ...(name === "console" ? ["--endpoint", emulator.endpoint] : [])],
        { ...emulator.env[cloud], HOME: newFolder() },
        (shown) => {
          assert.match(shown, shows)
          assert.isEmpty(unmasked(shown))
        }
      )
    )
  }

  it.concurrent("demo", () => tried(["demo"], {}, (shown) => assert.match(shown, /All \d+ steps did what/)))

  const give = (cloud: "aws" | "alibaba", format: string, check: (shown: string) => void) =>
    tried([cloud, "assume-role", ...roleOf[cloud], "--format", format], emulator.env[cloud], check)

  it.concurrent("--format table, with its secrets where they are asked for", () =>
    tried(["aws", "assume-role", ...roleOf.aws, "--show-secrets"], emulator.env.aws, (shown) => {
      assert.match(shown, /^credentials\.secretAccessKey {2,}[\w/+]{40}$/m)
      assert.match(shown, /^credentials\.sessionToken {2,}\w{40,}$/m)
    }))

  it.concurrent("--format env", async () => {
    await give("aws", "env", (shown) =>
      assert.match(
        shown,
        /^export AWS_ACCESS_KEY_ID='\w+'\nexport AWS_SECRET_ACCESS_KEY='\S+'\nexport AWS_SESSION_TOKEN='\S+'\nexport AWS_CREDENTIAL_EXPIRATION='\S+Z'\nunset( AWS_\w+)+\n$/
      )
    )
    await give("alibaba", "env", (shown) =>
      assert.match(
        shown,
        /^export ALIBABA_CLOUD_ACCESS_KEY_ID='STS\.\w+'\nexport ALIBABA_CLOUD_ACCESS_KEY_SECRET='\S+'\nexport ALIBABA_CLOUD_SECURITY_TOKEN='\S+'\nexport ALIBABA_CLOUD_IGNORE_PROFILE='TRUE'\nunset( ALI\w+)+\n$/
      )
    )
  })

  it.concurrent("--format json", async () => {
    await give("aws", "json", (shown) =>
      assert.match(JSON.parse(shown).credentials.sessionToken, /^\w{40,}$/)
    )
    await give("alibaba", "json", (shown) =>
      assert.match(JSON.parse(shown).credentials.securityToken, /^\S{40,}$/)
    )
  })

  it.concurrent("--format credential-process", async () => {
    await give("aws", "credential-process", (shown) =>
      assert.hasAllKeys(JSON.parse(shown), [
        ...["Version", "AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"]
      ])
    )
    await give("alibaba", "credential-process", (shown) =>
      assert.deepInclude(JSON.parse(shown), { mode: "StsToken" })
    )
  })

  it.concurrent.each(["aws", "alibaba"] as const)("--format profile, for %s", async (cloud) => {
    const env = { ...emulator.env[cloud], HOME: newFolder() }
    const into = ["--format", "profile", "--into-profile", "made"]
    await tried([cloud, "assume-role", ...roleOf[cloud], ...into], env, (shown) => {
      const [, file = "", current] =
        /^Profile made was written to ([^\s,;]+)(, where it is the current one)?; its credentials last until \S+Z\.\n$/.exec(
          shown
        ) ?? []
      assert.strictEqual(statSync(file).mode & 0o777, 0o600)
      assert.strictEqual(current !== undefined, cloud === "alibaba")
    })
    await tried([cloud, "whoami", "--profile", "made"], env, (shown) => assert.match(shown, /reader\/job$/m))
  })

  it.concurrent.each(["aws", "alibaba"] as const)("%s serve", async (cloud) => {
    const args = [cloud, "serve", "--role", cloud === "aws" ? AwsSeed.arns.role : AlibabaSeed.arns.role]
    const given = { node, env: emulator.env[cloud] }
    const child = start(args, given)
    const end = ended(child)
    assert.match(await firstLine(child), /^export \w+_URI='http:\/\/127\.0\.0\.1:\d+\/\S*credentials'$/)
    child.kill("SIGTERM")
    assert.deepInclude(await end, { status: 0, stderr: "" })
    if (!hasTerminals) return
    const types = (shown: string) => (/_URI='[^']+'\n/.test(shown) ? "\u0003" : undefined)
    assert.strictEqual((await runAtTerminal(args, { ...given, types })).status, 0)
  })

  it.concurrent("emulator", async () => {
    const child = start(["emulator", "--env"], { node })
    const end = ended(child)
    assert.match(await firstLine(child), /^export ALIBABA_CLOUD_STS_ENDPOINT='http:/)
    child.kill("SIGTERM")
    assert.deepInclude(await end, { status: 0, stderr: "" })
    if (!hasTerminals) return
    const types = (shown: string) => (shown.includes("Stop it with Ctrl-C.") ? "\u0003" : undefined)
    const { shown, status } = await runAtTerminal(["emulator"], { node, types })
    assert.strictEqual(status, 0, shown)
  })

  it.concurrent.each(["aws", "alibaba"] as const)("%s login", async (cloud) => {
    const url = `${emulator.endpoint}${new URL(AlibabaSeed.cloudSso.signInUrl).pathname}`
    const where = cloud === "aws" ? [] : ["--sign-in-url", url]
    const args = [cloud, "login", "--profile", "person", "--no-browser", ...where]
    const signIn = (page: string) => decide(page, { user: "alice" })
    const given = () => ({ node, env: { ...emulator.services, HOME: newFolder() } })
    const child = start(args, given())
    const end = ended(child)
    await signIn(await pageOf(child))
    const { status, stderr, stdout } = await end
    assert.strictEqual(status, 0, stderr)
    assert.match(stdout, /^expiration +\S+Z$/m)
    if (!hasTerminals) return
    const types = (shown: string) => {
      const page = pageIn(shown)
      return page === undefined ? undefined : signIn(page).then(() => "")
    }
    const terminal = await runAtTerminal(args, { ...given(), types })
    assert.strictEqual(terminal.status, 0, terminal.shown)
    assert.match(terminal.shown, /^expiration +\S+Z$/m)
    assert.isEmpty(unmasked(terminal.shown))
  })
})
