/** What another user of the same machine finds out, who looks at its processes and at every file. Only root can try. */
import { spawn } from "node:child_process"
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { AlibabaSeed, AwsSeed } from "../../src/testing.js"
import { ended, firstLine, run, start } from "../support/cli.js"
import { type CliEmulator, startEmulator } from "../support/cliEmulator.js"
import { newFolder } from "../support/folders.js"
import { decide, pageOf } from "../support/signInPage.js"

const isRoot = process.getuid?.() === 0
if (!isRoot) process.stdout.write("Skipped, nothing tried: only root can become another user\n")

const nobody = 65_534

let emulator: CliEmulator
/** A home that everybody may look into, as some systems make them, with folders as others make them. */
const home = newFolder()

beforeAll(async () => {
  emulator = await startEmulator()
  chmodSync(home, 0o755)
  for (const folder of [".aws", ".aliyun", ".alibabacloud", ".cache"]) mkdirSync(join(home, folder))
})

afterAll(() => emulator.stop())

const env = () => ({
  ...emulator.env.aws,
  ...emulator.env.alibaba,
  HOME: home,
  XDG_CACHE_HOME: "",
  TMPDIR: home
})

/** Everything below a folder that this process can read. */
const filesIn = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name, parentPath }) => join(parentPath, name))

/** The program's processes and those that it started. Other tests may have keys of the emulator's users in their own. */
const processes = (): ReadonlyArray<string> =>
  readdirSync("/proc").filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, "utf8").includes(`HOME=${home}\0`)
    } catch {
      // It has ended.
      return false
    }
  })

/** Everything that another user can read: how processes were started, what is in their environments, and files. */
const seenByNobody = async (): Promise<string> => {
  const looked = processes().flatMap((pid) => [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`])
  const script = `cat ${looked.join(" ")}; find '${home}' -type f -exec cat {} +`
  const child = spawn("sh", ["-c", script], { uid: nobody, gid: nobody, stdio: ["ignore", "pipe", "ignore"] })
  return (await ended(child)).stdout
}

/** What reads like a secret in a document: of a cache, of a profile, of a server. */
const secretsIn = (text: string): ReadonlyArray<string> =>
  Array.from(
    text.matchAll(/(?:secret|token)\w*["']? ?[=:] ?["']?([^"'\s,;]{16,})/gi),
    ([, secret = ""]) => secret
  )

describe.skipIf(!isRoot)("another user of the machine", () => {
  it("finds no secret in processes, environments and files", async () => {
    const role = ["--role", AwsSeed.arns.role, "--role-session-name", "the-session-that-is-looked-for"]
    const server = start(["aws", "serve", ...role], { env: env() })
    const alibaba = start(["alibaba", "serve", "--role", AlibabaSeed.arns.role], { env: env() })
    const job = ["--", process.execPath, "-e", "console.log('ready'); setInterval(() => {}, 1000)"]
    const exec = start(["aws", "exec", ...role, ...job], { env: env() })
    const within = start(["aws", "exec", "--server", ...role, ...job], { env: env() })
    const told: string[] = []
    for (const child of [server, alibaba])
      child.stdout?.on("data", (chunk) => {
        told.push(String(chunk))
      })
    await Promise.all([server, alibaba, exec, within].map(firstLine))

    const files = ["--format", "profile", "--into-profile", "made"]
    const arn = ["--role-session-name", "job", "--role-arn"]
    await Promise.all([
      run(["aws", "credential-process", ...role], { env: env() }),
      run(["aws", "assume-role", ...arn, AwsSeed.arns.role, ...files], { env: env() }),
      run(["alibaba", "assume-role", ...arn, AlibabaSeed.arns.role, ...files], { env: env() })
    ])
    const login = start(["aws", "login", "--profile", "person", "--no-browser"], { env: env() })
    const signedIn = ended(login)
    await decide(await pageOf(login), { user: "alice" })
    await signedIn

    const kept = filesIn(home)
    for (const part of [".aws/credentials", ".aws/login/cache", ".cache/effect-sts/credentials"])
      assert.isTrue(
        kept.some((file) => file.includes(part)),
        part
      )
    const own = kept.filter((file) => !file.includes("/compiled/"))
    const secrets = [...told, ...own.map((file) => readFileSync(file, "utf8"))].flatMap(secretsIn)
    const environments = [exec, within].map(({ pid }) => readFileSync(`/proc/${pid}/environ`, "utf8"))
    secrets.push(...environments.flatMap((text) => secretsIn(text.replaceAll("\0", "\n"))))
    assert.isAbove(secrets.length, 10)

    mkdirSync(join(home, "left"))
    writeFileSync(join(home, "left/open"), "a file that was left open", { mode: 0o644 })
    assert.isAtLeast(processes().length, 6)
    const seen = await seenByNobody()
    const ends = [server, alibaba, exec, within].map((child) => {
      const end = ended(child)
      child.kill()
      return end
    })
    await Promise.all(ends)
    assert.include(seen, "the-session-that-is-looked-for")
    assert.include(seen, "a file that was left open")
    assert.isEmpty(secrets.filter((secret) => seen.includes(secret)))
  })
})
