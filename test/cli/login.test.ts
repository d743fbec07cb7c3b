/** `login` and `logout`, by the program as it is shipped, against an emulator whose pages are answered here. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { AlibabaSeed, AwsSeed } from "../../src/testing.js"
import { ended, run, runAtTerminal, start } from "../support/cli.js"
import { type CliEmulator, startEmulator } from "../support/cliEmulator.js"
import { newFolder } from "../support/folders.js"
import { decide, pageIn, pageOf } from "../support/signInPage.js"

let emulator: CliEmulator

beforeAll(async () => {
  emulator = await startEmulator()
})

afterAll(() => emulator.stop())

const config = [
  "[sso-session corp]",
  `sso_start_url = ${AwsSeed.identityCenter.startUrl}`,
  `sso_region = ${AwsSeed.region}`,
  "[profile dev]",
  "sso_session = corp",
  `sso_account_id = ${AwsSeed.ssoRole.accountId}`,
  `sso_role_name = ${AwsSeed.ssoRole.roleName}`,
  ""
].join("\n")

/** A home with a config file, and what the program needs to find the emulator. */
const machine = () => {
  const home = newFolder()
  mkdirSync(join(home, ".aws"))
  writeFileSync(join(home, ".aws/config"), config)
  const { endpoint } = emulator
  const env = {
    HOME: home,
    AWS_REGION: AwsSeed.region,
    AWS_ENDPOINT_URL_STS: endpoint,
    AWS_ENDPOINT_URL_SSO: endpoint,
    AWS_ENDPOINT_URL_SSO_OIDC: endpoint,
    AWS_ENDPOINT_URL_SIGNIN: endpoint,
    ALIBABA_CLOUD_STS_ENDPOINT: endpoint
  }
  return { home, env }
}

const user = AwsSeed.arns.user.slice(AwsSeed.arns.user.lastIndexOf("/") + 1)

describe("aws login", () => {
  for (const way of ["--device-code", "--no-browser"]) {
    it(`${way} signs in to IAM Identity Center, and logout ends it`, async () => {
      const { env, home } = machine()
      const child = start(["aws", "login", "--profile", "dev", way, "--json"], { env })
      const outcome = ended(child)
      await decide(await pageOf(child), { user: "alice" })
      const { status, stderr, stdout } = await outcome
      assert.strictEqual(status, 0, stderr)
      const { file } = JSON.parse(stdout)
      assert.strictEqual(statSync(file).mode & 0o777, 0o600)
      const { accessToken, clientSecret } = JSON.parse(readFileSync(file, "utf8"))
      for (const secret of [accessToken, clientSecret]) assert.notInclude(stdout + stderr, secret)
      const who = await run(["aws", "whoami", "--profile", "dev", "--json"], { env })
      assert.include(who.stdout, "AWSReservedSSO_Reader", who.stderr)
      assert.strictEqual((await run(["aws", "logout"], { env })).status, 0)
      assert.isFalse(existsSync(file))
      assert.isEmpty(readdirSync(join(home, ".aws/sso/cache")).filter((name) => !name.endsWith(".json")))
    })
  }

  it("signs in with the console's credentials, and names the session in the profile", async () => {
    const { env, home } = machine()
    const child = start(["aws", "login", "--profile", "console", "--no-browser"], { env })
    const outcome = ended(child)
    const answered = await decide(await pageOf(child), { user })
    assert.include(answered, "You can close this page")
    const { status, stderr, stdout } = await outcome
    assert.strictEqual(status, 0, stderr)
    assert.include(stdout, AwsSeed.arns.user)
    const written = readFileSync(join(home, ".aws/config"), "utf8")
    assert.strictEqual(written, `${config}\n[profile console]\nlogin_session = ${AwsSeed.arns.user}\n`)
    const who = await run(["aws", "whoami", "--profile", "console"], { env })
    assert.include(who.stdout, AwsSeed.arns.user, who.stderr)
  })

  it("takes what a browser on another machine shows at the end, and nothing else", async () => {
    const { env } = machine()
    const args = ["aws", "login", "--profile", "console", "--remote"]
    const pasting = (of: (text: string) => string) =>
      runAtTerminal(args, {
        env,
        types: (shown) => {
          const page = pageIn(shown)
          return page === undefined || !shown.includes("Paste the text")
            ? undefined
            : decide(page, { user }).then((text) => `${of(/<p>(.*)<\/p>/.exec(text)?.[1] ?? "")}\n`)
        }
      })
    const { shown, status } = await pasting((text) => text)
    assert.strictEqual(status, 0, shown)
    assert.include(shown, AwsSeed.arns.user)
    // A pipe has no such line: another test has all that it gets.
    assert.include(shown, "\nWaiting until you have signed in; Ctrl-C ends it.\n")
    const who = await run(["aws", "whoami", "--profile", "console"], { env })
    assert.include(who.stdout, AwsSeed.arns.user, who.stderr)
    const anothers = Buffer.from("state=of-another&code=PLANTED").toString("base64")
    // It is asked for again, since something else is easily pasted.
    const refused = await pasting(() => `${anothers}\n${anothers}\n${anothers}`)
    assert.strictEqual(refused.status, 5, refused.shown)
    assert.include(refused.shown, "Paste the whole text that the page shows at the end")
  })

  it("goes by the profile's region, and logout ends what one profile has signed in to alone", async () => {
    const { env, home } = machine()
    const { AWS_REGION, ...elsewhere } = env
    const file = join(home, ".aws/config")
    writeFileSync(file, `${config}[profile console]\nregion = ${AWS_REGION}\n`)
    const signIn = async (profile: string, as: string) => {
      const child = start(["aws", "login", "--no-browser", "--json"], {
        env: { ...elsewhere, AWS_PROFILE: profile }
      })
      const outcome = ended(child)
      await decide(await pageOf(child), { user: as })
      const { stderr, stdout } = await outcome
      return JSON.parse(stdout === "" ? stderr : stdout).file as string
    }
    const files = [await signIn("console", user), await signIn("dev", "alice")] as const
    assert.strictEqual(JSON.parse(readFileSync(files[0], "utf8")).signInRegion, AWS_REGION)
    const logout = (...args: ReadonlyArray<string>) => run(["aws", "logout", ...args, "--json"], { env })
    const first = await logout("--profile", "console")
    assert.deepStrictEqual(JSON.parse(first.stdout), { signedOut: files[0] })
    assert.deepStrictEqual(files.map(existsSync), [false, true])
    const second = await logout("--sso-session", "corp")
    assert.deepStrictEqual(JSON.parse(second.stdout), { signedOut: files[1] })
    const third = await logout("--profile", "dev")
    assert.deepStrictEqual(JSON.parse(third.stdout), { signedOut: "nobody was signed in" })
  })

  it("ends with the status of missing credentials when the person says no", async () => {
    const { env } = machine()
    const child = start(["aws", "login", "--sso-session", "corp", "--no-browser"], { env })
    const outcome = ended(child)
    await decide(await pageOf(child), { deny: "yes" })
    const { status, stderr } = await outcome
    assert.strictEqual(status, 5)
    assert.include(stderr, "the sign-in was denied")
  })

  it("leaves nothing behind when it is stopped", async () => {
    const { env, home } = machine()
    const child = start(["aws", "login", "--sso-session", "corp", "--no-browser"], { env })
    const outcome = ended(child)
    await pageOf(child)
    child.kill("SIGINT")
    assert.strictEqual((await outcome).status, 130)
    assert.isEmpty(readdirSync(join(home, ".aws/sso/cache")).filter((name) => !name.endsWith(".json")))
  })

  it("asks for what a page shows on another machine, and says when that is nothing", async () => {
    const { env } = machine()
    const args = ["aws", "login", "--profile", "console", "--remote"]
    const answer = await run(args, { env, input: "no code\n" })
    assert.deepInclude(answer, { status: 5, stdout: "" })
    assert.match(
      answer.stderr,
      /^Open this page to sign in:\nhttp\S+cross-device\S+\n(Paste the text [^:]+: ){2}/
    )
    assert.include(answer.stderr, "nothing was pasted")
    const sso = await run(["aws", "login", "--profile", "dev", "--remote"], { env })
    assert.strictEqual(sso.status, 2)
    assert.include(sso.stderr, "IAM Identity Center has --device-code")
  })

  it("has no device code for the console's credentials", async () => {
    const { env } = machine()
    const { status, stderr } = await run(["aws", "login", "--profile", "other", "--device-code"], { env })
    assert.strictEqual(status, 2)
    assert.include(stderr, "--device-code is for IAM Identity Center")
  })
})

describe("alibaba login", () => {
  it("signs in to CloudSSO, and logout ends it", async () => {
    const { env, home } = machine()
    const url = `${emulator.endpoint}${new URL(AlibabaSeed.cloudSso.signInUrl).pathname}`
    const args = ["alibaba", "login", "--sign-in-url", url, "--profile", "sso", "--no-browser"]
    const child = start(args, { env })
    const outcome = ended(child)
    await decide(await pageOf(child), { user: "alice" })
    const { status, stderr, stdout } = await outcome
    assert.strictEqual(status, 0, stderr)
    assert.include(stdout, AlibabaSeed.accountId)
    const who = await run(["alibaba", "whoami", "--profile", "sso"], { env })
    assert.include(who.stdout, "AliyunReservedSSO-Reader", who.stderr)
    const file = join(home, ".aliyun/config.json")
    const [{ access_token: token }] = JSON.parse(readFileSync(file, "utf8")).profiles
    assert.notInclude(stdout + stderr, token)
    const out = await run(["alibaba", "logout", "--profile", "sso"], { env })
    assert.include(out.stdout, "yes", out.stderr)
    assert.notInclude(readFileSync(file, "utf8"), token)
    // the profile says where from now on
    const again = start(["alibaba", "login", "--profile", "sso", "--no-browser"], { env })
    const signedIn = ended(again)
    await decide(await pageOf(again), { user: "alice" })
    assert.deepInclude(await signedIn, { status: 0 })
  })

  it("says which way it needs to know", async () => {
    const none = await run(["alibaba", "login"], machine())
    assert.strictEqual(none.status, 2)
    assert.include(none.stderr, "give --sign-in-url, for CloudSSO, or --site, for OAuth")
    const both = await run(["alibaba", "login", "--site", "cn", "--sign-in-url", "https://x/"], machine())
    assert.strictEqual(both.status, 2)
    assert.include(both.stderr, "give one of them")
  })
})
