/**
 * What a command says on its standard error when it fails: the reader of the error reads it too, and no secret with it.
 */
import { spawn } from "node:child_process"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as ChildProcessSpawner from "effect/process/ChildProcessSpawner"
import * as Aws from "../../src/aws.js"
import { Blocking } from "../../src/blocking.js"
import type { StsCredentialError } from "../../src/index.js"
import * as External from "../../src/layers/alibaba/External.js"
import { complaint } from "../../src/protocol/commandOutput.js"
import { printouts } from "../leaks/printouts.js"
import { newFolder } from "../support/folders.js"
import { program } from "../support/program.js"

const directory = newFolder()

/** The files that hold the scripts, which have the line of the command but not its words. */
const scriptOf = (text: string): string => {
  const file = join(directory, `${Math.random().toString(36).slice(2)}.sh`)
  writeFileSync(file, `#!/bin/sh\n${text}\n`, { mode: 0o700 })
  return file
}

type Failing = Effect.Effect<unknown, unknown, ChildProcessSpawner.ChildProcessSpawner>

const inLine = ([...parts]: ReadonlyArray<string>) => parts.join("; ")

/** How a command may be stated. */
const sources: Readonly<Record<string, (text: string) => Failing>> = {
  "aws, in the line": (command) =>
    Effect.flatMap(Aws.Process.make({ command, timeout: "2 seconds" }), ({ get }) => get),
  "aws, in a script": (text) =>
    Effect.flatMap(Aws.Process.make({ command: scriptOf(text), timeout: "2 seconds" }), ({ get }) => get),
  "alibaba, in a script": (text) =>
    Effect.flatMap(External.make({ command: scriptOf(text) }), ({ get }) => get)
}

const modes: Readonly<Record<string, (failing: Failing) => Promise<unknown>>> = {
  "on the event loop": (failing) =>
    Effect.runPromise(Effect.flip(failing).pipe(Effect.provide(NodeServices.layer))),
  "under runSync": async (failing) =>
    Effect.runSync(Effect.flip(failing).pipe(Effect.provide(Blocking.layerWith({ proxy: false }))))
}

const ways = Object.entries(sources).flatMap(([source, make]) =>
  Object.entries(modes).map(
    ([mode, run]) =>
      [`${source}, ${mode}`, async (text: string) => (await run(make(text))) as StsCredentialError] as const
  )
)

const expired = "session expired: run corp-login"

/** Every way of failing, and what the error begins with. */
const failures: Readonly<Record<string, readonly [end: string, detail: string]>> = {
  "an exit code": ["exit 2", "the command ended with exit code 2"],
  "a missing program": ["exit 127", "there is no such program"],
  "a signal": ["kill -9 $$", "a signal ended the command"],
  "no output": ["exit 0", "the command's output is not a JSON object: it is empty"],
  "bad output": ["echo hello", "the command's output is not a JSON object: it begins with other text"],
  "an incomplete document": [`echo '{"Version": 1}'`, "the command's output has no "],
  "too much output": ["yes", "the command wrote more output than credentials need"]
}

/** What a command may say, and what is read of it. */
const said: Readonly<Record<string, readonly [text: string, shown: string]>> = {
  "one line": [`echo '${expired}' >&2`, expired],
  "no line break": [`printf '${expired}' >&2`, expired],
  "the last of many lines": [
    `for i in 1 2 3 4 5 6 7 8 9; do echo "line $i" >&2; done`,
    "line 5 | line 6 | line 7 | line 8 | line 9"
  ],
  "blank lines and blanks": ["printf '  one  \\n\\n\\n\\t two\\n\\n' >&2", "one | two"],
  CRLF: ["printf 'one\\r\\ntwo\\r\\n' >&2", "one | two"],
  colours: ["printf '\\033[1;31mError:\\033[0m no\\033]0;title\\007 luck\\n' >&2", "Error: no luck"],
  "control characters": ["printf 'a\\000b\\007c\\010d\\n' >&2", "a b c d"],
  "other alphabets": ["echo 'Sitzung läuft ab: 会话已过期' >&2", "Sitzung läuft ab: 会话已过期"],
  "bytes of no alphabet": ["printf 'a\\377b\\n' >&2", "a\uFFFDb"],
  "a traceback": [
    `printf 'Traceback (most recent call last):\\n  File "/usr/lib/python3/corp/login.py", line 12, in main\\nRuntimeError: no session\\n' >&2`,
    `Traceback (most recent call last): | File "/usr/lib/python3/corp/login.py", line 12, in main | RuntimeError: no session`
  ],
  "the error of another tool": [
    "echo 'Error loading SSO Token: Token for https://corp.awsapps.com/start does not exist' >&2",
    "Error loading SSO Token: Token for https://corp.awsapps.com/start does not exist"
  ],
  "an ARN": [
    "echo 'no access to arn:aws:iam::123456789012:role/admin' >&2",
    "no access to arn:aws:iam::123456789012:role/admin"
  ]
}

/** Secrets in what a command says: none of them is shown. */
const key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
const secrets: Readonly<Record<string, readonly [line: string, secret: string]>> = {
  "an AWS secret key": [`secret ${key}`, key],
  "an AWS secret key as a setting": [`aws_secret_access_key = ${key}`, key],
  "an Alibaba Cloud secret": ["using 3VqKd8mYpZ1xQwErTyUiOpAsDfGhJk", "3VqKd8mYpZ1xQwErTyUiOpAsDfGhJk"],
  "a session token": [
    "IQoJb3JpZ2luX2VjEHYaCXVzLWVhc3QtMSJHMEUCIQDX+9a8/b7c6d5==",
    "IQoJb3JpZ2luX2VjEHYaCXVzLWVhc3QtMSJHMEUCIQDX"
  ],
  "a JWT": ["bad token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl", "eyJhbGciOiJIUzI1NiJ9"],
  "a password": ["login with password=hunter failed", "hunter"],
  "a password after a colon": ["Password: hunter", "hunter"],
  "a password in quotes": ['{"password": "correct horse battery"}', "horse"],
  "a password as an option": ["usage: tool --password hunter --user me", "hunter"],
  "a secret in capitals": ["CLIENT_SECRET=abcdef", "abcdef"],
  "a credentials document": [
    '{"Version": 1, "AccessKeyId": "AKIA", "SecretAccessKey": "abcdef", "SessionToken": "ghijkl"}',
    "abcdef"
  ],
  "Alibaba Cloud's document": ['{"access_key_secret": "abcdef", "sts_token": "ghijkl"}', "ghijkl"],
  "a bearer": ["Authorization: Bearer abcdefgh", "abcdefgh"],
  "a URL's password": ["cannot reach https://alice:hunter@proxy.corp/", "hunter"],
  "hexadecimal digits": ["session 7f3a9c0e51d84b26", "7f3a9c0e51d84b26"],
  "a token of a forge": ["push with ghp_abcdefghijklmnopqrst", "ghp_abcdefghijklmnopqrst"],
  "a password in prose": ["the password is hunter2", "hunter2"],
  "a password in quotes alone": ["password 'hunter' refused", "hunter"],
  "a password without a sign": ["using password hunter2 for alice", "hunter2"],
  "a passcode": ["Passcode: 471108", "471108"],
  "a code": ["the one-time code is 471108", "471108"],
  "an element": ["<Secret>hunter</Secret>", "hunter"],
  "an assignment": ["secret := hunter", "hunter"],
  "a list of Ruby or PHP": ["'secret' => 'hunter'", "hunter"],
  "a cookie": ["Set-Cookie: sid=hunter; Path=/", "hunter"],
  "a private key": ["-----BEGIN PRIVATE KEY-----\nhunter\n-----END PRIVATE KEY-----", "hunter"],
  "a URL's token": ["cannot reach https://hunter@git.corp/", "hunter"],
  "a scheme of Windows": ["sent NTLM hunterhunter", "hunterhunter"],
  "colours in a secret": ["\u001b[31mwJalrXUtn\u001b[0mFEMIK7MDENGbPxRfiCY", "FEMIK7MDENGbPxRfiCY"],
  "half a secret on each line": ["l+eDA1dGro+rOyk20nKB\nf+MlymZTsyuG+7i60EbT", "f+MlymZTsyuG+7i60EbT"],
  "a variable of its environment": ["it was $CORP_LOGIN_SECRET", "plain-words"],
  "a variable with blanks": ["it was $CORP_PASSPHRASE", "horse"]
}

/** Secrets as they are drawn, in which hardly a digit happens to stand. */
const drawn = [
  "gXeSgnpSHSuCezRJlhovOxPziSUBha",
  "frxBZPPDHIXeWpLQt7LILZmytNJPdp",
  "6LbNcVMPJsqeXvNZNynwlRBENelCtu",
  "utTTx5dQWxGfsMNwQlrnMDJjhNWWEu",
  "/4/zv+bxIwstVXdRfastyvHyfjWtXTIB5eiZsHqS",
  "jKmaBvZQMvdRCJkahGrginEOTPqpaaUmLHAocRYp",
  "fusLrJHJPE/nGyij5ho+tEyazYcZRMooSyamahVq",
  "SYAUki8ySBQaMRlob_Ze5HAuxQUdtn_t9-HxFx94l40",
  "PKY7tkNcptYB-9NhRCdMQYJAVQZONBmofmqoFOIo-FY",
  "2Bq_TWbxoiPTFeMavnrUIw",
  "1bd4f22a-a29c-5aee-12c4-7385e8146199",
  "d678710682386469",
  "glpat-ukR4BE_fBheQAU4pdSeQ",
  "hvs.IYVxpaeQclPeWNanxbnWyI9I",
  "sk-abcdefghijklmnopqrstuvwx"
]

const around: Readonly<Record<string, (secret: string) => string>> = {
  alone: (secret) => secret,
  "in prose": (secret) => `cannot use ${secret} here`,
  "in quotes": (secret) => `bad '${secret}'`,
  "in a list": (secret) => `{"x":["${secret}"]}`,
  "in a query": (secret) => `GET https://corp.example/?sig=${secret}&v=1`,
  "in a path": (secret) => `https://hooks.example/${secret}/x`,
  "beside an id": (secret) => `AKIAXXXXXXXXXXXXXXXX,${secret}`
}

/** What helps and is no secret. */
const plain = [
  "An error occurred (InvalidIdentityTokenException) when calling the AssumeRoleWithWebIdentity operation",
  "The security token included in the request is expired",
  "the password is required",
  "SyntaxError: Unexpected token '<' in JSON at position 0",
  "could not read token file /var/run/secrets/token",
  "cannot open /Users/bob/Library/Caches/com.corp.login/sock",
  "at Object.<anonymous> (/app/node_modules/@corp/login/dist/index.js:12:34)",
  "no access to arn:aws:iam::123456789012:role/Admin-Prod_Team",
  "open C:\\Users\\Bob\\AppData\\Roaming\\corp\\token.json: no such file",
  "session expired at 2026-01-31T12:00:00Z"
]

describe("A8: standard error of a command", () => {
  it.each(drawn)("hides secrets: %s", (secret) => {
    for (const [where, text] of Object.entries(around)) {
      const shown = complaint(Buffer.from(text(secret)), [])
      for (let start = 0; start + 8 <= secret.length; start++) {
        assert.notInclude(shown, secret.slice(start, start + 8), where)
      }
    }
  })

  it.each(plain)("shows the rest: %s", (text) => {
    assert.strictEqual(complaint(Buffer.from(text), []), text)
  })

  beforeAll(() => {
    process.env["CORP_LOGIN_SECRET"] = "plain-words"
    process.env["CORP_PASSPHRASE"] = "correct horse battery"
  })
  afterAll(() => {
    delete process.env["CORP_LOGIN_SECRET"]
    delete process.env["CORP_PASSPHRASE"]
  })

  describe.each(ways)("%s", (_, ask) => {
    it.each(Object.entries(failures))("is in the error for %s", async (_name, [end, detail]) => {
      const error = await ask(inLine([`echo '${expired}' >&2`, "sleep 0.05", end]))
      assert.strictEqual(error._tag, "StsCredentialError")
      assert.include(error.detail, detail)
      assert.include(error.message, `it says: ${expired}`)
    })

    it.each(Object.entries(said))(
      "is shown on one line, fit to be read: %s",
      async (_name, [text, shown]) => {
        const { detail } = await ask(inLine([text, "exit 2"]))
        assert.strictEqual(detail, `the command ended with exit code 2; it says: ${shown}`)
      }
    )

    it("is limited in length", async () => {
      const { detail } = await ask("yes 'a word or two' | head -c 100000 | tr '\\n' ' ' >&2; exit 2")
      assert.isBelow(detail.length, 600)
      assert.include(detail, "a word or two")
    })

    it.each(Object.entries(secrets))("shows no secret: %s", async (_name, [line, secret]) => {
      const error = await ask(`echo "begin" >&2; cat >&2 <<EOT\n${line}\nEOT\necho "the end" >&2; exit 2`)
      assert.include(error.detail, "it says: begin")
      assert.include(error.detail, "the end")
      for (const [way, text] of printouts(error)) assert.notInclude(text, secret, way)
    })

    it("shows no part of a very long secret", async () => {
      const { detail } = await ask("printf 'abcdefgh%.0s' $(seq 1500) >&2; echo ' the end' >&2; exit 2")
      assert.strictEqual(detail, "the command ended with exit code 2; it says: the end")
    })

    it("suggests running the command by hand only when it printed nothing", async () => {
      assert.include((await ask("exit 2")).hint ?? "", "by hand")
      assert.isUndefined((await ask("echo no >&2; exit 2")).hint)
    })
  })

  it.each(Object.entries(modes))("is in the error of a command that took too long, %s", async (_, run) => {
    const command = "echo 'Enter MFA code:' >&2; sleep 30"
    const source = Effect.flatMap(Aws.Process.make({ command, timeout: "600 millis" }), ({ get }) => get)
    const error = (await run(source)) as StsCredentialError
    assert.strictEqual(error.detail, "the command took too long and was ended; it says: Enter MFA code:")
  })

  it.each(Object.entries(modes))(
    "shows no secret that stands in the line or on the output, %s",
    async (_, run) => {
      const command = `echo '{"SecretAccessKey": "lower-case"}'; echo 'no lower-case, no upper-case' >&2; sleep 0.1; exit 2 # --token upper-case`
      const error = (await run(
        Effect.flatMap(Aws.Process.make({ command }), ({ get }) => get)
      )) as StsCredentialError
      assert.include(error.detail, "it says: no <redacted>, no <redacted>")
    }
  )

  const terminal = program("test/support/atTerminal.ts")

  const atTerminal = (cloud: string, mode: string, redirected = "") =>
    new Promise<string>((resolve) => {
      const command = `'${process.execPath}' '${terminal}' ${cloud} ${mode} ${redirected}`
      const child = spawn("script", ["-qec", command, "/dev/null"], {
        timeout: 40_000,
        killSignal: "SIGKILL"
      })
      let output = ""
      let answered = false
      child.stdout.on("data", (chunk) => {
        output += chunk
        if (answered || !output.includes("code please: ")) return
        answered = true
        child.stdin.write("4711\n")
      })
      child.once("close", () => resolve(output))
    })

  it.each([
    ["aws", "blocking"],
    ["aws", "async"],
    ["alibaba", "blocking"],
    ["alibaba", "async"]
  ])(
    "a prompt reaches the terminal, and the answer the command: %s, %s",
    async (cloud, mode) => {
      const output = await atTerminal(cloud, mode)
      assert.include(output, "code please: ")
      assert.include(output, "got id-4711")
    },
    60_000
  )

  it("a prompt without a terminal is not waited for, and is in the error", async () => {
    const output = await atTerminal("aws", "blocking", "2>/dev/null")
    assert.notInclude(output, "got id-4711")
    assert.include(output, "it says: code please:")
  }, 60_000)
})
